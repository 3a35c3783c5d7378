"""Opens the store: from a URL to a migrated database, and back to no open connection."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL

from bot.domain.observer import Observer
from bot.domain.ports import StoreUnavailable
from bot.storage.calls import to_its_end
from bot.storage.engine import create_engine, sqlite_path
from bot.storage.migrate import migrate
from bot.storage.store import SqlJobStore

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
