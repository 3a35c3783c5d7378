"""`check`: whether everything is ready to serve, a line for each thing; nothing is spent."""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Annotated, assert_never

import typer
from discord.http import Route

from bot.cli.checks.everything import check_everything
from bot.cli.checks.outcome import Failed, Finding, Passed, Skipped, Warned
from bot.cli.shell import COULD_NOT, redact, tell
from bot.domain.clock import SystemClock
from bot.settings import Settings, load_settings

MIB = 1024 * 1024


def check(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, for another program.")
    ] = False,
    min_free_mib: Annotated[
        int, typer.Option(min=0, help="How much room the data folder should have, in MiB.")
    ] = 1024,
) -> None:
    """See whether everything is ready to serve. Costs nothing; exits with 1 if it is not."""
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
    tell(findings_as_json(findings) if as_json else "\n".join(_lines(findings)))
    if not is_ready(findings):
        raise typer.Exit(COULD_NOT)


def is_ready(findings: Sequence[Finding]) -> bool:
    """Whether nothing failed."""
    return not any(isinstance(finding.outcome, Failed) for finding in findings)


def findings_as_json(findings: Sequence[Finding]) -> str:
    """All findings as one document."""
    checks = [
        {
            "name": finding.name,
            "outcome": type(finding.outcome).__name__.lower(),
            "says": _says(finding),
        }
        for finding in findings
    ]
    return json.dumps({"ready": is_ready(findings), "checks": checks}, indent=2)


def _lines(findings: Sequence[Finding]) -> list[str]:
    width = max(len(finding.name) for finding in findings)
    return [f"{_mark(finding)} {finding.name:<{width}}  {_says(finding)}" for finding in findings]


def _mark(finding: Finding) -> str:
    """A sign where the terminal has it, and a letter where it has not."""
    match finding.outcome:
        case Passed():
            sign, plain = "✔", "+"
        case Failed():
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
        case Failed(advice):
            return redact(advice)
        case Warned(what):
            return what
        case Skipped(why):
            return f"not looked at: {why}"
        case _:
            assert_never(finding.outcome)
