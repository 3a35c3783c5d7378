"""Who waits and who is under way, read so that of two who decide by it at once one waits."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.generation.job import State
from bot.generation.line import UNDER_WAY_STATES, Standing
from bot.storage.tables import jobs

LINE_LOCK = 0x6B6C696E67
"""The advisory lock of PostgreSQL that stands for the line; the number only has to be its own."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_UNDER_WAY = sorted(state.value for state in UNDER_WAY_STATES)


async def lock_the_line(connection: AsyncConnection) -> None:
    """Decide alone until the transaction ends. On SQLite it has the only write lock already."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(LINE_LOCK)))


async def standings(connection: AsyncConnection) -> Sequence[Standing]:
    """All who wait and all who are under way.

    Of those under way it only counts how many each person has in each server, so they come as so
    many times the same one, without an id or a time: of a thousand that takes a quarter as long.
    """
    return [*await _under_way(connection), *await _waiting(connection)]


async def _waiting(connection: AsyncConnection) -> Sequence[Standing]:
    columns = (jobs.c.id, jobs.c.guild_id, jobs.c.requester_id, jobs.c.created_at)
    is_waiting = jobs.c.state == State.WAITING.value
    rows = await connection.execute(select(*columns).where(is_waiting))
    return [
        Standing(
            job_id=job_id,
            guild_id=guild_id,
            user_id=user_id,
            created_at=created_at,
            is_under_way=False,
        )
        for job_id, guild_id, user_id, created_at in rows
    ]


async def _under_way(connection: AsyncConnection) -> Sequence[Standing]:
    rows = await connection.execute(
        select(jobs.c.guild_id, jobs.c.requester_id, func.count())
        .where(jobs.c.state.in_(_UNDER_WAY))
        .group_by(jobs.c.guild_id, jobs.c.requester_id)
    )
    found: list[Standing] = []
    for guild_id, user_id, many in rows:
        found += many * [
            Standing(
                job_id="",
                guild_id=guild_id,
                user_id=user_id,
                created_at=_LONG_AGO,
                is_under_way=True,
            )
        ]
    return found
