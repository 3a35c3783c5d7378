"""A person's jobs, page by page, and a job's history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import RowMapping, Select, select, tuple_

from bot.domain.job import Job, JobId, State
from bot.domain.outages import unless_away
from bot.storage.database import Database
from bot.storage.rows import job_of
from bot.storage.tables.jobs import job_moves, jobs, read_instant
from bot.storage.unreadable import reading


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between the jobs of a person's list; stays valid as jobs come and go."""

    created_at: datetime
    job_id: JobId

    @classmethod
    def at(cls, job: Job) -> Self:
        """The place of this job."""
        return cls(job.created_at, job.id)


class Way(StrEnum):
    """The direction in which to read on from a cursor."""

    OLDER = "older"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a job's history: it was in `state` from `at` on."""

    state: State
    at: datetime


class LibraryRows:
    """Queries, each served by an index.

    Raises:
        StoreUnavailable: the database cannot be reached now.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def listed(
        self,
        requester_id: int,
        *,
        states: Collection[State],
        beyond: Cursor | None,
        way: Way,
        limit: int,
    ) -> Sequence[Job]:
        """At most `limit` of a person's jobs beyond the cursor, the nearest to it first.

        Without a cursor: from the newest to older ones, or from the oldest to newer ones.
        """
        query = page_query(requester_id, states=states, beyond=beyond, way=way).limit(limit)
        return await self._database.readable(query, job_of)

    async def history(self, job_id: JobId) -> Sequence[Happening]:
        """What happened to a job, in order."""

        def happening_of(row: RowMapping) -> Happening:
            with reading(f"a move of job {job_id}"):
                return Happening(State(row["state"]), read_instant(row["at"]))

        return await self._database.readable(history_query(job_id), happening_of)


def page_query(
    requester_id: int, *, states: Collection[State], beyond: Cursor | None, way: Way
) -> Select[Any]:
    """Read in order from the index on requester and time; only jobs of the same time are sorted."""
    place = tuple_(jobs.c.created_at, jobs.c.id)
    query = select(jobs).where(jobs.c.requester_id == requester_id)
    # A condition that every job meets is left out: the plan is then the index alone.
    if len(states) < len(State):
        query = query.where(jobs.c.state.in_(sorted(state.value for state in states)))
    if beyond is not None:
        at = tuple_(beyond.created_at, beyond.job_id)
        query = query.where(place < at if way is Way.OLDER else place > at)
    if way is Way.OLDER:
        return query.order_by(jobs.c.created_at.desc(), jobs.c.id.desc())
    return query.order_by(jobs.c.created_at, jobs.c.id)


def history_query(job_id: JobId) -> Select[Any, Any]:
    """Read by the primary key, in its order."""
    return (
        select(job_moves.c.state, job_moves.c.at)
        .where(job_moves.c.job_id == job_id)
        .order_by(job_moves.c.version)
    )


async def is_first_job(database: Database, job: Job) -> bool:
    """Whether its requester made no request before it; False where that cannot be read now."""
    earlier = (jobs.c.requester_id == job.requester_id) & (jobs.c.created_at < job.created_at)
    reading = database.rows(select(jobs.c.id).where(earlier).limit(1))
    said = f"job {job.id}: can't tell whether it's its requester's first"
    found = await unless_away(reading, None, said)
    return found is not None and not found
