"""Whether Discord takes the token, and whose it is; asked over HTTP, without the gateway."""

import json
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import JsonValue, SecretStr

from bot.checking.outcome import Failed, Outcome, Passed
from bot.figures import on_one_line
from bot.serving import NOT_ACCEPTED

UNAUTHORIZED: Final = 401
OK: Final = 200
USER_AGENT: Final = "DiscordBot (https://github.com/Rapptz/discord.py, check)"
"""Discord turns away whoever does not call itself a DiscordBot."""
ANSWER_TIMEOUT_S: Final = 10.0


async def check_discord_token(token: SecretStr, *, api_url: str, session: ClientSession) -> Outcome:
    """Ask which application the token belongs to."""
    try:
        status, body = await _asked(token, api_url=api_url, session=session)
    except (ClientError, OSError) as error:
        reason = type(error).__name__
        return Failed(f"Discord cannot be reached ({reason}): is this machine online?")
    if status == UNAUTHORIZED:
        return Failed(NOT_ACCEPTED)
    if status != OK:
        return Failed(f"Discord answers HTTP {status}. Please try again later.")
    application = _application(body)
    if application is None:
        return Failed("What answers in Discord's place is not Discord: look at your network.")
    return Passed(f"taken; it belongs to the application {application}")


async def servers_of(token: SecretStr, *, api_url: str, session: ClientSession) -> int | None:
    """In about how many servers the bot is; None where Discord does not say."""
    try:
        _, body = await _asked(token, api_url=api_url, session=session)
    except (ClientError, OSError):
        return None
    said = _read(body).get("approximate_guild_count")
    return said if isinstance(said, int) else None


async def _asked(token: SecretStr, *, api_url: str, session: ClientSession) -> tuple[int, bytes]:
    async with session.get(
        f"{api_url}/oauth2/applications/@me",
        headers={"Authorization": f"Bot {token.get_secret_value()}", "User-Agent": USER_AGENT},
        timeout=ClientTimeout(total=ANSWER_TIMEOUT_S),
        allow_redirects=False,
    ) as response:
        return response.status, await response.read()


def _application(body: bytes) -> str | None:
    said = _read(body)
    if not isinstance(said.get("id"), str):
        return None
    return on_one_line(f"{said.get('name')} ({said['id']})")


def _read(body: bytes) -> dict[str, JsonValue]:
    try:
        said: JsonValue = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
