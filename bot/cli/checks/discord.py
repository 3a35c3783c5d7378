"""Checks the token and the registered commands with Discord."""

import json
from collections.abc import Sequence
from typing import Final

import discord
from aiohttp import ClientError, ClientSession, ClientTimeout
from discord import TeamMembershipState
from pydantic import BaseModel, JsonValue, SecretStr

from bot.app.command_registration import (
    PAYLOADS,
    Payloads,
    commands_path,
    declared_by,
    do_match,
    why_refused,
)
from bot.app.run import NOT_ACCEPTED
from bot.cli.checks.outcome import Broken, Outcome, Passed, Skipped, Warned
from bot.client import load_cogs
from bot.domain.figures import on_one_line
from bot.languages.language import load_languages
from bot.languages.translation import CatalogueTranslator
from bot.ui.context import Client
from bot.ui.operators import TEAM_ROLES

UNAUTHORIZED: Final = 401
OK: Final = 200
USER_AGENT: Final = "DiscordBot (https://github.com/Rapptz/discord.py, check)"
"""Discord turns away clients that do not call themselves a DiscordBot."""
ANSWER_TIMEOUT_S: Final = 10.0
APPLICATION: Final = "/oauth2/applications/@me"
MAY_DECIDE: Final = frozenset(role.value for role in TEAM_ROLES)
_TOKEN_FIRST: Final = Skipped("the Discord token comes first")


class DiscordAnswers:
    """Discord's answers to this token, over HTTP."""

    def __init__(self, token: SecretStr, *, api_url: str, session: ClientSession) -> None:
        self._token = token
        self._api_url = api_url
        self._session = session

    async def to(self, path: str) -> tuple[int, bytes]:
        """The status and the body of an answer.

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
        return Broken(f"Discord can't be reached ({reason}): is this machine online?")
    if status == UNAUTHORIZED:
        return Broken(NOT_ACCEPTED)
    if status != OK:
        return Broken(f"Discord answers HTTP {status}. Please try again later.")
    application = said_application(body)
    if application is None:
        return Broken("Something answers that isn't Discord: look at your network.")
    application_id, name = application
    return Passed(on_one_line(f"accepted, for the application {name} ({application_id})"))


async def servers_of(discord: DiscordAnswers) -> int | None:
    """The approximate number of servers that the bot is in; None where Discord does not say."""
    try:
        _, body = await discord.to(APPLICATION)
    except (ClientError, OSError):
        return None
    said = _read(body).get("approximate_guild_count")
    return said if isinstance(said, int) else None


async def check_owner_messages(discord: DiscordAnswers, *, wanted: bool) -> Outcome:
    """Whom the bot tells of troubles in direct messages."""
    if not wanted:
        return Skipped("OWNER_MESSAGES is off")
    try:
        _, body = await discord.to(APPLICATION)
        owners = names_of_owners(body)
    except (ClientError, OSError, ValueError):
        return _TOKEN_FIRST
    return Passed(on_one_line(f"the bot tells {', '.join(owners)} about troubles"))


class _Person(BaseModel):
    id: str
    username: str


class _TeamMember(BaseModel):
    user: _Person
    role: str = ""
    membership_state: int = 0


class _Team(BaseModel):
    owner_user_id: str | None = None
    members: list[_TeamMember]


class _Owners(BaseModel):
    owner: _Person
    team: _Team | None = None


def names_of_owners(body: bytes) -> Sequence[str]:
    """Those who may act for the application in an answer, as `operators_in` has it.

    Raises:
        ValueError: it has none.
    """
    said = _Owners.model_validate_json(body)
    if said.team is None:
        return [said.owner.username]
    accepted = TeamMembershipState.accepted.value
    return [
        member.user.username
        for member in said.team.members
        if member.user.id == said.team.owner_user_id
        or (member.membership_state == accepted and member.role in MAY_DECIDE)
    ]


def said_application(body: bytes) -> tuple[str, str] | None:
    """The id and the name of the application in an answer; None if it has none."""
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


_BY_A_START: Final = "a start registers them, and its log says why it could not"


async def check_commands(answers: DiscordAnswers, *, dev_guild_id: int | None) -> Outcome:
    """Compare the registered commands with this version's; this registers nothing."""
    try:
        _, body = await answers.to(APPLICATION)
        application = said_application(body)
        if application is None or not application[0].isdecimal():
            return _TOKEN_FIRST
        path = commands_path(int(application[0]), dev_guild_id)
        status, body = await answers.to(f"{path}?with_localizations=true")
        if status != OK:
            why = why_refused(status, _code_in(json.loads(body)))
            return Broken(f"The commands can't be checked: {why}.")
        theirs = PAYLOADS.validate_json(body)
    except (ClientError, OSError, ValueError):
        return _TOKEN_FIRST
    return _judged(await _declared(), theirs, dev_guild_id=dev_guild_id)


def _code_in(said: JsonValue) -> JsonValue:
    return said.get("code") if isinstance(said, dict) else None


def _judged(ours: Payloads, theirs: Payloads, *, dev_guild_id: int | None) -> Outcome:
    if not theirs:
        return Passed(f"none are registered yet; {_BY_A_START}")
    if not do_match(ours, theirs, dev_guild_id=dev_guild_id):
        return Warned(f"another version's are registered; {_BY_A_START}")
    return Passed(f"all {len(ours)} are registered")


async def _declared() -> Payloads:
    # Commands can be declared without any services; this client never logs in.
    async with Client((), intents=discord.Intents.none(), help_command=None) as bot:
        await load_cogs(bot)
        return await declared_by(bot.tree, CatalogueTranslator(load_languages()))
