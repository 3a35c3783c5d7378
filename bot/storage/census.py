"""What the database tells about itself: how many jobs stand where, and whether it takes writes."""

from collections.abc import Mapping

from sqlalchemy import false, func, select, update

from bot.generation.job import LIVE_STATES, State
from bot.generation.observing import Population
from bot.storage.database import Database
from bot.storage.tables import jobs

_NOT_OVER = sorted(state.value for state in LIVE_STATES | {State.UNSURE})


class SqlCensus:
    """Counts and probes over an opened database.

    Raises, in every method:
        StoreUnavailable: the database cannot be reached or written now, or it was closed.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def jobs_by_state(self) -> Mapping[State, Population]:
        """How many jobs stand in each state, and since when those that are not over."""
        # Two questions, so that the one over all jobs that there ever were is read from an index.
        counted = select(jobs.c.state, func.count().label("jobs")).group_by(jobs.c.state)
        oldest = (
            select(jobs.c.state, func.min(jobs.c.state_since).label("since"))
            .where(jobs.c.state.in_(_NOT_OVER))
            .group_by(jobs.c.state)
        )
        counts = await self._database.rows(counted)
        since = {row["state"]: row["since"] for row in await self._database.rows(oldest)}
        return {
            State(row["state"]): Population(row["jobs"], since.get(row["state"])) for row in counts
        }

    async def try_writing(self) -> None:
        """Begin a write and end it without a change: it takes the same locks and rights."""
        nothing = update(jobs).where(false()).values(version=jobs.c.version)
        await self._database.write(nothing)
