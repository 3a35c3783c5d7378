"""Who added the bot is read where it may look: in the audit log, or among the integrations."""

from collections.abc import AsyncGenerator, Sequence
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from cogs.greetings import who_added

APPLICATION, BOT, BOSS, OTHER = 1, 2, 11, 12


class Server:
    """A server with an audit log and integrations, as far as the bot may read them."""

    def __init__(self, *, log: Sequence[int], integrations: Sequence[Any], may: str) -> None:
        self.me = SimpleNamespace(id=BOT, guild_permissions=discord.Permissions(**{may: True}))
        self._log = log
        self._integrations = integrations

    async def audit_logs(self, **_: object) -> AsyncGenerator[SimpleNamespace]:
        for bot_id in self._log:
            yield SimpleNamespace(target=SimpleNamespace(id=bot_id), user_id=BOSS)

    async def integrations(self) -> Sequence[Any]:
        return self._integrations


def integration(application_id: int, user_id: int | None) -> discord.BotIntegration:
    data: dict[str, Any] = {
        "id": "5",
        "name": "bot",
        "type": "discord",
        "account": {"id": "5", "name": "bot"},
        "enabled": True,
        "application": {
            "id": str(application_id),
            "name": "bot",
            "icon": None,
            "description": "",
            "summary": "",
        },
    }
    if user_id is not None:
        data["user"] = {"id": str(user_id), "username": "x", "discriminator": "0", "avatar": None}
    return discord.BotIntegration(
        data=cast("Any", data), guild=cast("Any", SimpleNamespace(_state=None))
    )


OURS, OTHERS = integration(APPLICATION, BOSS), integration(OTHER, OTHER)
NOBODYS = integration(APPLICATION, None)


@pytest.mark.parametrize(
    ("server", "found"),
    [
        (Server(log=[OTHER, BOT], integrations=[], may="view_audit_log"), BOSS),
        (Server(log=[OTHER], integrations=[OURS], may="view_audit_log"), None),
        (Server(log=[BOT], integrations=[OTHERS, OURS], may="manage_guild"), BOSS),
        (Server(log=[BOT], integrations=[OTHERS, NOBODYS], may="manage_guild"), None),
        (Server(log=[BOT], integrations=[OURS], may="send_messages"), None),
    ],
)
async def test_it_is_found_where_the_bot_may_look(server: Server, found: int | None) -> None:
    assert await who_added(cast("discord.Guild", server), APPLICATION) == found
