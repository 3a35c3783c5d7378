"""Whether Discord takes the token, and whose it is; asked over HTTP, without the gateway."""

import json
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import JsonValue, SecretStr

from bot.app.run import NOT_ACCEPTED
from bot.cli.checks.outcome import Failed, Outcome, Passed
from bot.domain.figures import on_one_line

UNAUTHORIZED: Final = 401
OK: Final = 200
USER_AGENT: Final = "DiscordBot (https://github.com/Rapptz/discord.py, check)"
"""Discord turns away whoever does not call itself a DiscordBot."""
ANSWER_TIMEOUT_S: Final = 10.0
APPLICATION: Final = "/oauth2/applications/@me"


class DiscordAnswers:
    """What Discord answers to this token, over HTTP."""

    def __init__(self, token: SecretStr, *, api_url: str, session: ClientSession) -> None:
        self._token = token
        self._api_url = api_url
        self._session = session

    async def to(self, path: str) -> tuple[int, bytes]:
        """The status and the body.

        Raises:
            ClientError, OSError: Discord cannot be reached.
        """
        async with self._session.get(
            f"{self._api_url}{path}",
            headers={
                "Authorization": f"Bot {self._token.get_secret_value()}",
                "User-Agent": USER_AGENT,
            },
            timeout=ClientTimeout(total=ANSWER_TIMEOUT_S),
            allow_redirects=False,
        ) as response:
            return response.status, await response.read()


async def check_discord_token(discord: DiscordAnswers) -> Outcome:
    """Ask which application the token belongs to."""
    try:
        status, body = await discord.to(APPLICATION)
    except (ClientError, OSError) as error:
        reason = type(error).__name__
        return Failed(f"Discord cannot be reached ({reason}): is this machine online?")
    if status == UNAUTHORIZED:
        return Failed(NOT_ACCEPTED)
    if status != OK:
        return Failed(f"Discord answers HTTP {status}. Please try again later.")
    application = said_application(body)
    if application is None:
        return Failed("What answers in Discord's place is not Discord: look at your network.")
    application_id, name = application
    return Passed(on_one_line(f"taken; it belongs to the application {name} ({application_id})"))


async def servers_of(discord: DiscordAnswers) -> int | None:
    """In about how many servers the bot is; None where Discord does not say."""
    try:
        _, body = await discord.to(APPLICATION)
    except (ClientError, OSError):
        return None
    said = _read(body).get("approximate_guild_count")
    return said if isinstance(said, int) else None


def said_application(body: bytes) -> tuple[str, str] | None:
    """The id and the name of the application in an answer; None if there is none in it."""
    said = _read(body)
    if not isinstance(application_id := said.get("id"), str):
        return None
    return application_id, str(said.get("name"))


def _read(body: bytes) -> dict[str, JsonValue]:
    try:
        said: JsonValue = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
