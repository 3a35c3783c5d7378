"""Advisory locks of PostgreSQL on a connection of their own: they last as long as it does.

The server releases them when the process is killed, when its machine vanishes, and when it is
frozen for longer than the idle limit: so the session has to send a query more often than that. A
pooler in transaction mode between the bot and the server would make all of this meaningless.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine import create_engine
from bot.storage.errors import DatabaseUnusable, translated

IDLE_LIMIT_S: Final = 20.0
"""After so long without a query the server ends the session, and with it the locks."""
_OLDEST_SERVER: Final = 140_000
"""PostgreSQL 14 brought `idle_session_timeout`."""


class LockKind(IntEnum):
    """The first of a lock's two numbers: what the second one counts. Must never change."""

    SHARD = 0x4B01
    SHARD_COUNT = 0x4B02
    AGREEING = 0x4B03
    IDENTIFY = 0x4B04
    BINDING = 0x4B05


class AdvisorySession:
    """The locks of one session. Every call may raise StoreUnavailable: then all locks are gone."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        # One connection runs one query at a time.
        self._turn = asyncio.Lock()

    async def prepare(self, *, idle_limit_s: float) -> None:
        """Let the server end this session after so long without a query.

        Raises:
            DatabaseUnusable: the server is too old to do so.
        """
        ((version,),) = await self._ask("SELECT current_setting('server_version_num')::int")
        if version < _OLDEST_SERVER:
            raise DatabaseUnusable("sharing shards needs PostgreSQL 14 or newer")
        await self._ask(
            "SELECT set_config('idle_session_timeout', :limit, false),"
            " set_config('statement_timeout', '0', false)",  # waiting for a lock has no limit
            limit=f"{round(idle_limit_s * 1000)}ms",
        )

    async def lock(self, kind: LockKind, number: int) -> None:
        """Wait until the lock is ours; the first to ask gets it first."""
        await self._ask("SELECT pg_advisory_lock(:kind, :number)", kind=kind, number=number)

    async def unlock(self, kind: LockKind, number: int) -> None:
        """Release it."""
        await self._ask("SELECT pg_advisory_unlock(:kind, :number)", kind=kind, number=number)

    async def share(self, kind: LockKind, number: int) -> None:
        """Take it, shared with others who share it."""
        asked = "SELECT pg_advisory_lock_shared(:kind, :number)"
        await self._ask(asked, kind=kind, number=number)

    async def take_free(self, kind: LockKind, numbers: Sequence[int]) -> set[int]:
        """Take all of these that are free; without numbers it only keeps the session alive."""
        rows = await self._ask(
            "SELECT number FROM unnest(CAST(:numbers AS int[])) AS number"
            " WHERE pg_try_advisory_lock(:kind, number)",
            kind=kind,
            numbers=list(numbers),
        )
        return {number for (number,) in rows}

    async def held_by_anyone(self, kind: LockKind) -> set[int]:
        """The numbers of this kind that any session holds, in this database."""
        rows = await self._ask(
            "SELECT DISTINCT objid::bigint FROM pg_locks"
            " WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint = :kind",
            kind=kind,
        )
        return {number for (number,) in rows}

    async def _ask(self, question: str, **values: Any) -> Sequence[Row[Any]]:  # noqa: ANN401 - whatever SQL takes
        plain = {name: int(v) if isinstance(v, LockKind) else v for name, v in values.items()}
        async with self._turn:
            with translated():
                return (await self._connection.execute(text(question), plain)).all()


@asynccontextmanager
async def advisory_session(
    database_url: str, *, idle_limit_s: float = IDLE_LIMIT_S
) -> AsyncGenerator[AdvisorySession]:
    """A session over a connection of its own; at its end every lock is released.

    Raises:
        DatabaseUnusable: the URL names no PostgreSQL that can do this.
        StoreUnavailable: the database cannot be reached now.
    """
    engine = await asyncio.to_thread(create_engine, database_url)
    if engine.dialect.name != "postgresql":
        raise DatabaseUnusable("sharing shards among processes needs PostgreSQL")
    try:
        with translated():
            autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
            connection = await autocommit.connect()
        try:
            session = AdvisorySession(connection)
            await session.prepare(idle_limit_s=idle_limit_s)
            yield session
        finally:
            # Closed for good: in the pool it would keep its locks.
            await connection.invalidate()
            await connection.close()
    finally:
        await engine.dispose()
