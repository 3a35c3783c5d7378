"""One opened database, for all its stores: runs calls to their end, translates failures."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Executable, RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.calls import Calls
from bot.storage.engine import for_writes
from bot.storage.errors import translated
from bot.storage.unreadable import UnreadableRows

T = TypeVar("T")

logger = logging.getLogger(__name__)

ROWS_AT_A_TIME = 200
"""The batch size of a query that may find thousands: the event loop runs in between."""


def in_batches(many: Sequence[T]) -> Generator[Sequence[T]]:
    """The same in order, ROWS_AT_A_TIME at once."""
    for begin in range(0, len(many), ROWS_AT_A_TIME):
        yield many[begin : begin + ROWS_AT_A_TIME]


class Database:
    """Runs statements on an engine whose database is migrated.

    As with every call of the store, a cancelled caller hears of it only when its statement has
    ended.

    Raises, in every method:
        StoreUnavailable: the database cannot be reached or written now, or it was closed.
    """

    def __init__(self, *, engine: AsyncEngine, calls: Calls) -> None:
        self._reads = engine
        self._writes = for_writes(engine)
        self._calls = calls
        self.unreadable = UnreadableRows()
        """The rows that could not be read."""

    async def rows(self, query: Executable) -> Sequence[RowMapping]:
        """All rows that a query finds; writes nothing."""
        return await self._calls.run(lambda: self._rows(query))

    async def readable(self, query: Executable, read: Callable[[RowMapping], T]) -> list[T]:
        """The rows that a query finds, converted by `read`, without those that it cannot read.

        `read` raises RowUnreadable. For a single row use `rows`: none differs from unreadable.
        """
        return self.unreadable.left_out(await self.rows(query), read)

    async def many_readable(self, query: Executable, read: Callable[[RowMapping], T]) -> list[T]:
        """Like `readable`, for a query that may find thousands: `read` runs off the event loop.

        No more than a batch of rows is kept: even freeing thousands would hold up the loop.
        """
        return await self._calls.run(lambda: self._some_at_a_time(query, read))

    async def write(self, statement: Executable) -> int:
        """Run one statement in its own transaction; returns how many rows it touched."""
        return await self._calls.run(lambda: self._write(statement))

    async def transact(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run several statements in one transaction; any exception in `work` rolls it back."""

        async def transaction() -> T:
            with translated():
                async with self._writes.begin() as connection:
                    return await work(connection)

        return await self._calls.run(transaction)

    async def scrub(self) -> None:
        """Leave nothing erased in SQLite's write-ahead log, and empty the log."""

        async def empty() -> None:
            with translated():
                async with self._writes.connect() as connection:
                    if connection.dialect.name != "sqlite":
                        return
                    # Not through SQLAlchemy, which would begin a transaction first.
                    driver: Any = (await connection.get_raw_connection()).driver_connection
                    async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as done:
                        (was_held_up, *_) = await done.fetchone()
            if was_held_up:
                logger.warning("erased data stays in the database's log a little longer")

        await self._calls.run(empty)

    async def _rows(self, query: Executable) -> Sequence[RowMapping]:
        with translated():
            async with self._reads.begin() as connection:
                return (await connection.execute(query)).mappings().all()

    async def _some_at_a_time(self, query: Executable, read: Callable[[RowMapping], T]) -> list[T]:
        found: list[T] = []
        with translated():
            async with self._reads.connect() as connection, connection.stream(query) as rows:
                async for some in rows.mappings().partitions(ROWS_AT_A_TIME):
                    found += await asyncio.to_thread(self.unreadable.left_out, some, read)
        return found

    async def _write(self, statement: Executable) -> int:
        with translated():
            async with self._writes.begin() as connection:
                # Without the option SQLAlchemy forgets how many rows an INSERT touched.
                counted = statement.execution_options(preserve_rowcount=True)
                return (await connection.execute(counted)).rowcount
