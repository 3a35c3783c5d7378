"""What an operator asks of the database: counts, the newest jobs, and whether it takes writes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import LIVE_STATES, Job, State
from bot.domain.observer import Population
from bot.storage.database import Database
from bot.storage.revisions import VERSION_TABLE
from bot.storage.rows import job_of
from bot.storage.tables.jobs import UNREADABLE, jobs
from bot.storage.unreadable import reading

_NOT_OVER = sorted(state.value for state in LIVE_STATES | {State.UNSURE})
_AS_IT_IS: Final = text(f"UPDATE {VERSION_TABLE} SET version_num = version_num")  # noqa: S608 - our own name
"""Rewrites its row: SQLite refuses that on a full disk, and it needs the rights of a write."""
_LITTLE_MEMORY: Final = text("SET LOCAL work_mem = '64kB'")
_ON_THE_DISK: Final = text("SELECT count(*) FROM generate_series(1, 10000)")
"""So many rows go into a temporary file, which needs room as new rows of a table do.

PostgreSQL can rewrite an old row where its files have room left, even on a full disk.
"""


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


async def newest_jobs(
    database: Database, *, states: Collection[State], limit: int
) -> Sequence[Job]:
    """At most `limit` jobs in these states; without states, in any.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    newest_first = select(jobs).order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit)
    if states:
        newest_first = newest_first.where(jobs.c.state.in_(sorted(state.value for state in states)))
    return await database.readable(newest_first, job_of)


async def write_nothing_new(connection: AsyncConnection) -> None:
    """Run within a transaction that is then committed: only then it was a write."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LITTLE_MEMORY)
        await connection.execute(_ON_THE_DISK)
    await connection.execute(_AS_IT_IS)
