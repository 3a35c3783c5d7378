"""One move of one job, with everything that belongs in the same transaction."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import LIVE_STATES, NOBODY, Job, JobId, State
from bot.domain.lifecycle import Event, RenderingSucceeded
from bot.domain.money.entries import entries_after
from bot.storage.advisory import LockKind
from bot.storage.ledger import enter
from bot.storage.rows import move_of, row_of
from bot.storage.tables.jobs import job_moves, jobs, render_times
from bot.storage.tables.keys import server_keys
from bot.storage.timings import render_time_of

_NEEDED_STATES = frozenset({*LIVE_STATES, State.UNSURE})
"""The service may still have to be asked about these jobs, with the key that sent them."""

# Building a statement takes SQLAlchemy longer than running it: these are built once.
WRITE_MOVE: Final = insert(job_moves)
_REPLACE = update(jobs).where(
    jobs.c.id == bindparam("read_id"),
    jobs.c.version == bindparam("read_version"),
    jobs.c.state == bindparam("read_state"),
)


async def replace(
    connection: AsyncConnection, job: Job, moved: Job, *, event: Event, at: datetime
) -> bool:
    """Write `moved` over `job`, its history and its money; False if another writer was first."""
    event_name = type(event).__name__
    as_it_was_read = {
        "read_id": job.id,
        "read_version": job.version,
        "read_state": job.state.value,
    }
    written = await connection.execute(_REPLACE, row_of(moved) | as_it_was_read)
    if written.rowcount == 0:
        return False
    told = move_of(moved, event_name=event_name, at=at)
    await connection.execute(WRITE_MOVE, told)
    if isinstance(event, RenderingSucceeded) and event.is_timed:
        await connection.execute(insert(render_times), render_time_of(moved, at))
    for entry in entries_after(job, moved, why=event_name, at=at):
        await enter(connection, entry)
    await _erase_after(connection, job, moved)
    return True


async def is_of_another(connection: AsyncConnection, request_id: str, job_id: JobId) -> bool:
    """Whether another job has this request; none can get it until the transaction ends.

    On SQLite the transaction has the only write lock already.
    """
    if connection.dialect.name == "postgresql":
        number = func.hashtext(request_id)
        await connection.execute(select(func.pg_advisory_xact_lock(int(LockKind.BINDING), number)))
    having = select(jobs.c.id).where((jobs.c.request_id == request_id) & (jobs.c.id != job_id))
    return (await connection.execute(having.limit(1))).first() is not None


async def erase_unneeded(connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Erase all but the number of those keys that are neither current nor needed by any job.

    The number stays for the books, and no other key gets it.
    """
    needed = exists().where(
        jobs.c.key_id == server_keys.c.id,
        jobs.c.state.in_(sorted(state.value for state in _NEEDED_STATES)),
    )
    unneeded = which & server_keys.c.removed_at.is_not(None) & ~needed
    erased = update(server_keys).where(unneeded).values(token=None, tail="", set_by=NOBODY)
    await connection.execute(erased)


async def _erase_after(connection: AsyncConnection, job: Job, moved: Job) -> None:
    """Erase a key's secret with the move after which no job needs it any more."""
    is_over = moved.key_id != job.key_id or moved.state not in _NEEDED_STATES
    if job.key_id is not None and is_over:
        await erase_unneeded(connection, server_keys.c.id == job.key_id)
