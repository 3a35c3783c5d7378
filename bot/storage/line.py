"""Who waits and who is under way, read so that of two who decide by it at once one waits."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.generation.job import State
from bot.generation.line import UNDER_WAY_STATES, Standing
from bot.storage.tables import jobs

LINE_LOCK = 0x6B6C696E67
"""The advisory lock of PostgreSQL that stands for the line; the number only has to be its own."""

_IN_THE_LINE = sorted(state.value for state in UNDER_WAY_STATES | {State.WAITING})


async def lock_the_line(connection: AsyncConnection) -> None:
    """Decide alone until the transaction ends. On SQLite it has the only write lock already."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(LINE_LOCK)))


async def standings(connection: AsyncConnection) -> Sequence[Standing]:
    """All who wait and all who are under way."""
    columns = (jobs.c.id, jobs.c.guild_id, jobs.c.requester_id, jobs.c.created_at, jobs.c.state)
    rows = await connection.execute(select(*columns).where(jobs.c.state.in_(_IN_THE_LINE)))
    return [
        Standing(
            job_id=row.id,
            guild_id=row.guild_id,
            user_id=row.requester_id,
            created_at=row.created_at,
            is_under_way=row.state != State.WAITING.value,
        )
        for row in rows
    ]
