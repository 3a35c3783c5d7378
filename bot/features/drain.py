"""A drain: counts the jobs it waits for, and tells the operator who began it once it is over."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from bot.domain.job import JobId, State
from bot.domain.observer import Observer
from bot.domain.outages import unless_away
from bot.domain.servers import BY_THE_BOT, EVERYWHERE
from bot.features.servers.servers import Servers
from bot.storage.database import Database
from bot.storage.tables.jobs import jobs

logger = logging.getLogger(__name__)

UNDER_WAY: Final = (State.SUBMITTING, State.QUEUED, State.RENDERING, State.RENDERED)
"""What a drain waits for: paid for, or about to be, and not yet delivered."""
KEPT_FOR: Final = timedelta(minutes=5)
"""A result that is undelivered for so long waits for its requester; a drain ignores it."""


@dataclass(frozen=True, slots=True)
class Drain:
    """The bot takes nothing new and finishes what is under way."""

    under_way: int

    @property
    def is_safe_to_stop(self) -> bool:
        """Whether everything that is paid for is delivered."""
        return self.under_way == 0


DrainSoFar = Callable[[], Awaitable[Drain]]
"""Counts what is under way; raises StoreUnavailable if that cannot be known."""
TellOperator = Callable[[int], Awaitable[None]]
"""Tells an operator that it is safe to stop; never raises because of Discord."""


async def drain_so_far(database: Database, now: datetime) -> Drain:
    """Count what a drain waits for now.

    Raises:
        StoreUnavailable: it cannot be known now.
    """
    there = jobs.c.state.in_([state.value for state in UNDER_WAY])
    is_kept = (jobs.c.state == State.RENDERED.value) & (jobs.c.state_since < now - KEPT_FOR)
    counted = select(func.count().label("jobs")).where(there & ~is_kept)
    (row,) = await database.rows(counted)
    return Drain(int(row["jobs"]))


class Farewell(Observer):
    """Checks after each watch whether it was the last one that a drain waited for."""

    def __init__(self, *, servers: Servers, so_far: DrainSoFar, tell: TellOperator) -> None:
        self._servers = servers
        self._so_far = so_far
        self._tell = tell
        self._told: int | None = None

    async def watch_finished(self, job_id: JobId) -> None:
        """Tell the operator that it is safe to stop, if it has just become so."""
        del job_id  # any job may have been the last
        # Read from the database: another process may have received the command.
        by_user_id = (await self._servers.current(EVERYWHERE)).drained_by
        if by_user_id is None or by_user_id == self._told:
            self._told = by_user_id
            return
        drain = await unless_away(self._so_far(), None, "can't tell whether it's safe to stop")
        if drain is not None and drain.is_safe_to_stop:
            self._told = by_user_id
            logger.info("drained: everything under way is finished")
            await self._tell(by_user_id)


def mind_drain(servers: Servers) -> None:
    """Log at the start that the bot was drained before and not stopped since."""
    if servers.known(EVERYWHERE).drained_by is not None:
        logger.warning(
            "the bot is draining, and a restart doesn't end that: it takes nothing new until all "
            "its processes have stopped, or an operator types /kling-operator resume"
        )


async def end_drain(servers: Servers) -> None:
    """End the drain: the last process was stopped, which was its purpose."""
    if (await servers.current(EVERYWHERE)).drained_by is not None:
        ended = servers.change(EVERYWHERE, {"drained_by": None}, by_user_id=BY_THE_BOT)
        said = "couldn't note that the drain is over"
        await unless_away(ended, None, said, level=logging.ERROR)
