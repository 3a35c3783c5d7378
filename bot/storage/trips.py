"""One trip to SQLite's thread for a statement, where SQLAlchemy and aiosqlite make four.

They open a cursor, execute, fetch and close it one after the other. Each waits for the thread and
back, and that is most of the processor's time that a short statement takes.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, cast

import aiosqlite
from sqlalchemy import Dialect
from sqlalchemy.connectors.asyncio import AsyncIODBAPIConnection, AsyncIODBAPICursor
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
)
from sqlalchemy.engine.interfaces import DBAPIConnection


class _Statement:
    """What SQLAlchemy takes for the driver's cursor: when it is executed, all its rows are here."""

    description: object = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, driver: aiosqlite.Connection) -> None:
        self._driver = driver
        self._rows: Sequence[object] = ()

    async def execute(self, operation: str, parameters: Sequence[object] = ()) -> None:
        await self._run(lambda cursor: cursor.execute(operation, cast("Any", parameters)))

    async def executemany(self, operation: str, parameters: Sequence[Sequence[object]]) -> None:
        await self._run(lambda cursor: cursor.executemany(operation, cast("Any", parameters)))

    async def fetchall(self) -> Sequence[object]:
        return self._rows

    def close(self) -> None:
        """It was closed when it had been read."""

    async def _run(self, call: Callable[[sqlite3.Cursor], object]) -> None:
        def run() -> None:
            driver: Any = self._driver
            cursor: sqlite3.Cursor = driver._conn.cursor()  # noqa: SLF001 - aiosqlite has no public way to it
            try:
                call(cursor)
                self._rows, self.description = cursor.fetchall(), cursor.description
                self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        driver: Any = self._driver
        await driver._execute(run)  # noqa: SLF001 - aiosqlite has no public way to its thread


class _OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: AsyncIODBAPIConnection) -> AsyncIODBAPICursor:
        return cast("AsyncIODBAPICursor", _Statement(cast("aiosqlite.Connection", connection)))

    def _aenter_cursor(self, cursor: AsyncIODBAPICursor) -> AsyncIODBAPICursor:
        return cursor


class _OneTripConnection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _OneTripCursor

    def rollback(self) -> None:
        # The pool rolls back after each use, also when all is committed.
        driver = cast("aiosqlite.Connection", self._connection)
        with suppress(ValueError):  # it is closed
            if driver.in_transaction:
                super().rollback()


def connect(
    dialect: Dialect,
    _entry: object,
    arguments: Sequence[object],
    options: dict[str, object],
) -> DBAPIConnection:
    """A listener for SQLAlchemy's `do_connect`."""
    dbapi: Any = dialect.loaded_dbapi
    adapted: AsyncAdapt_aiosqlite_connection = dbapi.connect(*arguments, **options)
    return cast("DBAPIConnection", _OneTripConnection(dbapi, adapted.driver_connection))
