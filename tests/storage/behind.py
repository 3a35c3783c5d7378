"""Looks into a database, and meddles with it, behind the back of the store under test."""

from collections.abc import Sequence

from sqlalchemy import Executable, RowMapping, select, text

from bot.domain.job import JobId
from bot.storage.engine import create_engine
from bot.storage.tables.jobs import job_moves
from tests.patience import until


async def seen(database_url: str, query: Executable) -> Sequence[RowMapping]:
    """What a connection of its own sees."""
    engine = create_engine(database_url)
    try:
        async with engine.connect() as connection:
            return (await connection.execute(query)).mappings().all()
    finally:
        await engine.dispose()


async def done(database_url: str, *statements: Executable) -> None:
    """Run these on a connection of its own, and commit."""
    engine = create_engine(database_url)
    try:
        async with engine.begin() as connection:
            for statement in statements:
                await connection.execute(statement)
    finally:
        await engine.dispose()


async def history(database_url: str, job_id: JobId) -> list[tuple[int, str, str]]:
    """The version, event and state of each move of a job, in order."""
    query = select(job_moves).where(job_moves.c.job_id == job_id).order_by(job_moves.c.version)
    rows = await seen(database_url, query)
    return [(row["version"], row["event"], row["state"]) for row in rows]


async def until_waiting(database_url: str, *, sessions: int) -> None:
    """Wait until so many sessions of PostgreSQL wait for an advisory lock."""
    waiting = text("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")

    async def are_waiting() -> bool:
        return len(await seen(database_url, waiting)) >= sessions

    await until(are_waiting)
