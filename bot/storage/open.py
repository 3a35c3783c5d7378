"""Opens the store: migrates the database behind a URL, and closes every connection at the end."""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.observer import Observer
from bot.domain.ownership import not_ours
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
    """Run the missing migrations within the transaction of `connection`."""
    if connection.dialect.name == "postgresql":
        # A migration, or the wait for another process's, may take longer than any statement should.
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK_KEY})")
    present, known = present_revisions(connection), known_revisions()
    refuse_newer(present, known)
    if list(present) != [known[-1]]:
        _run_missing(connection)


def _run_missing(connection: Connection) -> None:
    # Loading it takes longer than everything else that a start does to its database.
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
    # Passed to the migrations explicitly: Alembic's own `op` is global in the process, and would
    # confuse two databases that are opened at once.
    context.run_migrations(op=Operations(context))


FILE_NAME = "bot.sqlite3"
SIDE_FILES = ("", "-wal", "-shm")
"""The endings of the database file, and of those that SQLite keeps beside it."""


def default_database_url(data_dir: Path) -> str:
    """The URL of the SQLite file in the data folder, whatever characters the folder's name has."""
    return URL.create("sqlite", database=str(data_dir / FILE_NAME)).render_as_string()


@asynccontextmanager
async def open_store(
    database_url: str, *, observer: Observer | None = None
) -> AsyncGenerator[SqlJobStore]:
    """A store over `sqlite:///path`, `postgresql://…` or `postgres://…`, migrated; closed at exit.

    A missing SQLite file is created, readable by its owner alone: it holds prompts and
    interaction tokens. At exit, calls in flight are awaited; later ones are refused.
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


def ours(path: Path) -> Path:
    """The file of a SQLite database, once this process can write it and those beside it.

    Raises:
        StoreUnavailable: one belongs to another user; the text names both.
    """
    if (whose := not_ours(*(Path(f"{path}{ending}") for ending in SIDE_FILES))) is not None:
        raise StoreUnavailable(whose)
    return path


def _create_privately(path: Path) -> None:
    """Create the file, whose permissions SQLite copies to its side files."""
    ours(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"{path} can't be opened: {error.strerror}") from error
