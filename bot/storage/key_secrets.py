"""Erases a server key's secret with the last job that needs it, in that job's transaction."""

from sqlalchemy import ColumnElement, exists, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import LIVE_STATES, NOBODY, Job, State
from bot.storage.tables.jobs import jobs
from bot.storage.tables.keys import server_keys

_NEEDED_STATES = frozenset({*LIVE_STATES, State.UNSURE})
"""The service may still have to be asked about these jobs, with the key that sent them."""


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


async def erase_after(connection: AsyncConnection, job: Job, moved: Job) -> None:
    """Erase a key's secret with the move after which no job needs it any more."""
    is_over = moved.key_id != job.key_id or moved.state not in _NEEDED_STATES
    if job.key_id is not None and is_over:
        await erase_unneeded(connection, server_keys.c.id == job.key_id)
