"""Inspects a database without changing it: whether it takes writes, and how far it is migrated."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from sqlalchemy import Connection

from bot.domain.ports import StoreUnavailable
from bot.storage.census import write_nothing_new
from bot.storage.engine import create_engine, for_writes, sqlite_path
from bot.storage.errors import DatabaseUnusable, translated
from bot.storage.open import open_store, ours
from bot.storage.revisions import MIGRATIONS, known_revisions, present_revisions, refuse_newer
from bot.storage.store import SqlJobStore


@dataclass(frozen=True, slots=True)
class NotMadeYet:
    """There are no tables: the first start creates them."""


@dataclass(frozen=True, slots=True)
class OlderSchema:
    """The tables are of an older version: the next start migrates them."""

    revision: str


@dataclass(frozen=True, slots=True)
class CurrentSchema:
    """The tables are those of this version."""

    revision: str


SchemaState = NotMadeYet | OlderSchema | CurrentSchema


async def look_at_schema(
    database_url: str, *, migrations: Path = MIGRATIONS, tries_a_write: bool = False
) -> SchemaState:
    """How far the database is migrated; a missing SQLite file is not created.

    Begins a transaction that could write. A full disk shows only if a write is tried, and is no
    reason to refuse reading.

    Raises:
        DatabaseUnusable: the URL or the driver is not usable; the text says what to do.
        DatabaseTooNew: a newer version of this program has been here.
        StoreUnavailable: the database cannot be reached or written now.
    """
    engine = await asyncio.to_thread(create_engine, database_url)
    path = sqlite_path(engine)
    try:
        if path is not None and not await asyncio.to_thread(path.exists):
            return NotMadeYet()
        if path is not None:
            await asyncio.to_thread(ours, path)
        with translated():
            async with for_writes(engine).begin() as connection:
                state = await connection.run_sync(_schema_state, migrations)
                if tries_a_write and not isinstance(state, NotMadeYet):
                    await write_nothing_new(connection)
                return state
    except OSError as error:
        raise StoreUnavailable(f"{path} can't be opened: {error.strerror}") from error
    finally:
        await engine.dispose()


@asynccontextmanager
async def existing_store(
    database_url: str, *, migrations: Path = MIGRATIONS
) -> AsyncGenerator[SqlJobStore]:
    """The store of a bot that was started with this version; creates and migrates nothing.

    So it can be read beside a bot of an older version, without breaking the tables for it.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    state = await look_at_schema(database_url, migrations=migrations)
    match state:
        case NotMadeYet():
            raise DatabaseUnusable("it has no tables yet, the first start of the bot makes them")
        case OlderSchema():
            raise DatabaseUnusable(
                "its tables are of an older version, the next start of the bot updates them"
            )
        case CurrentSchema():
            pass
        case _:
            assert_never(state)
    async with open_store(database_url) as store:
        yield store


def _schema_state(connection: Connection, migrations: Path) -> SchemaState:
    if connection.dialect.name == "postgresql":
        read_only = connection.exec_driver_sql("SHOW transaction_read_only").scalar_one()
        if read_only == "on":
            raise StoreUnavailable("the server takes no writes: is it a replica?")
    known, present = known_revisions(migrations), present_revisions(connection)
    refuse_newer(present, known)
    if not present:
        return NotMadeYet()
    revision = ", ".join(present)
    return CurrentSchema(revision) if revision == known[-1] else OlderSchema(revision)
