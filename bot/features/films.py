"""Films: a video begins where another ends, and such a chain becomes one film, at no cost."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Final, assert_never

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.generation.request import DURATION_MIN_S
from bot.domain.job import Job, JobId, State
from bot.domain.outages import unless_away
from bot.domain.ports import Copied, JobStore, NotCopied
from bot.features.library.library import LibraryRefusal
from bot.features.video_files import VideoFinder
from bot.runner.files.keeper import FileKeeper
from bot.runner.transcoding.ffmpeg import FfmpegCopier
from bot.runner.transcoding.films import Joined, JoinLimits, NotJoined, join
from bot.runner.transcoding.frames import NoFrame, last_frame

logger = logging.getLogger(__name__)


class FilmRefusal(StrEnum):
    """Why there is no film or no last picture: each has its own message."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    NOT_FINISHED = "not_finished"
    """It is not delivered yet, or it ended without a video."""
    GONE = "gone"
    """The video can be had nowhere any more: it was deleted, erased or forgotten."""
    NOT_NOW = "not_now"
    """The video cannot be fetched at the moment."""
    UNREADABLE = "unreadable"
    ONE_PART = "one_part"
    TOO_LONG = "too_long"
    BUSY = "busy"
    NO_FFMPEG = "no_ffmpeg"
    TOO_SLOW = "too_slow"
    DISK_FULL = "disk_full"
    TOO_LARGE = "too_large"
    FAILED = "failed"


_NO_FRAME = {
    NoFrame.NO_FFMPEG: FilmRefusal.NO_FFMPEG,
    NoFrame.UNREADABLE: FilmRefusal.UNREADABLE,
    NoFrame.TOO_SLOW: FilmRefusal.TOO_SLOW,
}
_NOT_JOINED = {
    NotJoined.NO_FFMPEG: FilmRefusal.NO_FFMPEG,
    NotJoined.UNREADABLE: FilmRefusal.UNREADABLE,
    NotJoined.TOO_LONG: FilmRefusal.TOO_LONG,
    NotJoined.TOO_SLOW: FilmRefusal.TOO_SLOW,
    NotJoined.DISK_FULL: FilmRefusal.DISK_FULL,
    NotJoined.FAILED: FilmRefusal.FAILED,
}
_ASK_LATER: Final = frozenset({LibraryRefusal.FETCH_FAILED, LibraryRefusal.NOT_NOW})


@dataclass(frozen=True, slots=True)
class Film:
    """A joined film, on this machine's disk while the context is open."""

    parts: Sequence[Job]
    file: Path
    made: Joined
    copier: FfmpegCopier

    @property
    def spoiler(self) -> bool:
        """Whether any of its parts is covered."""
        return any(part.spoiler for part in self.parts)

    async def within(self, limit_bytes: int) -> Path | None:
        """The film, or a copy of it, of at most so many bytes; None if nothing watchable fits."""
        if self.made.size_bytes <= limit_bytes:
            return self.file
        into = self.file.with_name(f"copy-{limit_bytes}.mp4")
        outcome = await self.copier.copy(
            self.file,
            into,
            limit_bytes=limit_bytes,
            duration_s=self.made.duration_s,
            sound=self.made.sound,
        )
        match outcome:
            case Copied():
                return into
            case NotCopied(what_happened):
                logger.warning("couldn't make a film small enough (%s)", what_happened)
                return None
            case _:
                assert_never(outcome)


