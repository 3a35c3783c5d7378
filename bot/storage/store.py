"""The store of jobs in SQLite or PostgreSQL: each statement is written once for both."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, false, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.job import LIVE_STATES, HoldReason, Job, JobId, State
from bot.domain.lifecycle import Accepted, Event, SendingBegan, after
from bot.domain.line import Decide, InLine, Standing
from bot.domain.money.ledger import Reservation
from bot.domain.observer import Observer
from bot.domain.ports import (
    NOTHING_HELD,
    Added,
    AddOutcome,
    AlreadyThere,
    BeginOutcome,
    RowUnreadable,
)
from bot.storage.calls import Calls
from bot.storage.database import Database
from bot.storage.engine import for_writes
from bot.storage.errors import translated
from bot.storage.ledger import take
from bot.storage.line import lock_the_line, standings
from bot.storage.moves import WRITE_MOVE, is_of_another, replace
from bot.storage.rows import ADDED, job_of, move_of, row_of
from bot.storage.tables.jobs import jobs

_TO_BE_TOLD = frozenset(State) - LIVE_STATES - {State.DELIVERED}
NEEDS_WORK = jobs.c.state.in_(sorted(state.value for state in LIVE_STATES)) | (
    jobs.c.state.in_(sorted(state.value for state in _TO_BE_TOLD)) & (jobs.c.told == false())
)
"""`Job.needs_work`, in a form that the index on state and told serves."""

_WRITE_JOB = insert(jobs)  # built once: that takes longer than running it

Unless = Callable[[AsyncConnection], Awaitable[bool]]
"""What forbids a write, checked in its own transaction."""


class SqlJobStore:
    """Implements the JobStore port over an engine whose database is migrated.

    A cancelled caller hears of it only when its call has ended: a write is then complete or not
    made, and its connection serves the next call. `get` says which of the two.

    A connection to PostgreSQL that breaks during the COMMIT itself leaves that open as well:
    StoreUnavailable is raised, yet the write may have been made. Retrying is safe: a move that was
    made returns None, since the version has increased, and an added job returns AlreadyThere.
    """

    def __init__(self, *, engine: AsyncEngine, observer: Observer | None = None) -> None:
        self._reads = engine
        self._observer = observer or Observer()
        self._writes = for_writes(engine)
        self._calls = Calls()
        self.database = Database(engine=engine, calls=self._calls)
        """The same database, for stores of other things than jobs; closed with this store."""

    async def add(self, job: Job, reservation: Reservation = NOTHING_HELD) -> AddOutcome:
        """Insert a new job, the beginning of its history, and its reservation."""
        self._observer.job_sought(job.id, job)
        outcome = await self._calls.run(lambda: self._add(job, reservation))
        if isinstance(outcome, Added):
            self._observer.job_seen(job)
        return outcome

    async def get(self, job_id: JobId) -> Job | None:
        """The current job."""
        self._observer.job_sought(job_id)
        job = await self._calls.run(lambda: self._find(jobs.c.id == job_id))
        if job is not None:
            self._observer.job_seen(job)
        return job

    async def unfinished(self) -> Sequence[Job]:
        """All jobs that need work, oldest first."""
        return await self.database.many_readable(_oldest_first(NEEDS_WORK), job_of)

    async def unfinished_ids(self) -> Sequence[JobId]:
        """The ids of all jobs that need work."""
        rows = await self.database.rows(select(jobs.c.id).where(NEEDS_WORK))
        return [row["id"] for row in rows]

    async def rendered_for(self, requester_id: int) -> Sequence[Job]:
        """A member's rendered jobs that are not delivered, oldest first."""
        theirs = (jobs.c.requester_id == requester_id) & (jobs.c.state == State.RENDERED.value)
        return await self._calls.run(lambda: self._select(theirs))

    async def move(self, job: Job, event: Event, at: datetime) -> Job | None:
        """Write the lifecycle's result, unless another writer came since `job` was read."""
        return await self._move(job, event, at)

    async def bind(self, job: Job, request_id: str, at: datetime) -> Job | None:
        """Write the request that the operator found for an unsure job, if no other job has it."""

        async def is_taken(connection: AsyncConnection) -> bool:
            return await is_of_another(connection, request_id, job.id)

        return await self._move(job, Accepted(request_id), at, unless=is_taken)

    async def begin_sending(self, job: Job, at: datetime, decide: Decide) -> BeginOutcome:
        """Begin to send a waiting job, if it is next by all that wait and are under way now."""
        outcome = await self._calls.run(lambda: self._begin_sending(job, at, decide))
        if isinstance(outcome, Job):
            self._observer.job_moved(job, outcome)
        return outcome

    async def standings(self) -> Sequence[Standing]:
        """All jobs that wait in the queue or are under way."""
        return await self._calls.run(self._standings)

    async def held_now(self, key_id: int | None, at: datetime) -> HoldReason | None:
        """What holds back the jobs that the same key pays for."""
        held = (jobs.c.state == State.WAITING.value) & (jobs.c.held_until > at)
        its_key = jobs.c.key_id.is_(None) if key_id is None else jobs.c.key_id == key_id
        newest = (
            select(jobs.c.held_because)
            .where(held & its_key & jobs.c.held_because.is_not(None))
            .order_by(jobs.c.held_until.desc())
            .limit(1)
        )
        rows = await self.database.rows(newest)
        return HoldReason(rows[0]["held_because"]) if rows else None

    async def close(self) -> None:
        """Wait for the calls in flight, then close every connection; later calls are refused."""
        try:
            await self._calls.close()
        finally:
            await self._reads.dispose()

    async def _add(self, job: Job, reservation: Reservation) -> AddOutcome:
        beginning = move_of(job, event_name=ADDED, at=job.created_at)
        with translated():
            try:
                async with self._writes.begin() as connection:
                    await connection.execute(_WRITE_JOB, row_of(job))
                    await connection.execute(WRITE_MOVE, beginning)
                    objection = await take(connection, job, reservation)
                    if objection is not None:
                        # What was reserved so far is undone with the row.
                        await connection.rollback()
                        return objection
            except IntegrityError:
                # The database decides who was first, not a read beforehand: two may read at once.
                first = await self._find(jobs.c.interaction_id == job.interaction_id)
                if first is None:
                    raise
                return AlreadyThere(first)
        return Added()

    async def _begin_sending(self, job: Job, at: datetime, decide: Decide) -> BeginOutcome:
        event = SendingBegan()
        moved = after(job, event, at)
        if moved is None:
            return None
        with translated():
            async with self._writes.begin() as connection:
                await lock_the_line(connection)
                # With thousands of waiting jobs it takes a while.
                turns = await asyncio.to_thread(decide, await standings(connection))
                turn = turns.get(job.id)
                if turn is None or isinstance(turn, InLine):
                    return turn
                is_written = await replace(connection, job, moved, event=event, at=at)
                return moved if is_written else None

    async def _standings(self) -> Sequence[Standing]:
        with translated():
            async with self._reads.connect() as connection:
                return await standings(connection)

    async def _find(self, where: ColumnElement[bool]) -> Job | None:
        """The only job that matches: `where` compares something unique.

        Raises:
            RowUnreadable: it exists, and cannot be read.
        """
        try:
            return next(map(job_of, await self._rows(where)), None)
        except RowUnreadable as why:
            self.database.unreadable.say(str(why))
            raise

    async def _select(self, where: ColumnElement[bool]) -> Sequence[Job]:
        return self.database.unreadable.left_out(await self._rows(where), job_of)

    async def _rows(self, where: ColumnElement[bool]) -> Sequence[RowMapping]:
        with translated():
            async with self._reads.connect() as connection:
                return (await connection.execute(_oldest_first(where))).mappings().all()

    async def _move(
        self, job: Job, event: Event, at: datetime, *, unless: Unless | None = None
    ) -> Job | None:
        moved = after(job, event, at)
        if moved is None:
            return None

        async def write() -> Job | None:
            with translated():
                async with self._writes.begin() as connection:
                    if unless is not None and await unless(connection):
                        return None
                    is_written = await replace(connection, job, moved, event=event, at=at)
                    return moved if is_written else None

        written = await self._calls.run(write)
        if written is not None:
            self._observer.job_moved(job, written)
        return written


def _oldest_first(where: ColumnElement[bool]) -> Select[Any]:
    return select(jobs).where(where).order_by(jobs.c.created_at, jobs.c.id)
