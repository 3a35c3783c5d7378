"""One process per data folder and per database file: two would work on the same jobs."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.domain.ownership import is_root, not_ours, this_user


class DataFolderInUse(Exception):  # noqa: N818 - says what is so, not what went wrong
    """Another process uses this data folder, or it cannot be written; the text says which."""


@contextmanager
def locked(data_dir: Path) -> Generator[None]:
    """Hold the folder's lock; the operating system releases it when the process dies.

    Raises:
        DataFolderInUse: another process holds it, or the folder cannot be written.
    """
    refusal = "stop that one, or set another DATA_DIR"
    with _held(data_dir / "lock", of=data_dir, refusal=refusal):
        yield


@contextmanager
def locked_file(database: Path) -> Generator[None]:
    """Hold the lock of a SQLite file, wherever it is: two DATA_DIRs may share one.

    Raises:
        DataFolderInUse: another process holds it, or its folder cannot be written.
    """
    # By its real name, since two names may lead to it.
    real = database.resolve()
    with _held(real.with_name(f"{real.name}.lock"), of=database, refusal="stop that one"):
        yield


@contextmanager
def _held(path: Path, *, of: Path, refusal: str) -> Generator[None]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(path, timeout=0, mode=0o600)
        lock.acquire()
        if is_root():
            # Root must leave the file to the folder's owner: the bot has to lock it afterwards.
            folder = path.parent.stat()
            os.chown(path, folder.st_uid, folder.st_gid)
    except Timeout as error:
        raise DataFolderInUse(f"{of} is in use by another bot process: {refusal}.") from error
    except OSError as error:
        if (whose := not_ours(path)) is not None:
            raise DataFolderInUse(f"{whose}.") from error
        raise DataFolderInUse(
            f"{of} can't be used by {this_user()} ({error.strerror}): make the folder, or give "
            "it to that user."
        ) from error
    try:
        yield
    finally:
        lock.release()