class Films:
    """Finds the parts of a film, and makes one film at a time."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        finder: VideoFinder,
        files: FileKeeper,
        copier: FfmpegCopier | None,
        film_max_s: int,
        random: Random,
    ) -> None:
        self._jobs = jobs
        self._finder = finder
        self._files = files
        self._copier = copier
        self._random = random
        self.film_max_s = film_max_s
        """The longest film that is made."""
        self._making = asyncio.Lock()

    async def last_frame(self, job: Job) -> bytes | Denied[FilmRefusal]:
        """The last picture of a delivered video, as a JPEG.

        The caller has made sure that the member may use the video.
        """
        if (refusal := _unusable(job)) is not None:
            return Denied(refusal)
        if self._copier is None:
            return Denied(FilmRefusal.NO_FFMPEG)
        try:
            async with self._work_folder(job) as work, self._finder.video_of(job) as video:
                if isinstance(video, Denied):
                    return Denied(_not_had(video))
                frame = await last_frame(
                    video, ffmpeg=await self._copier.ffmpeg(), scratch=work / "frame.jpg"
                )
        except OSError:
            logger.exception("job %s: couldn't take the last frame of its video", job.id)
            return Denied(FilmRefusal.DISK_FULL)
        return Denied(_NO_FRAME[frame]) if isinstance(frame, NoFrame) else frame

    async def before(self, comes_from: JobId | None) -> Job | None:
        """The job that another one comes from; None also where it cannot be read now."""
        return await job_before(self._jobs, comes_from)

    def refusal(self, job: Job) -> FilmRefusal | None:
        """Why no video can continue this one, as far as its row tells."""
        return _unusable(job) or (FilmRefusal.NO_FFMPEG if self._copier is None else None)

    async def chain(self, job_id: JobId, by: Actor) -> Sequence[Job] | Denied[FilmRefusal]:
        """The videos that a film would have, oldest first, for the requester of the last one.

        Raises:
            StoreUnavailable: the database cannot be reached now.
        """
        last = await self._jobs.get(job_id)
        if last is None:
            return Denied(FilmRefusal.UNKNOWN)
        if last.requester_id != by.user_id:
            return Denied(FilmRefusal.NOT_YOURS)
        parts, length_s = [last], last.request.duration_s
        while (before := parts[0].continues) is not None:
            part = await self._jobs.get(before)
            if part is None:
                return Denied(FilmRefusal.GONE)
            length_s += part.request.duration_s
            # The length bounds the number as well, also of a chain that a fault made endless.
            if length_s > self.film_max_s or len(parts) > self.film_max_s // DURATION_MIN_S:
                return Denied(FilmRefusal.TOO_LONG)
            parts.insert(0, part)
        if len(parts) == 1:
            return Denied(FilmRefusal.ONE_PART)
        refusals = (_unusable(part) for part in parts)
        refusal = next((one for one in refusals if one is not None), None)
        return parts if refusal is None else Denied(refusal)

    @asynccontextmanager
    async def film(self, parts: Sequence[Job]) -> AsyncGenerator[Film | Denied[FilmRefusal]]:
        """The parts of a `chain` as one film; it is deleted when the context ends."""
        if self._copier is None:
            yield Denied(FilmRefusal.NO_FFMPEG)
        elif self._making.locked():
            yield Denied(FilmRefusal.BUSY)
        else:
            async with self._making, AsyncExitStack() as stack:
                try:
                    answer = await self._made(parts, self._copier, stack)
                except OSError:
                    logger.exception("job %s: no room on the disk for its film", parts[-1].id)
                    answer = Denied(FilmRefusal.DISK_FULL)
                yield answer

    async def _made(
        self, parts: Sequence[Job], copier: FfmpegCopier, stack: AsyncExitStack
    ) -> Film | Denied[FilmRefusal]:
        work = await stack.enter_async_context(self._work_folder(parts[-1]))
        videos: list[Path] = []
        for part in parts:
            video = await stack.enter_async_context(self._finder.video_of(part))
            if isinstance(video, Denied):
                return Denied(_not_had(video))
            videos.append(video)
        into, limits = work / "film.mp4", JoinLimits(film_s=self.film_max_s + len(parts))
        ffmpeg = await copier.ffmpeg()
        made = await join(videos, into, ffmpeg=ffmpeg, turn=copier.turn, limits=limits)
        if isinstance(made, NotJoined):
            logger.warning("job %s: couldn't join its film (%s)", parts[-1].id, made.value)
            return Denied(_NOT_JOINED[made])
        return Film(parts, into, made, copier)

    @asynccontextmanager
    async def _work_folder(self, job: Job) -> AsyncGenerator[Path]:
        name = f"{job.id}-film-{self._random.getrandbits(32):08x}"
        try:
            yield await self._files.folder(name)
        finally:
            try:
                await self._files.forget(name)
            except OSError:
                # The next start clears the spool.
                logger.exception("couldn't delete %s", name)


async def job_before(jobs: JobStore, comes_from: JobId | None) -> Job | None:
    """The job that another one continues, or was made like; None also where it cannot be read."""
    if comes_from is None:
        return None
    said = f"job {comes_from}: couldn't read it for a video that continues it"
    return await unless_away(jobs.get(comes_from), None, said)


def _unusable(job: Job) -> FilmRefusal | None:
    if job.deleted or job.erased:
        return FilmRefusal.GONE
    return None if job.state is State.DELIVERED else FilmRefusal.NOT_FINISHED


def _not_had(why: Denied[LibraryRefusal]) -> FilmRefusal:
    if why.why is LibraryRefusal.NO_VIDEO:
        return FilmRefusal.NOT_FINISHED
    return FilmRefusal.NOT_NOW if why.why in _ASK_LATER else FilmRefusal.GONE
