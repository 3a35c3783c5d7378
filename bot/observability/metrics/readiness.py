"""Whether the bot can do its work now: a list of checks, each with its reason."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from bot.domain.outages import unless_away
from bot.domain.ports import Clock
from bot.observability.metrics.service import ErrorRate, Looks

T = TypeVar("T")


class CachedAnswer(Generic[T]):
    """The answer of `ask`, at most `keep_s` old, waited for at most `within_s`.

    A caller that stops waiting leaves the question open, and the next one waits for the same
    answer: so a database that hangs is asked once, however many callers there are.
    """

    def __init__(
        self,
        ask: Callable[[], Awaitable[T]],
        *,
        clock: Clock,
        within_s: float = 2.0,
        keep_s: float = 0.0,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._within_s = within_s
        self._keep = timedelta(seconds=keep_s)
        self._asking: asyncio.Task[T] | None = None
        self._answered_at: datetime | None = None

    async def answer(self) -> T:
        """The answer.

        Raises:
            TimeoutError: there is no answer yet.
            Any error of `ask`.
        """
        if self._asking is None or self._is_stale():
            self._asking = asyncio.create_task(self._answer())
        asking = self._asking
        await asyncio.wait({asking}, timeout=self._within_s)
        if not asking.done():
            raise TimeoutError
        return asking.result()

    def _is_stale(self) -> bool:
        """Whether there is an answer that is too old; it also is after a clock was set back."""
        if self._answered_at is None:
            return False
        return not timedelta() <= self._clock.now() - self._answered_at < self._keep

    async def _answer(self) -> T:
        self._answered_at = None
        try:
            return await self._ask()
        finally:
            self._answered_at = self._clock.now()


logger = logging.getLogger(__name__)

POLL_LAG_MAX_S: Final = 300.0
"""A request without a poll for longer is not watched: the slowest polls are due each minute."""
ERRORS_MAX: Final = 0.5
ERRORS_FROM_CALLS: Final = 5
"""The failures only count after so many calls."""
DATABASE_WITHIN_S: Final = 2.0
WRITTEN_FOR_S: Final = 5.0
"""A successful write counts for so long, however many callers ask."""

WELL: Final = "ok"

Check = Callable[[], Awaitable[str | None]]
"""What is wrong, in a phrase for operators; None if all is well."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The result of every check: its reason, or `ok`."""

    findings: Mapping[str, str]

    @property
    def is_ready(self) -> bool:
        """Whether all is well."""
        return all(finding == WELL for finding in self.findings.values())


async def readiness(checks: Mapping[str, Check]) -> Readiness:
    """Run all checks at once."""
    found = await asyncio.gather(*(check() for check in checks.values()))
    return Readiness({name: why or WELL for name, why in zip(checks, found, strict=True)})


def polling_check(looks: Looks) -> Check:
    """Whether every request under way is polled in good time."""

    async def check() -> str | None:
        unseen_s = looks.longest_unseen_s()
        if unseen_s <= POLL_LAG_MAX_S:
            return None
        return f"the bot hasn't polled a job under way for {unseen_s:.0f} s"

    return check


def service_check(error_rate: ErrorRate) -> Check:
    """Whether RunComfy answers most calls."""

    async def check() -> str | None:
        rate = error_rate.rate()
        if rate.calls < ERRORS_FROM_CALLS or rate.failed / rate.calls <= ERRORS_MAX:
            return None
        return f"RunComfy didn't answer {rate.failed} of the last {rate.calls} calls"

    return check


def database_check(try_writing: Callable[[], Awaitable[None]], *, clock: Clock) -> Check:
    """Whether the database takes writes."""

    async def written() -> str | None:
        # The log says more than a page that strangers may be allowed to see.
        return await unless_away(try_writing(), "the database takes no writes", "not ready")

    asked = CachedAnswer(written, clock=clock, within_s=DATABASE_WITHIN_S, keep_s=WRITTEN_FOR_S)

    async def check() -> str | None:
        try:
            return await asked.answer()
        except TimeoutError:
            return f"the database didn't take a write within {DATABASE_WITHIN_S:g} s"

    return check
