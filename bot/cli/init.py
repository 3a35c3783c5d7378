"""`init`: asks for the two secrets, checks everything with them, and writes `.env`."""

import asyncio
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from getpass import getpass
from typing import Final

from aiohttp import ClientError, ClientSession
from discord.http import Route
from pydantic import SecretStr

from bot import as_invoked
from bot import settings_checks as checks
from bot.app.run import KEY_NOT_ACCEPTED, NOT_ACCEPTED
from bot.cli.check import MIB, ROOM_MIB, check_everything, tell_findings
from bot.cli.checks.discord import APPLICATION, DiscordAnswers, said_application
from bot.cli.checks.outcome import Broken, Finding
from bot.cli.shell import BAD_SETTINGS, redact, refused, tell
from bot.client import invitation_to
from bot.domain.clock import SystemClock
from bot.runcomfy.proxy import connector_by
from bot.settings import ENV_FILE, Problems, Settings, load_settings

TOKEN: Final = "DISCORD_TOKEN"  # noqa: S105 - the setting's name
KEY: Final = "RUNCOMFY_API_KEY"
QUESTIONS: Final[Mapping[str, str]] = {
    TOKEN: "Bot token (Discord Developer Portal, your application, page Bot)",
    KEY: "RunComfy API key (your RunComfy profile)",
}
FIRST_LIMIT: Final = "5 USD/day"
"""As in .env.example: the most that can be spent before the operator raises it."""
_REFUSED: Final[Mapping[str, Broken]] = {TOKEN: Broken(NOT_ACCEPTED), KEY: Broken(KEY_NOT_ACCEPTED)}
_NEEDS_NO_QUOTES: Final = re.compile(r"[\w.+/=:-]+", re.ASCII)


def init() -> None:
    """Set up the bot: enter its two secrets, have them checked, and get its invitation link.

    The secrets go into .env in this folder, readable by you alone. An existing .env stays as it
    is. Nothing is spent. Ctrl-C ends this without writing anything.
    """
    if ENV_FILE.exists():
        raise refused(
            f"There is a {ENV_FILE} here already, and it was left as it is: change it in an "
            f"editor, and see by `{as_invoked('check')}` whether all is well."
        )
    if not os.access(ENV_FILE.absolute().parent, os.W_OK | os.X_OK):
        raise refused(f"You can't write into {ENV_FILE.absolute().parent}: choose another folder.")
    # Python has no standard input if it was closed.
    if not (sys.stdin and sys.stdin.isatty()):
        raise refused(
            f"There is no terminal to ask at. Write {ENV_FILE} yourself: a line {TOKEN}=…, "
            f"and a line {KEY}=…"
        )
    tell("What you type or paste stays hidden. Press Ctrl-C to stop: nothing is written.\n")
    secrets = {name: _asked(name) for name in QUESTIONS}
    while True:
        tell("\nChecking everything. This costs nothing.\n")
        findings, application_id = asyncio.run(_look(_settings_with(secrets)))
        tell_findings(findings)
        outcomes = [finding.outcome for finding in findings]
        not_taken = [name for name, refusal in _REFUSED.items() if refusal in outcomes]
        if not not_taken:
            break
        tell("")
        secrets |= {name: _asked(name) for name in not_taken}
    _write(secrets)
    tell("\n".join(["", *_what_next(findings, application_id)]))


def _asked(name: str) -> str:
    """One secret, as often as it takes until it can be one."""
    check: Callable[[SecretStr], SecretStr] = (
        checks.bot_token if name == TOKEN else lambda secret: secret
    )
    while True:
        text = checks.unquoted(getpass(f"{QUESTIONS[name]}: "))
        if not text:
            continue
        try:
            return check(checks.one_secret(SecretStr(text))).get_secret_value()
        except ValueError as reason:
            tell(f"This {reason}")


def _settings_with(secrets: Mapping[str, str]) -> Settings:
    given = {name.lower(): text for name, text in secrets.items()}
    settings = load_settings(env_file=None, **given, total_limit=FIRST_LIMIT)
    if isinstance(settings, Problems):
        raise refused(" ".join(settings.sentences), status=BAD_SETTINGS)
    redact.learn(*settings.secrets)
    return settings


async def _look(settings: Settings) -> tuple[Sequence[Finding], int | None]:
    """What `check` finds, and the application's id, where Discord says it."""
    async with ClientSession(connector=connector_by(settings.proxy_url)) as session:
        discord = DiscordAnswers(settings.discord_token, api_url=Route.BASE, session=session)
        return await asyncio.gather(
            check_everything(
                settings,
                clock=SystemClock(),
                discord_api_url=Route.BASE,
                min_free_bytes=ROOM_MIB * MIB,
            ),
            _application_id(discord),
        )


async def _application_id(discord: DiscordAnswers) -> int | None:
    try:
        _, body = await discord.to(APPLICATION)
    except (ClientError, OSError):
        return None
    application = said_application(body)
    return int(application[0]) if application and application[0].isdecimal() else None


def _write(secrets: Mapping[str, str]) -> None:
    lines = [
        "# Keep this file to yourself: it lets others speak as your bot and spend your balance.",
        *(f"{name}={_quoted(text)}" for name, text in secrets.items()),
        "",
        "# Limit of the whole bot, such as 10 USD/day, 100 USD/month, 20 videos/day.",
        f"TOTAL_LIMIT={FIRST_LIMIT}",
        "",
    ]
    try:
        # Made closed to others, and never over a file that came meanwhile.
        number = os.open(ENV_FILE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(number, "w", encoding="utf-8") as file:  # noqa: PTH123 - a file that is open
            file.write("\n".join(lines))
    except OSError as error:
        raise refused(f"{ENV_FILE.absolute()} can't be written: {error.strerror}.") from error


def _quoted(text: str) -> str:
    """As the readers of .env files agree on: in quotes nothing is a comment or a variable."""
    if _NEEDS_NO_QUOTES.fullmatch(text):
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _what_next(findings: Sequence[Finding], application_id: int | None) -> Sequence[str]:
    yet = any(isinstance(finding.outcome, Broken) for finding in findings)
    begin = f"Then start it:  {as_invoked('run')}"
    return [
        f"{ENV_FILE} is written, with TOTAL_LIMIT={FIRST_LIMIT}: raise it when you know who asks.",
        f"Add the bot to your server:  {invitation_to(application_id)}"
        if application_id is not None
        else "The log of the first start has the bot's invitation.",
        f"First fix what has a cross above, then run `{as_invoked('check')}`. {begin}"
        if yet
        else begin,
    ]
