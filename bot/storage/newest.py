"""All jobs, newest first, for an operator's list; people's own lists are in `library`."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from bot.domain.job import Job, State
from bot.storage.database import Database
from bot.storage.rows import job_of
from bot.storage.tables.jobs import jobs


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
