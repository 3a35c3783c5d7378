"""Engines for both databases: what is committed is durable, and every wait has a limit."""

import logging
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.storage.errors import DatabaseUnusable
from bot.storage.tables import showcase as tables_showcase  # noqa: F401  # pyright: ignore[reportUnusedImport] - declares its tables
from bot.storage.tables.keys import complete_for_postgresql
from bot.storage.trips import connect

BUSY_TIMEOUT_S = 10
"""How long SQLite waits for another process's lock."""
STATEMENT_TIMEOUT_S = 15
"""How long one PostgreSQL statement may take, including its wait for locks."""
CONNECT_TIMEOUT_S = 10
POOL_TIMEOUT_S = 30
"""How long a call waits for a connection."""
POSTGRES_CONNECTIONS = 5

SQLITE_READERS = 2
CACHE_KIB = 512

_NOTICING = {
    "connect_timeout": f"{CONNECT_TIMEOUT_S}",
    "tcp_user_timeout": f"{STATEMENT_TIMEOUT_S * 1000}",
    "keepalives_idle": f"{STATEMENT_TIMEOUT_S}",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
"""These detect a PostgreSQL server that vanished silently; in seconds."""

_BEGIN = "bot_begin"
_WRITING = "bot_writing"


def create_engine(database_url: str) -> AsyncEngine:
    """An engine for `sqlite:///path`, `postgresql://…` or `postgres://…`. Does not connect yet.

    Raises:
        DatabaseUnusable: the URL names no supported database, or its driver is missing.
    """
    url = normalised(database_url)
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgres(url)


def sqlite_path(engine: AsyncEngine) -> Path | None:
    """The file behind the engine, None for PostgreSQL."""
    if engine.dialect.name != "sqlite" or engine.url.database is None:
        return None
    return Path(engine.url.database)


def sqlite_file(database_url: str) -> Path | None:
    """The file that a URL means, None for PostgreSQL.

    Raises:
        DatabaseUnusable: it names no supported database.
    """
    url = normalised(database_url)
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database)


def for_writes(engine: AsyncEngine) -> AsyncEngine:
    """An engine of the same database for transactions that write; closed with the one given.

    On SQLite it has the only connection that writes, so that no read waits for a write. There its
    transactions take the write lock at their beginning: one that reads first and asks for the lock
    afterwards fails at once if another has written, whatever its timeout.
    """
    writing: AsyncEngine = engine.get_execution_options().get(_WRITING, engine)
    return writing.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def normalised(database_url: str) -> URL:
    """The URL with the driver for its database.

    Raises:
        DatabaseUnusable: it names no supported database.
    """
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        # Without the chain: the text may quote the URL, and with it the password.
        raise DatabaseUnusable(
            "the database URL can't be read: use sqlite:///path or "
            "postgresql://user:password@host/name"
        ) from None
    match url.get_backend_name():
        case "sqlite" if url.database in (None, "", ":memory:") or "uri" in url.query:
            raise DatabaseUnusable(
                "SQLite needs a plain file to remember paid jobs in, such as sqlite:///data/bot.sqlite3"
            )
        case "sqlite":
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres" if "@" in f"{url.host}{url.database}":
            # The rest of a password, which would be taken for a host, and shown when it fails.
            raise DatabaseUnusable(
                "the database URL can't be read: write @, : and / in its password as %40, %3A "
                "and %2F"
            )
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
        case other:
            raise DatabaseUnusable(f"can't use {other}: use sqlite:// or postgresql://")


def conninfo(database_url: str) -> str:
    """The connection string of a PostgreSQL database for libpq, to connect without an engine.

    Raises:
        DatabaseUnusable: the URL names no supported database.
    """
    url = _noticing(normalised(database_url)).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _noticing(url: URL) -> URL:
    """Add the settings that detect a vanished server; those in the URL itself take precedence."""
    return url.set(query={**_NOTICING, **url.query})


def _sqlite(url: URL) -> AsyncEngine:
    # SQLite has one writer at a time: this process's own take turns here, fairly, without polling.
    writing = _sqlite_pool(url, connections=1)
    reading = _sqlite_pool(url, connections=SQLITE_READERS)

    def dispose(_engine: Engine) -> None:
        writing.sync_engine.dispose()

    event.listen(reading.sync_engine, "engine_disposed", dispose)
    return reading.execution_options(**{_WRITING: writing})


def _sqlite_pool(url: URL, *, connections: int) -> AsyncEngine:
    # aiosqlite logs every call with its values at DEBUG, including prompts and tokens.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
    )

    def prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        # By itself sqlite3 begins transactions late, and never for DDL: this turns it off, and
        # `begin` below does it in time.
        connection.isolation_level = None
        # An invalid character costs its own value only: a driver error would cost the whole query.
        driver: Any = entry.driver_connection
        driver.text_factory = _text
        _run(
            connection,
            f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            # Of the file's pages in memory; of 2 MiB, the default, each connection would fill all.
            f"PRAGMA cache_size = -{CACHE_KIB}",
            # Erased data is overwritten, not only released.
            "PRAGMA secure_delete = ON",
        )

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))

    event.listen(engine.sync_engine, "do_connect", connect)
    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


def _text(kept: bytes) -> str:
    return kept.decode(errors="replace")


def _postgres(url: URL) -> AsyncEngine:
    complete_for_postgresql()
    try:
        engine = create_async_engine(
            _noticing(url),
            hide_parameters=True,
            pool_size=POSTGRES_CONNECTIONS,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT_S,
            pool_pre_ping=True,
        )
    except ImportError as error:
        raise DatabaseUnusable(
            "PostgreSQL needs its driver: in a checkout, `make .venv/.postgres-ready` installs "
            "it; with the wheel, its extra [postgres] does"
        ) from error

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        _run(
            connection,
            f"SET statement_timeout = '{STATEMENT_TIMEOUT_S}s'",
            f"SET idle_in_transaction_session_timeout = '{STATEMENT_TIMEOUT_S}s'",
        )

    event.listen(engine.sync_engine, "connect", prepare)
    return engine


def _run(connection: DBAPIConnection, *statements: str) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
    # The pool's rollback would undo what was SET within a transaction of PostgreSQL.
    connection.commit()
