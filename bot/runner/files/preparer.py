"""Prepares a result for its place: fetches it, and makes a copy if the original is too large."""

import logging
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from random import Random
from typing import assert_never

from bot.domain.job import Job
from bot.domain.outcomes import Fetched, Media, MediaKind, NotFetched, TooLarge
from bot.domain.ports import (
    Clock,
    Copied,
    Copier,
    CopyOutcome,
    LocalFile,
    MediaSource,
    NotCopied,
    Playing,
)
from bot.runner.cadence import retry_delay_s
from bot.runner.files.keeper import FileKeeper

logger = logging.getLogger(__name__)

FETCH_ATTEMPTS = 3
NEEDS_COPY = ".needs-copy"
UNREADABLE = ".unreadable"
_MARKS = {
    Playing.AS_IT_IS: "",
    Playing.AS_A_COPY: NEEDS_COPY,
    Playing.NOT_AT_ALL: UNREADABLE,
}
FILES_PER_MESSAGE = 10
"""Discord's limit of attachments to a message."""

_SUFFIXES = {
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
}
_FALLBACK_SUFFIX = {MediaKind.VIDEO: ".mp4", MediaKind.IMAGE: ".png"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The files to attach, in the order of the result."""

    files: Sequence[LocalFile] = ()
    is_whole: bool = False
    """False while a file is missing for a reason that may pass."""


class _Missing(Enum):
    FOR_NOW = auto()
    FOR_GOOD = auto()
    """Only a link is possible: retries cannot make the file attachable."""


class Preparer:
    """Turns a job's result into files that fit its place; the rest becomes links."""

    def __init__(
        self,
        *,
        media_source: MediaSource,
        files: FileKeeper,
        copier: Copier | None,
        clock: Clock,
        random: Random,
    ) -> None:
        self._media_source = media_source
        self._files = files
        self._copier = copier
        self._clock = clock
        self._random = random

    async def prepare(self, job: Job, *, limit_bytes: int | None = None) -> Prepared:
        """The files to attach; it is no error if there are none.

        They fit the job's place, or any place whose limit is `limit_bytes`.
        """
        limit_bytes = job.place.upload_limit_bytes if limit_bytes is None else limit_bytes
        prepared = [
            await self._prepared(job, media, number, limit_bytes=limit_bytes)
            for number, media in enumerate(job.media[:FILES_PER_MESSAGE], start=1)
        ]
        return Prepared(
            files=[file for file in prepared if isinstance(file, LocalFile)],
            is_whole=_Missing.FOR_NOW not in prepared,
        )

    async def _prepared(
        self, job: Job, media: Media, number: int, *, limit_bytes: int
    ) -> LocalFile | _Missing:
        try:
            folder = await self._files.folder(job.id)
            original = await self._original(job, media, folder, number)
            if isinstance(original, _Missing):
                return original
            return await self._fitting(job, original, limit_bytes)
        except OSError as error:
            logger.error("job %s: couldn't write its files to the disk: %s", job.id, error.strerror)  # noqa: TRY400 - the traceback would say no more
        except Exception:  # the gate of one file: whatever it is, the video is not held up by it
            logger.exception("job %s: couldn't prepare a file", job.id)
        return _Missing.FOR_NOW

    async def _original(
        self, job: Job, media: Media, folder: Path, number: int
    ) -> LocalFile | _Missing:
        """The file as the service made it: from an earlier try, else fetched."""
        stem = f"original-{number}"
        found = await to_thread(_find, folder, stem)
        if found is None:
            suffix = await self._fetch(job, media, folder / stem)
            if isinstance(suffix, _Missing):
                return suffix
            mark = await self._mark(media, folder / stem)
            # It gets its full name only when complete: half a file from an earlier try does not
            # count.
            found = await to_thread((folder / stem).rename, folder / f"{stem}{mark}{suffix}")
        size_bytes = (await to_thread(found.stat)).st_size
        name = job.file_name(number, found.suffix)
        return LocalFile(path=found, name=name, size_bytes=size_bytes, media=media)

    async def _mark(self, media: Media, file: Path) -> str:
        """The inspection's result for the file's name, so that the file is inspected only once."""
        if media.kind is not MediaKind.VIDEO or self._copier is None:
            return ""
        return _MARKS[await self._copier.inspect(file)]

    async def _fetch(self, job: Job, media: Media, into: Path) -> str | _Missing:
        """Fetch to `into`; returns the suffix for its type, or why there is no file."""
        for attempt in range(1, FETCH_ATTEMPTS + 1):
            outcome = await self._media_source.fetch(media, into)
            match outcome:
                case Fetched():
                    return suffix_of(outcome, media.kind)
                case TooLarge():
                    logger.error("job %s: a file is over MAX_DOWNLOAD_MIB: link only", job.id)
                    return _Missing.FOR_GOOD
                case NotFetched(what_happened, passing=False):
                    logger.error("job %s: couldn't fetch a file (%s)", job.id, what_happened)
                    return _Missing.FOR_GOOD
                case NotFetched(what_happened):
                    logger.warning("job %s: couldn't fetch a file (%s)", job.id, what_happened)
                    if attempt < FETCH_ATTEMPTS:
                        await self._clock.sleep(retry_delay_s(attempt, None, self._random))
                case _:
                    assert_never(outcome)
        return _Missing.FOR_NOW

    async def _fitting(
        self, job: Job, original: LocalFile, limit_bytes: int
    ) -> LocalFile | _Missing:
        if original.size_bytes <= limit_bytes and plays_as_it_is(original.path):
            return original
        is_video = original.media.kind is MediaKind.VIDEO
        if self._copier is None or not is_video or UNREADABLE in original.path.suffixes:
            return _Missing.FOR_GOOD
        into = original.path.with_name(f"copy-{original.path.stem}.mp4")
        size_before = await to_thread(_size_of, into)
        outcome: CopyOutcome = Copied(size_before)
        if not 0 < size_before <= limit_bytes:
            outcome = await self._copier.copy(
                original.path,
                into,
                limit_bytes=limit_bytes,
                duration_s=job.request.duration_s,
                sound=job.request.sound,
            )
        match outcome:
            case Copied(size_bytes):
                return LocalFile(
                    path=into,
                    name=f"{Path(original.name).stem}-copy.mp4",
                    size_bytes=size_bytes,
                    media=original.media,
                    is_copy=True,
                )
            case NotCopied(what_happened, passing=passing):
                logger.warning("job %s: couldn't make a copy that fits (%s)", job.id, what_happened)
                return _Missing.FOR_NOW if passing else _Missing.FOR_GOOD
            case _:
                assert_never(outcome)


def suffix_of(fetched: Fetched, kind: MediaKind) -> str:
    """The file name's suffix, by what was fetched."""
    return _SUFFIXES.get(fetched.content_type, _FALLBACK_SUFFIX[kind])


def plays_as_it_is(original: Path) -> bool:
    """Whether the inspection found the file playable."""
    return not {NEEDS_COPY, UNREADABLE} & {*original.suffixes}


def _find(folder: Path, stem: str) -> Path | None:
    known = {*_SUFFIXES.values()}
    return next((file for file in folder.glob(f"{stem}.*") if file.suffix in known), None)


def _size_of(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
