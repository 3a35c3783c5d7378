"""What the database tells about itself: how many jobs stand where, and whether it takes writes."""

from collections.abc import Mapping

from sqlalchemy import false, func, select, update

from bot.generation.job import State
from bot.storage.database import Database
from bot.storage.tables import jobs


class SqlCensus:
    """Counts and probes over an opened database.

    Raises, in every method:
        StoreUnavailable: the database cannot be reached or written now, or it was closed.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def jobs_by_state(self) -> Mapping[State, int]:
        """How many jobs stand in each state, all that there ever were; read from an index."""
        counted = select(jobs.c.state, func.count().label("jobs")).group_by(jobs.c.state)
        rows = await self._database.rows(counted)
        return {State(row["state"]): row["jobs"] for row in rows}

    async def try_writing(self) -> None:
        """Begin a write and end it without a change: it takes the same locks and rights."""
        nothing = update(jobs).where(false()).values(version=jobs.c.version)
        await self._database.write(nothing)
