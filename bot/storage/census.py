"""Counts the jobs in each state, and checks whether the database takes writes."""

from collections.abc import Mapping

from sqlalchemy import RowMapping, func, select

from bot.domain.job import LIVE_STATES, State
from bot.domain.observer import Population
from bot.storage.database import Database
from bot.storage.tables.jobs import UNREADABLE, jobs
from bot.storage.unreadable import reading
from bot.storage.writable import write_nothing_new

_NOT_OVER = sorted(state.value for state in LIVE_STATES | {State.UNSURE})


class SqlCensus:
    """Counts and probes over an opened database.

    Raises, in every method:
        StoreUnavailable: the database cannot be reached or written now, or it was closed.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def jobs_by_state(self) -> Mapping[State, int]:
        """How many jobs are in each state, all jobs ever; read from an index."""
        counted = select(jobs.c.state, func.count().label("jobs")).group_by(jobs.c.state)
        return dict(await self._database.readable(counted, _counted))

    async def populations(self) -> Mapping[State, Population]:
        """The same, and since when the oldest unfinished job is in its state."""
        oldest = (
            select(jobs.c.state, func.min(jobs.c.state_since).label("since"))
            .where(jobs.c.state.in_(_NOT_OVER))
            .group_by(jobs.c.state)
        )
        since = {
            State(row["state"]): row["since"]
            for row in await self._database.rows(oldest)
            if row["since"] != UNREADABLE
        }
        return {
            state: Population(count, since.get(state))
            for state, count in (await self.jobs_by_state()).items()
        }

    async def try_writing(self) -> None:
        """Write something that changes nothing: it needs the locks, rights and room of a write."""
        await self._database.transact(write_nothing_new)


def _counted(row: RowMapping) -> tuple[State, int]:
    with reading(f"the state of so many jobs: {row['jobs']}"):
        return State(row["state"]), row["jobs"]
