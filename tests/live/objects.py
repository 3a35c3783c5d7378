"""What Discord's objects look like, as far as a slash-command bot sees them."""

import base64
import itertools
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

Json = dict[str, Any]

GUILD_ID, CHANNEL_ID, ALICE_ID, BOT_ID = (f"110000000000000000{n}" for n in range(1, 5))
BOT: Final[Json] = {"id": BOT_ID, "username": "kling", "discriminator": "0000", "avatar": None}
ALICE: Final[Json] = {"id": ALICE_ID, "username": "alice", "discriminator": "0", "avatar": None}
APPLICATION: Final[Json] = {
    "id": BOT_ID,
    "name": "kling",
    "icon": None,
    "description": "",
    "flags": 0,
    "team": None,
    "bot_public": True,
    "approximate_guild_count": 3,
    "bot_require_code_grant": False,
    "owner": ALICE,
    "verify_key": "0" * 64,
}
CHANNEL: Final[Json] = {
    "id": CHANNEL_ID,
    "type": 0,
    "name": "videos",
    "position": 0,
    "parent_id": None,
    "permission_overwrites": [],
}
GUILD: Final[Json] = {
    "id": GUILD_ID,
    "name": "Kite Club",
    "owner_id": ALICE_ID,
    "member_count": 2,
    "unavailable": False,
    "roles": [],
    "members": [],
    "channels": [CHANNEL],
}
DISCORD_EPOCH_MS: Final = 1_420_070_400_000
UPLOAD_LIMIT_BYTES: Final = 10 * 1024 * 1024
PERMISSIONS: Final = str(2**50 - 1 - 2**3)
"""All but Administrator."""
EPHEMERAL, COMPONENTS_V2 = 1 << 6, 1 << 15

_increments = itertools.count()


def snowflake() -> str:
    """An id that tells when it was given, as all of Discord's do."""
    return str((int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22 | next(_increments) & 0xFFF)


def command_interaction(command: Json, values: Mapping[str, Any]) -> Json:
    """Alice uses a command in the server, as INTERACTION_CREATE tells it."""
    interaction_id = snowflake()
    token = base64.b64encode(f"interaction:{interaction_id}:{'canary' * 12}".encode()).decode()
    types = {option["name"]: option["type"] for option in command["options"]}
    options = [
        {"name": name, "type": types[name], "value": value} for name, value in values.items()
    ]
    member: Json = {"user": ALICE, "permissions": PERMISSIONS, "roles": [], "flags": 0}
    return {
        "id": interaction_id,
        "application_id": BOT_ID,
        "token": token,
        "type": 2,
        "version": 1,
        "guild_id": GUILD_ID,
        "channel_id": CHANNEL_ID,
        "context": 0,
        "locale": "en-US",
        "channel": {**CHANNEL, "permissions": PERMISSIONS},
        "member": {**member, "joined_at": "2026-01-01T00:00:00+00:00"},
        "app_permissions": PERMISSIONS,
        "authorizing_integration_owners": {"0": GUILD_ID},
        "attachment_size_limit": UPLOAD_LIMIT_BYTES,
        "data": {"id": command["id"], "name": command["name"], "type": 1, "options": options},
    }


def message(said: Json, channel_id: str) -> Json:
    """A message of the bot's, from what it said; its files are another matter."""
    return {
        "id": snowflake(),
        "channel_id": channel_id,
        "author": BOT,
        "type": 0,
        "tts": False,
        "timestamp": datetime.now(UTC).isoformat(),
        "edited_timestamp": None,
        "pinned": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "embeds": [],
        "content": said.get("content") or "",
        "components": said.get("components", []),
        "flags": said.get("flags", 0),
        "attachments": [],
    }


def attachment(name: str, content: bytes) -> Json:
    """A file that was uploaded."""
    url = f"https://cdn.discordapp.com/attachments/{CHANNEL_ID}/{snowflake()}/{name}"
    sizes = {"id": snowflake(), "filename": name, "size": len(content)}
    return {**sizes, "url": url, "proxy_url": url}
