"""`check`: whether everything is ready to serve, a line for each thing; nothing is spent."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Annotated, Final, assert_never

import typer
from aiohttp import ClientSession, DummyCookieJar, TraceConfig
from discord.http import Route

from bot import as_invoked
from bot.app.foundation import database_url
from bot.cli.checks.database import check_database, is_limited_on_discord
from bot.cli.checks.discord import (
    DiscordAnswers,
    check_commands,
    check_discord_token,
    check_owner_messages,
    servers_of,
)
from bot.cli.checks.machine import check_clock, check_ffmpeg, check_room
from bot.cli.checks.outcome import (
    Broken,
    Check,
    Finding,
    Outcome,
    Passed,
    Skipped,
    Warned,
    run_checks,
)
from bot.cli.checks.runcomfy_account import judged_balance, judged_key, judged_models
from bot.cli.shell import COULD_NOT, Column, redact, tell, tell_table
from bot.domain.clock import SystemClock
from bot.domain.figures import said_number
from bot.domain.generation.models import MODELS
from bot.domain.ports import Clock
from bot.observability.date_headers import hear_dates
from bot.runcomfy.account import AccountBalance, RunComfyAccount, connect_account
from bot.runcomfy.proxy import connector_by
from bot.settings import (
    Problems,
    Settings,
    load_settings,
    unlimited_warning,
    unused_proxy_warning,
)

TIMEOUT_S: Final = 20.0
"""Longer than the timeouts of the database and the services, so that their own errors show."""
_SETTINGS: Final = "settings"
_OTHERS: Final = (
    *("database", "Discord token", "commands", "RunComfy key", "balance", "models and prices"),
    *("limits", "owner messages", "ffmpeg", "room for data", "clock"),
)


async def check_everything(
    settings: Settings | Problems,
    *,
    clock: Clock,
    discord_api_url: str,
    min_free_bytes: int,
    timeout_s: float = TIMEOUT_S,
) -> list[Finding]:
    """Run all checks at once; `discord_api_url` has no closing slash."""
    if isinstance(settings, Problems):
        unset = Finding(_SETTINGS, Broken(" ".join(settings.sentences)))
        waiting = Skipped("the settings come first")
        return [unset, *(Finding(name, waiting) for name in _OTHERS)]
    offsets = list[timedelta]()
    """Positive where the other machine's clock is ahead of this one's."""

    def hear(_: str | None, said: datetime) -> None:
        offsets.append(said - clock.now())

    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            ClientSession(
                connector=connector_by(settings.proxy_url),
                cookie_jar=DummyCookieJar(),
                trace_configs=[hear_dates(TraceConfig(), hear)],
            )
        )
        account = await stack.enter_async_context(
            connect_account(
                api_url=settings.runcomfy_api_url,
                account_url=settings.runcomfy_account_url,
                api_key=settings.runcomfy_api_key,
                proxy_url=settings.proxy_url,
                trace_configs=[hear_dates(TraceConfig(), hear)],
            )
        )
        checks = [
            *_of_services(settings, discord_api_url, session, account),
            *_of_this_machine(settings, min_free_bytes),
        ]
        findings = await run_checks(checks, timeout_s=timeout_s)
    complete = Finding(_SETTINGS, Passed("complete"))
    findings = [*_of_the_proxy(settings), *findings]
    # Last, since it uses the answers that the other checks got.
    return [complete, *findings, Finding("clock", check_clock(offsets))]


def _of_the_proxy(settings: Settings) -> Sequence[Finding]:
    """A line where there is a proxy, used or not."""
    if settings.proxy_url is not None:
        return [Finding("proxy", Passed("PROXY_URL is set: all goes through it"))]
    unused = unused_proxy_warning(settings, os.environ)
    return [] if unused is None else [Finding("proxy", Warned(unused))]


def _of_services(
    settings: Settings, discord_api_url: str, session: ClientSession, account: RunComfyAccount
) -> Sequence[Check]:
    answers = DiscordAnswers(settings.discord_token, api_url=discord_api_url, session=session)

    async def registered_commands() -> Outcome:
        return await check_commands(answers, dev_guild_id=settings.dev_guild_id)

    async def owner_messages() -> Outcome:
        return await check_owner_messages(answers, wanted=settings.owner_messages)

    async def key() -> Outcome:
        return judged_key(await account.model())

    async def balance() -> Outcome:
        return judged_balance(await account.balance())

    async def models() -> Outcome:
        said = await asyncio.gather(*(account.model(model.id) for model in MODELS))
        return judged_models({model.id: one for model, one in zip(MODELS, said, strict=True)})

    async def limits() -> Outcome:
        if settings.limits_set:
            return Passed(f"{', '.join(settings.limits_set)} set")
        if await is_limited_on_discord(database_url(settings)):
            return Passed("set on Discord")
        said = await account.balance()
        counted = await servers_of(answers)
        paid = settings.allowed_servers
        return Warned(
            unlimited_warning(
                servers=counted if paid is None or counted is None else min(counted, len(paid)),
                direct_messages=settings.direct_messages,
                balance_microusd=said.microusd if isinstance(said, AccountBalance) else None,
            )
        )

    return (
        Check("database", lambda: check_database(database_url(settings))),
        Check("Discord token", lambda: check_discord_token(answers)),
        Check("commands", registered_commands),
        Check("RunComfy key", key),
        Check("balance", balance),
        Check("models and prices", models),
        Check("limits", limits),
        Check("owner messages", owner_messages),
    )


def _of_this_machine(settings: Settings, min_free_bytes: int) -> Sequence[Check]:
    checks = [
        Check("ffmpeg", lambda: check_ffmpeg(settings.ffmpeg_path, wanted=settings.fit_copies)),
        Check(
            "room for data", lambda: check_room(settings.data_dir, min_free_bytes=min_free_bytes)
        ),
    ]
    archive_dir = settings.archive_dir
    if archive_dir is not None:
        checks.append(
            Check(
                "room for the archive",
                lambda: check_room(archive_dir, min_free_bytes=min_free_bytes),
            )
        )
    return checks


MIB = 1024 * 1024
ROOM_MIB: Final = 1024


def check(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
    min_free_mib: Annotated[
        int, typer.Option(min=0, help="Free space that the data folder should have, in MiB.")
    ] = ROOM_MIB,
) -> None:
    """Check that everything is ready to run. Costs nothing. Exits with 1 if something is not."""
    settings = load_settings()
    if isinstance(settings, Settings):
        redact.learn(*settings.secrets)
    findings = asyncio.run(
        check_everything(
            settings,
            clock=SystemClock(),
            discord_api_url=Route.BASE,
            min_free_bytes=min_free_mib * MIB,
        )
    )
    if as_json:
        tell(findings_as_json(findings))
    else:
        tell_findings(findings)
        if sys.stdout.isatty():  # scripts read a line for each check, and the exit status
            tell(f"\n{verdict(findings)}")
    if not is_ready(findings):
        raise typer.Exit(COULD_NOT)


_OUTCOME_NAMES: Mapping[type[Outcome], str] = {
    Passed: "passed",
    Broken: "failed",
    Warned: "warned",
    Skipped: "skipped",
}
"""As scripts read them: they stay whatever the classes are called."""


def is_ready(findings: Sequence[Finding]) -> bool:
    """Whether no check failed."""
    return not any(isinstance(finding.outcome, Broken) for finding in findings)


def verdict(findings: Sequence[Finding]) -> str:
    """What to do next, in one line."""
    broken = [finding.name for finding in findings if isinstance(finding.outcome, Broken)]
    if not broken:
        warned = sum(isinstance(finding.outcome, Warned) for finding in findings)
        but = f", with {said_number(warned, 'warning')}" if warned else ""
        return f"Ready{but}: `{as_invoked('run')}`"
    what = broken[0] if len(broken) == 1 else f"{len(broken)} things, first: {broken[0]}"
    return f"Not ready. Fix {what}. Then run `{as_invoked('check')}` again."


def findings_as_json(findings: Sequence[Finding]) -> str:
    """All findings as one document."""
    checks = [
        {
            "name": finding.name,
            "outcome": _OUTCOME_NAMES[type(finding.outcome)],
            "says": _says(finding),
        }
        for finding in findings
    ]
    return json.dumps({"ready": is_ready(findings), "checks": checks}, indent=2)


_COLOURS: Mapping[type[Outcome], str] = {
    Passed: "green",
    Broken: "bold red",
    Warned: "yellow",
    Skipped: "dim",
}


def tell_findings(findings: Sequence[Finding]) -> None:
    """Write a line for each, as a person reads it."""
    tell_table(
        [Column("", is_whole=True), Column("", is_whole=True), Column("")],
        [
            [(_mark(each), _COLOURS[type(each.outcome)]), each.name, _says(each)]
            for each in findings
        ],
        plain=_lines(findings),
    )


def _lines(findings: Sequence[Finding]) -> Sequence[str]:
    width = max(len(finding.name) for finding in findings)
    return [f"{_mark(finding)} {finding.name:<{width}}  {_says(finding)}" for finding in findings]


def _mark(finding: Finding) -> str:
    """A sign where the terminal can show it, else a letter."""
    match finding.outcome:
        case Passed():
            sign, plain = "✔", "+"
        case Broken():
            sign, plain = "✘", "x"
        case Warned():
            sign, plain = "⚠", "!"
        case Skipped():
            sign, plain = "–", "-"  # noqa: RUF001 - a dash is what is meant
        case _:
            assert_never(finding.outcome)
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeError:
        return plain
    return sign


def _says(finding: Finding) -> str:
    match finding.outcome:
        case Passed(detail):
            return detail
        case Broken(advice):
            return redact(advice)
        case Warned(what):
            return what
        case Skipped(why):
            return f"not checked: {why}"
        case _:
            assert_never(finding.outcome)
