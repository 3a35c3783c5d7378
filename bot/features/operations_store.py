"""What only the operator asks of the database: counts over everything, and single finds."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.job import Job, JobId, State
from bot.features.operations_ports import UNDER_WAY
from bot.storage.census import SqlCensus
from bot.storage.store import SqlJobStore
from bot.storage.tables import jobs


class SqlOverview:
    """The OperatorStore port."""

    def __init__(self, *, store: SqlJobStore) -> None:
        self._store = store

    async def jobs_by_state(self) -> Mapping[State, int]:
        """How many jobs stand in each state."""
        return await SqlCensus(database=self._store.database).jobs_by_state()

    async def under_way(self, *, rendered_since: datetime) -> int:
        """Jobs that a drain waits for."""
        there = jobs.c.state.in_([state.value for state in UNDER_WAY])
        is_kept = (jobs.c.state == State.RENDERED.value) & (jobs.c.state_since < rendered_since)
        counted = select(func.count().label("jobs")).where(there & ~is_kept)
        return int((await self._store.database.rows(counted))[0]["jobs"])

    async def job_with(self, request_id: str) -> JobId | None:
        """The job that has this request."""
        having = select(jobs.c.id).where(jobs.c.request_id == request_id).limit(1)
        rows = await self._store.database.rows(having)
        return rows[0]["id"] if rows else None

    async def unsure(self) -> Sequence[Job]:
        """The jobs that wait for a person's decision, oldest first."""
        return await self._store.unsure()
