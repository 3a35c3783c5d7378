"""A check and its possible outcomes; all checks run at once, each with a timeout."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passed:
    """All is well; `detail` says what was found."""

    detail: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Something is wrong; `advice` is a sentence that says what to do."""

    advice: str


@dataclass(frozen=True, slots=True)
class Warned:
    """The bot serves anyway, but the operator should know what this means."""

    what: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """It could not be checked, or need not be; that is not a failure."""

    why: str


Outcome = Passed | Broken | Warned | Skipped


@dataclass(frozen=True, slots=True)
class Check:
    """One check, with the name that begins its line."""

    name: str
    look: Callable[[], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a check."""

    name: str
    outcome: Outcome


async def run_checks(checks: Sequence[Check], *, timeout_s: float) -> list[Finding]:
    """Run all at once and keep their order; one that takes too long has failed."""
    async with asyncio.TaskGroup() as group:
        looking = [group.create_task(_bounded(check, timeout_s)) for check in checks]
    return [task.result() for task in looking]


async def _bounded(check: Check, timeout_s: float) -> Finding:
    try:
        async with asyncio.timeout(timeout_s):
            return Finding(check.name, await check.look())
    except TimeoutError:
        silent = Broken(f"There was no answer within {timeout_s:g} s. Please try again.")
        return Finding(check.name, silent)
