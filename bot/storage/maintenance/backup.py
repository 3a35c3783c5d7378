"""Copies a SQLite database to one consistent file, even while a bot writes to it."""

import asyncio
import os
import shlex
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from bot.storage.engine import normalised


@dataclass(frozen=True, slots=True)
class BackedUp:
    """The copy is complete, checked, on the disk, and readable by its owner alone."""

    size_bytes: int


@dataclass(frozen=True, slots=True)
class NotBackedUp:
    """There is no copy, and no leftover; the text says why and what to do."""

    why: str


BackupOutcome = BackedUp | NotBackedUp


async def back_up(database_url: str, into: Path) -> BackupOutcome:
    """Copy the current database to a new file.

    Raises:
        DatabaseUnusable: the URL names no supported database.
    """
    url = normalised(database_url)
    if url.get_backend_name() != "sqlite" or url.database is None:
        # Not in the URL, where a name before the @ would be redacted as a secret.
        who = [] if url.username is None else [f"--username={url.username}"]
        words = ["pg_dump", "--format=custom", f"--file={into}", *who, _bare(url)]
        command = shlex.join(words)
        return NotBackedUp(f"PostgreSQL makes its own backups, at any time: {command}")
    return await asyncio.to_thread(_copy, Path(url.database), into)


def _bare(url: URL) -> str:
    """The URL for PostgreSQL's own tools, without the password: they ask for it."""
    return URL.create(
        "postgresql", None, None, url.host, url.port, url.database, url.query
    ).render_as_string()


def _copy(database: Path, into: Path) -> BackupOutcome:
    if not database.is_file():
        return NotBackedUp(f"There is no database yet in {database}.")
    try:
        # Reserved first, so that of two backups under one name the second is refused.
        os.close(os.open(into, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return NotBackedUp(f"{into} is there already, and is left as it is: choose another name.")
    except OSError as error:
        return NotBackedUp(f"{into} can't be written: {error.strerror}.")
    unfinished = into.with_name(f"{into.name}.part")
    try:
        outcome = _copy_whole(database, unfinished, into)
    except sqlite3.Error as error:
        outcome = NotBackedUp(f"{database} can't be copied: {error}.")
    except OSError as error:
        outcome = NotBackedUp(f"{into} can't be written: {error.strerror}.")
    if isinstance(outcome, NotBackedUp):
        for left in (unfinished, into):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return outcome


def _copy_whole(database: Path, unfinished: Path, into: Path) -> BackupOutcome:
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    # Never created if missing; opened for writing, so that its last user removes its side files.
    there = f"{database.absolute().as_uri()}?mode=rw"
    with (
        closing(sqlite3.connect(there, uri=True)) as source,
        closing(sqlite3.connect(unfinished)) as copy,
    ):
        # In one step, within one read transaction: other processes can write meanwhile.
        source.backup(copy)
        # A single file without side files, wherever it is read later.
        copy.execute("PRAGMA journal_mode = DELETE")
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        return NotBackedUp(f"{database} is damaged: keep it, and go back to an earlier backup.")
    put_on_disk(unfinished)
    unfinished.replace(into)
    put_on_disk(into.parent)
    return BackedUp(into.stat().st_size)


def put_on_disk(path: Path) -> None:
    """Return once the file, or the folder's list of names, would survive a loss of power."""
    # Windows opens no folder, and takes only what may be written.
    on_windows = not hasattr(os, "O_DIRECTORY")
    if on_windows and path.is_dir():
        return
    number = os.open(path, os.O_RDWR if on_windows else os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
