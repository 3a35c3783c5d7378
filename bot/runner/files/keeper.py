"""Keeps fetched results until they are delivered, and afterwards as long as the archive may."""

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

logger = logging.getLogger(__name__)

_PRIVATE: Final = 0o700
"""Videos are their requesters': nobody else on this machine may read them."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Where originals are kept after delivery, and within which limits."""

    folder: Path
    max_bytes: int
    max_age: timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """One job's folder and what lies in it."""

    folder: Path
    size_bytes: int
    kept_at: float
    """When it came here, in seconds since 1970."""
    written_at: float
    """When anything in it was written last."""


class FileKeeper:
    """A folder per job: in the spool until the job is delivered, then in the archive or gone.

    Only delivered jobs ever reach the archive, so whatever its limits delete was delivered.
    All disk work runs off the event loop. A disk that fails costs a file, never a job.
    """

    def __init__(self, *, spool_dir: Path, archive: Archive | None) -> None:
        self._spool_dir = spool_dir
        self._archive = archive

    async def folder(self, job_id: JobId) -> Path:
        """The job's folder in the spool, made if need be.

        Raises:
            OSError: the disk does not take it.
        """
        folder = self._spool_dir / job_id
        await asyncio.to_thread(_made_private, folder)
        return folder

    async def delivered(self, job_id: JobId) -> None:
        """Move the job's originals to the archive, if there is one, and clear its spool."""
        try:
            await asyncio.to_thread(self._put_away, job_id)
        except OSError as error:
            # The result is with its requester: a full disk here is the operator's news alone.
            logger.error("the files of job %s could not be put away: %s", job_id, error.strerror)  # noqa: TRY400 - the traceback would say no more

    async def archived(self, job_id: JobId) -> list[Path]:
        """The originals of a delivered job, as far as the archive still has them."""
        if self._archive is None:
            return []
        folder = self._archive.folder / job_id
        return await asyncio.to_thread(lambda: sorted(folder.glob("original-*")))

    async def forget(self, job_id: JobId) -> None:
        """Delete whatever is kept of the job, in the archive too; nothing there is no error.

        Raises:
            OSError: something could not be deleted.
        """
        await asyncio.to_thread(self._forget, job_id)

    async def clear(self, *, keep: Collection[JobId]) -> None:
        """Remove from the spool what belongs to none of these jobs: left-overs of a crash."""
        try:
            await asyncio.to_thread(self._clear, frozenset(keep))
        except OSError as error:
            logger.error(  # noqa: TRY400 - the traceback would say no more
                "%s cannot be read (%s): no file is kept there, and videos are shown as links",
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

    def _clear(self, keep: frozenset[JobId]) -> None:
        if not self._spool_dir.is_dir():
            return
        self._spool_dir.chmod(_PRIVATE)
        for folder in self._spool_dir.iterdir():
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)

    def _put_away(self, job_id: JobId) -> None:
        spooled = self._spool_dir / job_id
        try:
            if self._archive is not None and spooled.is_dir():
                target = self._archive.folder / job_id
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
                for original in spooled.glob("original-*"):
                    # A copy where the archive is another disk; the spool is cleared either way.
                    shutil.move(original, target / original.name)
                remove(beyond_limits(self._archive, None))
        finally:
            shutil.rmtree(spooled, ignore_errors=True)


def _made_private(folder: Path) -> None:
    """Make it and the folder around it, which others may not look into, whoever made that one."""
    around = folder.parent
    around.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    if around.stat().st_mode & 0o777 != _PRIVATE:
        around.chmod(_PRIVATE)
    folder.mkdir(mode=_PRIVATE, exist_ok=True)


def beyond_limits(archive: Archive, now: datetime | None) -> list[Kept]:
    """What has to leave the archive: the too old, and the oldest until the rest has room.

    Without `now` age is no reason: the daily run alone knows what time it is for certain.

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
    """The folders in a folder, in no order; what goes away meanwhile is left out.

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
    """Delete folders, as far as they are there and can be."""
    for entry in kept:
        shutil.rmtree(entry.folder, ignore_errors=True)
