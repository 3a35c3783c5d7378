"""Keeps fetched results until they are delivered, and then as long as the archive allows."""

import asyncio
import logging
import shutil
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.domain.job import JobId
from bot.domain.ownership import not_ours

logger = logging.getLogger(__name__)

_PRIVATE: Final = 0o700
"""Videos belong to their requesters: no other user of this machine may read them."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Where originals are kept after delivery, and the limits for that."""

    folder: Path
    max_bytes: int
    max_age: timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """One job's folder and its content."""

    folder: Path
    size_bytes: int
    kept_at: float
    """When it was stored here, in seconds since 1970."""
    written_at: float
    """When anything in it was last written."""


class FileKeeper:
    """A folder per job: in the spool until the job is delivered, then archived or deleted.

    Only delivered jobs reach the archive, so its limits never delete undelivered files. All disk
    work runs off the event loop. A disk failure costs a file, never a job.
    """

    def __init__(self, *, spool_dir: Path, archive: Archive | None) -> None:
        self._spool_dir = spool_dir
        self._archive = archive

    async def folder(self, job_id: JobId) -> Path:
        """The job's folder in the spool, created if needed.

        Raises:
            OSError: the folder cannot be created.
        """
        folder = self._spool_dir / job_id
        await asyncio.to_thread(_made_private, folder)
        return folder

    async def delivered(self, job_id: JobId) -> None:
        """Move the job's originals to the archive, if there is one, and clear its spool."""
        try:
            await asyncio.to_thread(self._put_away, job_id)
        except OSError as error:
            # The requester has the result: a full disk here concerns only the operator.
            logger.error("job %s: couldn't put its files away: %s", job_id, error.strerror)  # noqa: TRY400 - the traceback would say no more

    async def archived(self, job_id: JobId) -> list[Path]:
        """The originals of a delivered job, as far as the archive still has them."""
        if self._archive is None:
            return []
        folder = self._archive.folder / job_id
        return await asyncio.to_thread(lambda: sorted(folder.glob("original-*")))

    async def forget(self, job_id: JobId) -> None:
        """Delete all files of the job, in the archive too; it is no error if there are none.

        Raises:
            OSError: a file could not be deleted.
        """
        await asyncio.to_thread(self._forget, job_id)

    async def clear(self, *, keep: Collection[JobId]) -> None:
        """Delete the spool's folders of all other jobs: left-overs of a crash."""
        try:
            whose = await asyncio.to_thread(self._clear, frozenset(keep))
            if whose is not None:
                logger.error("%s; until then cards show links instead of videos", whose)
        except OSError as error:
            logger.error(  # noqa: TRY400 - the traceback would say no more
                "couldn't read %s (%s): no files are kept there, and cards show links instead",
                self._spool_dir,
                error.strerror,
            )

    def _forget(self, job_id: JobId) -> None:
        kept_in = (
            [self._spool_dir] if self._archive is None else [self._spool_dir, self._archive.folder]
        )
        for folder in kept_in:
            with suppress(FileNotFoundError):
                shutil.rmtree(folder / job_id)

    def _clear(self, keep: frozenset[JobId]) -> str | None:
        """What of it belongs to another user, such as root who once tried the bot, if anything."""
        if not self._spool_dir.is_dir():
            return None
        if (whose := not_ours(self._spool_dir)) is not None:
            return whose
        self._spool_dir.chmod(_PRIVATE)
        for folder in self._spool_dir.iterdir():
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)
        return not_ours(*self._spool_dir.iterdir())

    def _put_away(self, job_id: JobId) -> None:
        spooled = self._spool_dir / job_id
        try:
            if self._archive is not None and spooled.is_dir():
                target = self._archive.folder / job_id
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
                for original in spooled.glob("original-*"):
                    # This copies if the archive is on another disk; the spool is cleared in both
                    # cases.
                    shutil.move(original, target / original.name)
                remove(beyond_limits(self._archive, None))
        finally:
            shutil.rmtree(spooled, ignore_errors=True)


def _made_private(folder: Path) -> None:
    """Create it and its parent folder, closed to others; an existing parent is closed too."""
    around = folder.parent
    around.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    if around.stat().st_mode & 0o777 != _PRIVATE:
        around.chmod(_PRIVATE)
    folder.mkdir(mode=_PRIVATE, exist_ok=True)


def beyond_limits(archive: Archive, now: datetime | None) -> list[Kept]:
    """What has to leave the archive: files that are too old, then the oldest until the rest fits.

    Without `now` age does not count: only the daily run knows the time for certain.

    Raises:
        OSError: the archive cannot be read.
    """
    entries = sorted(kept_in(archive.folder), key=lambda entry: entry.kept_at)
    oldest_allowed = 0.0 if now is None else (now - archive.max_age).timestamp()
    total = sum(entry.size_bytes for entry in entries)
    leaving: list[Kept] = []
    for entry in entries:
        if entry.kept_at >= oldest_allowed and total <= archive.max_bytes:
            break
        leaving.append(entry)
        total -= entry.size_bytes
    return leaving


def kept_in(folder: Path) -> list[Kept]:
    """The folders in a folder, unordered; what disappears meanwhile is left out.

    Raises:
        OSError: the folder cannot be read.
    """
    found: list[Kept] = []
    for entry in folder.iterdir():
        with suppress(FileNotFoundError):
            stats = [file.stat() for file in entry.glob("*")]
            kept_at = entry.stat().st_mtime
            written_at = max([kept_at, *(stat.st_mtime for stat in stats)])
            size_bytes = sum(stat.st_size for stat in stats)
            found.append(Kept(entry, size_bytes, kept_at, written_at))
    return found


def remove(kept: Iterable[Kept]) -> None:
    """Delete folders, as far as they exist and can be deleted."""
    for entry in kept:
        shutil.rmtree(entry.folder, ignore_errors=True)
