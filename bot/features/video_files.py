"""Finds a delivered video again: in the archive, on its card, or at the service, which forgets."""

import logging
from asyncio import to_thread
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import assert_never

from bot.domain.denied import Denied
from bot.domain.job import Job
from bot.domain.outcomes import Fetched, Media, MediaKind, NotFetched, TooLarge
from bot.domain.ports import Copier, LocalFile, MediaSource, Playing
from bot.features.library.library import LibraryRefusal, VideoAnswer, VideoFiles
from bot.runner.files.keeper import FileKeeper
from bot.runner.files.preparer import FILES_PER_MESSAGE, plays_as_it_is, suffix_of

logger = logging.getLogger(__name__)


OnCard = Callable[[Job, Path], Awaitable[bool]]
"""Writes the video on a job's card to a path; False if there is none, or it cannot be read."""


class VideoFinder:
    """Brings files to this machine's disk for as long as they are needed."""

    def __init__(
        self,
        *,
        files: FileKeeper,
        media_source: MediaSource,
        copier: Copier | None,
        original_on_card: OnCard,
        copy_on_card: OnCard,
        random: Random,
    ) -> None:
        self._copier = copier
        self._original_on_card = original_on_card
        self._copy_on_card = copy_on_card
        self._files = files
        self._media_source = media_source
        self._random = random

    @asynccontextmanager
    async def files_of(self, job: Job, limit_bytes: int) -> AsyncGenerator[VideoAnswer]:
        """The files of a delivered job; fetched ones are deleted when the context ends."""
        if archived := await self._files.archived(job.id):
            yield VideoFiles(job, await _fitting(job, archived, limit_bytes))
            return
        name = self._unique_name(job)
        try:
            yield await self._fetched(job, name, limit_bytes)
        finally:
            await self._discard(name)

    @asynccontextmanager
    async def video_of(self, job: Job) -> AsyncGenerator[Path | Denied[LibraryRefusal]]:
        """The first video of a delivered job, as good as it can be had; deleted like `files_of`."""
        videos = (number for number, one in enumerate(job.media, 1) if one.kind is MediaKind.VIDEO)
        if (number := next(videos, None)) is None:
            yield Denied(LibraryRefusal.NO_VIDEO)
            return
        for archived in await self._files.archived(job.id):
            if archived.name.startswith(f"original-{number}."):
                yield archived
                return
        name = self._unique_name(job)
        try:
            yield await self._video(job, job.media[number - 1], name)
        finally:
            await self._discard(name)

    @asynccontextmanager
    async def showable(self, job: Job, limit_bytes: int) -> AsyncGenerator[LocalFile | None]:
        """The first video of a delivered job, of at most so many bytes; deleted like `files_of`.

        None if it cannot be had, or only larger.
        """
        videos = (number for number, one in enumerate(job.media, 1) if one.kind is MediaKind.VIDEO)
        number, name, file = next(videos, 0), self._unique_name(job), None
        try:
            try:
                file = await self._showable(job, number, name, limit_bytes) if number else None
            except OSError:
                logger.exception("job %s: no room on the disk to show it elsewhere", job.id)
            yield file
        finally:
            await self._discard(name)

    async def _showable(
        self, job: Job, number: int, name: str, limit_bytes: int
    ) -> LocalFile | None:
        """From the archive, its card, or the service."""
        into = await self._files.folder(name) / f"original-{number}.mp4"
        archived = await self._files.archived(job.id)
        found = [one for one in archived if one.name.startswith(f"original-{number}.")]
        if not found:
            source = job.media[number - 1]
            is_had = (
                await self._original_on_card(job, into)
                or await self._copy_on_card(job, into)
                or isinstance(await self._media_source.fetch(source, into), Fetched)
            )
            found = [into] if is_had and await self._plays(into) else []
        fitting = await _fitting(job, found, limit_bytes)
        return fitting[0] if fitting else None

    async def _video(self, job: Job, media: Media, name: str) -> Path | Denied[LibraryRefusal]:
        into = await self._files.folder(name) / "video"
        if await self._original_on_card(job, into):
            return into
        outcome = await self._media_source.fetch(media, into)
        if isinstance(outcome, Fetched) or await self._copy_on_card(job, into):
            return into
        logger.warning("job %s: its video is nowhere to be found any more", job.id)
        is_missing = isinstance(outcome, NotFetched) and outcome.is_missing
        return Denied(LibraryRefusal.GONE if is_missing else LibraryRefusal.FETCH_FAILED)

    def _unique_name(self, job: Job) -> str:
        # Two actions at once must not write into one file.
        return f"{job.id}-again-{self._random.getrandbits(32):08x}"

    async def _fetched(self, job: Job, name: str, limit_bytes: int) -> VideoAnswer:
        """Whatever can be fetched; a refusal only if nothing can be."""
        try:
            folder = await self._files.folder(name)
        except OSError:
            logger.exception("job %s: no room on the disk to fetch it again", job.id)
            return Denied(LibraryRefusal.FETCH_FAILED)
        fetched: list[Path] = []
        refusals: list[LibraryRefusal] = []
        for number, media in enumerate(job.media[:FILES_PER_MESSAGE], start=1):
            into = folder / f"original-{number}"
            outcome = await self._media_source.fetch(media, into)
            match outcome:
                case Fetched():
                    if media.kind is not MediaKind.VIDEO or await self._plays(into):
                        whole = into.with_name(into.name + suffix_of(outcome, media.kind))
                        fetched.append(await to_thread(into.rename, whole))
                case TooLarge():
                    pass
                case NotFetched(what_happened, is_missing=is_missing):
                    logger.warning("job %s: couldn't fetch it again (%s)", job.id, what_happened)
                    refusals.append(
                        LibraryRefusal.GONE if is_missing else LibraryRefusal.FETCH_FAILED
                    )
                case _:
                    assert_never(outcome)
        if refusals and len(refusals) == len(job.media[:FILES_PER_MESSAGE]):
            return Denied(refusals[0])
        return VideoFiles(job, await _fitting(job, fetched, limit_bytes))

    async def _plays(self, video: Path) -> bool:
        if self._copier is None:
            return True
        return await self._copier.inspect(video) is Playing.AS_IT_IS

    async def _discard(self, name: str) -> None:
        try:
            await self._files.forget(name)
        except OSError:
            # The next start clears the spool.
            logger.exception("couldn't delete %s", name)


async def _fitting(job: Job, files: Sequence[Path], limit_bytes: int) -> list[LocalFile]:
    """The files that play and are not too large, in the order of the result."""

    def look() -> list[LocalFile]:
        numbered = {
            int(file.name.partition(".")[0].removeprefix("original-")): file for file in files
        }
        return [
            LocalFile(
                path=file,
                name=job.file_name(number, file.suffix),
                size_bytes=file.stat().st_size,
                media=job.media[number - 1],
            )
            for number, file in sorted(numbered.items())
            if number <= len(job.media)
            and file.stat().st_size <= limit_bytes
            and plays_as_it_is(file)
        ]

    return await to_thread(look)
