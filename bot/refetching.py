"""Finds a delivered video once more: in the archive, else at the service, which forgets in time."""

import logging
from asyncio import to_thread
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import assert_never

from bot.generation.job import Job
from bot.generation.library import KeptFiles, LibraryRefusal, NotServed, VideoAnswer
from bot.generation.library import VideoFiles as Files
from bot.generation.library import VideoLinks as Links
from bot.generation.outcomes import Fetched, MediaKind, NotFetched, TooLarge
from bot.generation.ports import Copier, MediaSource, Playing
from bot.runner.preparing import FILES_PER_MESSAGE, plays_as_it_is, suffix_of

logger = logging.getLogger(__name__)


class Refetcher:
    """Brings files to this machine's disk for as long as somebody needs them."""

    def __init__(
        self,
        *,
        files: KeptFiles,
        media_source: MediaSource,
        copier: Copier | None,
        random: Random,
    ) -> None:
        self._copier = copier
        self._files = files
        self._media_source = media_source
        self._random = random

    @asynccontextmanager
    async def video(self, job: Job, *, limit_bytes: int) -> AsyncGenerator[VideoAnswer]:
        """The files of a delivered job; fetched ones are deleted when the context ends."""
        if archived := await self._files.archived(job.id):
            yield await _within(limit_bytes, job, archived)
            return
        # A name of its own: two presses at once must not write into one file.
        name = f"{job.id}-again-{self._random.getrandbits(32):08x}"
        try:
            yield await self._fetched(job, name, limit_bytes)
        finally:
            await self._discard(name)

    async def _fetched(self, job: Job, name: str, limit_bytes: int) -> VideoAnswer:
        try:
            folder = await self._files.folder(name)
        except OSError:
            logger.exception("job %s: no room to fetch it again", job.id)
            return NotServed(LibraryRefusal.FETCH_FAILED)
        fetched: list[Path] = []
        for number, media in enumerate(job.media[:FILES_PER_MESSAGE], start=1):
            into = folder / f"original-{number}"
            outcome = await self._media_source.fetch(media, into)
            match outcome:
                case Fetched():
                    if media.kind is MediaKind.VIDEO and not await self._plays(into):
                        return Links(job, job.media)
                    whole = into.with_name(into.name + suffix_of(outcome, media.kind))
                    fetched.append(await to_thread(into.rename, whole))
                case TooLarge():
                    return Links(job, job.media)
                case NotFetched(what_happened, is_missing=is_missing):
                    logger.warning("job %s: not fetched again (%s)", job.id, what_happened)
                    return NotServed(
                        LibraryRefusal.GONE if is_missing else LibraryRefusal.FETCH_FAILED
                    )
                case _:
                    assert_never(outcome)
        return await _within(limit_bytes, job, fetched)

    async def _plays(self, video: Path) -> bool:
        if self._copier is None:
            return True
        return await self._copier.inspect(video) is Playing.AS_IT_IS

    async def _discard(self, name: str) -> None:
        try:
            await self._files.forget(name)
        except OSError:
            # The next start clears the spool.
            logger.exception("%s could not be deleted", name)


async def _within(limit_bytes: int, job: Job, files: Sequence[Path]) -> VideoAnswer:
    sizes = await to_thread(lambda: [file.stat().st_size for file in files])
    fit = max(sizes, default=0) <= limit_bytes and all(map(plays_as_it_is, files))
    return Files(job, files) if fit else Links(job, job.media)
