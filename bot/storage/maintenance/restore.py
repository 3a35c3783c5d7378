"""Replaces the database by a backup, in such a way that nothing is bought a second time.

A job that was waiting in the copy may have been sent since then, and the copy cannot know: such a
job becomes unsure, and the operator decides about it.
"""

import asyncio
import os
import shutil
import sqlite3
import stat
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.domain.job import UNSENT_STATES
from bot.domain.lifecycle import BackupRestored
from bot.domain.ports import StoreUnavailable
from bot.storage.engine import normalised
from bot.storage.errors import DatabaseUnusable
from bot.storage.maintenance.backup import put_on_disk
from bot.storage.maintenance.inspection import NotMadeYet, look_at_schema
from bot.storage.open import SIDE_FILES, open_store
from bot.storage.store import SqlJobStore


@dataclass(frozen=True, slots=True)
class Restored:
    """The copy is in place; so many of its jobs are unsure now; the former database is kept."""

    unsure: int
    aside: Path | None = None


@dataclass(frozen=True, slots=True)
class NotRestored:
    """The database is unchanged; the text says why and what to do."""

    why: str


RestoreOutcome = Restored | NotRestored


async def restore(database_url: str, copy: Path, at: datetime) -> RestoreOutcome:
    """Replace a SQLite database that no process uses by the copy; the former one is kept.

    Raises:
        DatabaseUnusable: the URL names no supported database.
        StoreUnavailable: the copy cannot be read, or its destination cannot be written.
    """
    url = normalised(database_url)
    if url.get_backend_name() != "sqlite" or url.database is None:
        return NotRestored(
            "PostgreSQL restores by itself: use pg_restore, then run this command without a file."
        )
    database = Path(url.database)
    if not await asyncio.to_thread(copy.is_file):
        return NotRestored(f"There is no file {copy}.")
    beside = database.with_name(f"{database.name}.restoring")
    try:
        await asyncio.to_thread(_copied, copy, beside)
        # Made safe before it has the name under which a bot would start on it.
        outcome = await disarm(url.set(database=str(beside)).render_as_string(), at)
        if isinstance(outcome, NotRestored):
            return outcome
        aside = await asyncio.to_thread(_exchanged, beside, database, at)
    except DatabaseUnusable as error:
        return NotRestored(f"{copy} can't be used: {error}.")
    except OSError as error:
        raise StoreUnavailable(f"{database} can't be written: {error.strerror}") from error
    finally:
        await asyncio.to_thread(_removed, beside)
    return Restored(outcome.unsure, aside)


async def disarm(database_url: str, at: datetime) -> RestoreOutcome:
    """Make unsure what a bot would send next, in a database that was restored by other means.

    Raises:
        DatabaseUnusable, DatabaseTooNew, StoreUnavailable: the database cannot be used.
    """
    if isinstance(await look_at_schema(database_url), NotMadeYet):
        return NotRestored("That is no database of this bot, or one without anything in it.")
    async with open_store(database_url) as store:
        return Restored(await _made_unsure(store, at))


async def _made_unsure(store: SqlJobStore, at: datetime) -> int:
    unsure = 0
    for job in await store.unfinished():
        if job.state in UNSENT_STATES:
            unsure += await store.move(job, BackupRestored(), at) is not None
    return unsure


def _copied(copy: Path, beside: Path) -> None:
    try:
        _copied_whole(copy, beside)
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"it is no database, or a damaged one ({error})") from error


def _copied_whole(copy: Path, beside: Path) -> None:
    _removed(beside)
    os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    there = f"{copy.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(there, uri=True)) as source,
        closing(sqlite3.connect(beside)) as target,
    ):
        source.backup(target)
        (verdict,) = target.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DatabaseUnusable("it is damaged, take an earlier backup")


def _exchanged(beside: Path, database: Path, at: datetime) -> Path | None:
    """Where the former database is now, None if there was none; interrupted, one is in place."""
    _belongs_like(database if database.exists() else database.parent, beside)
    put_on_disk(beside)
    aside = None
    if database.exists():
        aside = database.with_name(f"{database.name}.before-{at:%Y%m%dT%H%M%S}")
        for ending in SIDE_FILES:
            with suppress(FileNotFoundError):
                shutil.copy2(f"{database}{ending}", f"{aside}{ending}")
                _belongs_like(database, Path(f"{aside}{ending}"))
        _folded(database)
    # Before the exchange: SQLite would read them into any file with this name.
    for ending in SIDE_FILES[1:]:
        Path(f"{database}{ending}").unlink(missing_ok=True)
    beside.replace(database)
    put_on_disk(database.parent)
    return aside


def _belongs_like(there: Path, file: Path) -> None:
    """Give root's file the owner of the file that it replaces, or of its folder."""
    model = there.stat()
    if stat.S_ISREG(model.st_mode):
        file.chmod(stat.S_IMODE(model.st_mode))
    # Only root may give files away, and only root has to; Windows has no such call.
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(file, model.st_uid, model.st_gid)


def _folded(database: Path) -> None:
    """Merge the side files into the database file, if that is still possible."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _removed(database: Path) -> None:
    for ending in SIDE_FILES:
        Path(f"{database}{ending}").unlink(missing_ok=True)
