"""One process per data folder: a second one would carry on the same jobs and share the spool."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class DataFolderInUse(Exception):  # noqa: N818 - says what is so, not what went wrong
    """Another process works on this data folder, or it cannot be written; the text says which."""


@contextmanager
def locked(data_dir: Path) -> Generator[None]:
    """Hold the folder's lock; the system itself lets go of it when the process dies.

    Raises:
        DataFolderInUse: somebody else holds it, or the folder cannot be written.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(data_dir / "lock", timeout=0, mode=0o600)
        lock.acquire()
    except Timeout as error:
        raise DataFolderInUse(
            f"{data_dir} is in use by another bot process: stop that one, or set another DATA_DIR."
        ) from error
    except OSError as error:
        raise DataFolderInUse(f"{data_dir} cannot be used: {error.strerror}.") from error
    try:
        yield
    finally:
        lock.release()
