"""Opens the store: from a URL to a migrated database, and back to no open connection."""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.observer import Observer
from bot.domain.ports import StoreUnavailable
from bot.storage.calls import to_its_end
from bot.storage.engine import create_engine, for_writes, sqlite_path
from bot.storage.errors import translated
from bot.storage.revisions import MIGRATIONS, known_revisions, present_revisions, refuse_newer
from bot.storage.store import SqlJobStore

_ADVISORY_LOCK_KEY = 0x4B4C494E47  # "KLING", a number of our own among PostgreSQL's locks


async def migrate(engine: AsyncEngine) -> None:
    """Upgrade in one transaction: after a failure the database is as it was before.

    Raises:
        DatabaseTooNew: a newer version of this program has been here.
        StoreUnavailable: the database cannot be reached or written.
    """
    with translated():
        # On SQLite this transaction is the lock: it takes the write lock at its beginning.
        async with for_writes(engine).begin() as connection:
            await connection.run_sync(upgrade)


def upgrade(connection: Connection) -> None:
    """Run within the transaction of `connection` what is missing, and only that."""
    if connection.dialect.name == "postgresql":
        # A migration, or waiting for somebody else's, may take longer than any statement should.
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK_KEY})")
    present, known = present_revisions(connection), known_revisions()
    refuse_newer(present, known)
    if list(present) != [known[-1]]:
        _run_missing(connection)


def _run_missing(connection: Connection) -> None:
    # Loading it takes longer than all else that a start does to its database.
    from alembic.migration import MigrationContext  # noqa: PLC0415 - see above
    from alembic.operations import Operations  # noqa: PLC0415 - see above
    from alembic.runtime.migration import MigrationStep  # noqa: PLC0415 - see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    scripts = ScriptDirectory(str(MIGRATIONS))

    def missing(present: tuple[str, ...], _context: MigrationContext) -> Sequence[MigrationStep]:
        newest_first = scripts.iterate_revisions("head", present or "base")
        return [
            MigrationStep.upgrade_from_script(scripts.revision_map, script)
            for script in reversed(list(newest_first))
        ]

    context = MigrationContext.configure(connection, opts={"fn": missing})
    # Given to the migrations by hand: Alembic's own `op` is one for the whole process, and two
    # databases that are opened at once would be confused.
    context.run_migrations(op=Operations(context))


FILE_NAME = "bot.sqlite3"


def default_database_url(data_dir: Path) -> str:
    """The URL of the SQLite file in the data folder, whatever characters the folder's name has."""
    return URL.create("sqlite", database=str(data_dir / FILE_NAME)).render_as_string()


@asynccontextmanager
async def open_store(
    database_url: str, *, observer: Observer | None = None
) -> AsyncGenerator[SqlJobStore]:
    """A store over `sqlite:///path`, `postgresql://…` or `postgres://…`, migrated, then closed.

    A SQLite file that is not there is created, readable by its owner alone: it holds prompts and
    interaction tokens. Calls in flight at the end are waited for; later ones are refused.
    `observer` hears of every row that is read by its id, added or moved.

    Raises:
        DatabaseUnusable: the URL or the driver is not usable; the text says what to do.
        DatabaseTooNew: a newer version of this program has been here.
        StoreUnavailable: the database cannot be reached or written now.
    """
    engine = await asyncio.to_thread(create_engine, database_url)
    path = sqlite_path(engine)
    if path is not None:
        await asyncio.to_thread(_create_privately, path)
    store = SqlJobStore(engine=engine, observer=observer)
    try:
        await to_its_end(asyncio.create_task(migrate(engine)))
        yield store
    finally:
        await to_its_end(asyncio.create_task(store.close()))


def _create_privately(path: Path) -> None:
    """SQLite gives its side files the permissions of this one."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be opened: {error.strerror}") from error
