"""One move of one job, with everything that belongs in the same transaction."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.entries import entries_after
from bot.domain.job import Job, JobId
from bot.domain.lifecycle import Event, RenderingSucceeded
from bot.storage.advisory import LockKind
from bot.storage.key_secrets import erase_after
from bot.storage.ledger import enter
from bot.storage.rows import move_of, row_of
from bot.storage.tables import job_moves, jobs, render_times
from bot.storage.timings import render_time_of


async def replace(
    connection: AsyncConnection, job: Job, moved: Job, *, event: Event, at: datetime
) -> bool:
    """Write `moved` over `job`, its history and its money; False if another writer was first."""
    event_name = type(event).__name__
    as_it_was_read = (
        (jobs.c.id == job.id) & (jobs.c.version == job.version) & (jobs.c.state == job.state.value)
    )
    written = await connection.execute(update(jobs).where(as_it_was_read).values(row_of(moved)))
    if written.rowcount == 0:
        return False
    told = move_of(moved, event_name=event_name, at=at)
    await connection.execute(insert(job_moves), told)
    if isinstance(event, RenderingSucceeded) and event.is_timed:
        await connection.execute(insert(render_times), render_time_of(moved, at))
    for entry in entries_after(job, moved, why=event_name, at=at):
        await enter(connection, entry)
    await erase_after(connection, job, moved)
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
