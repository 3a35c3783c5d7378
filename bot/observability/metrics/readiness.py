"""Whether the bot can do its work now, check by check, each with its reason."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.ports import Clock, StoreUnavailable
from bot.observability.metrics.asked import Asked
from bot.observability.metrics.error_rate import ErrorRate
from bot.observability.metrics.looks import Looks

logger = logging.getLogger(__name__)

POLL_LAG_MAX_S: Final = 300.0
"""A request that is left alone for longer is not watched: the slowest look is due each minute."""
ERRORS_MAX: Final = 0.5
ERRORS_FROM_CALLS: Final = 5
"""So many calls have to be known before their failures mean anything."""
DATABASE_WITHIN_S: Final = 2.0
WRITTEN_FOR_S: Final = 5.0
"""For so long a write tells of the next one as well, however many ask."""

WELL: Final = "ok"

Check = Callable[[], Awaitable[str | None]]
"""What is wrong, in a phrase for operators; None when all is well."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What every check found: its reason, or `ok`."""

    findings: Mapping[str, str]

    @property
    def is_ready(self) -> bool:
        """Whether all is well."""
        return all(finding == WELL for finding in self.findings.values())


async def readiness(checks: Mapping[str, Check]) -> Readiness:
    """Ask every check at once."""
    found = await asyncio.gather(*(check() for check in checks.values()))
    return Readiness({name: why or WELL for name, why in zip(checks, found, strict=True)})


def polling_check(looks: Looks) -> Check:
    """Whether every request under way is looked at in good time."""

    async def check() -> str | None:
        unseen_s = looks.longest_unseen_s()
        if unseen_s <= POLL_LAG_MAX_S:
            return None
        return f"a request under way was not looked at for {unseen_s:.0f} s"

    return check


def service_check(error_rate: ErrorRate) -> Check:
    """Whether RunComfy answers most of what it is asked."""

    async def check() -> str | None:
        rate = error_rate.rate()
        if rate.calls < ERRORS_FROM_CALLS or rate.failed / rate.calls <= ERRORS_MAX:
            return None
        return f"RunComfy failed {rate.failed} of the last {rate.calls} calls"

    return check


def database_check(try_writing: Callable[[], Awaitable[None]], *, clock: Clock) -> Check:
    """Whether the database takes writes."""

    async def written() -> str | None:
        try:
            await try_writing()
        except StoreUnavailable as error:
            # The log says more than a page that strangers may be let to see.
            logger.warning("not ready: %s", error)
            return "the database takes no writes"
        return None

    asked = Asked(written, clock=clock, within_s=DATABASE_WITHIN_S, keep_s=WRITTEN_FOR_S)

    async def check() -> str | None:
        try:
            return await asked.answer()
        except TimeoutError:
            return f"the database took no write within {DATABASE_WITHIN_S:g} s"

    return check
