"""Joins videos into one film: one at a time, in confined processes, niced and time-limited.

The pictures are copied where every part has the same form. Else each part is first encoded to one
form, by itself, so that the memory needed does not grow with their number.
"""

import asyncio
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from bot.runner.transcoding.confined import Ended, NotRun, TookTooLong, run_confined
from bot.runner.transcoding.ffmpeg import LOW_PRIORITY
from bot.runner.transcoding.inspection import container_of, head_of, input_arguments
from bot.runner.transcoding.parts import (
    VideoPart,
    looking_arguments,
    one_form,
    part_in,
    parts_have_one_form,
)

logger = logging.getLogger(__name__)

FILM_MAX_BYTES: Final = 1024 * 1024 * 1024
LOOKING_S: Final = 20.0
_DISK_LEAST_BYTES: Final = 16 * 1024 * 1024
"""With less free space, a failure is put down to the disk."""
_SOUND_BITS_PER_S: Final = 160_000
_FRAMES_OFF: Final = 2
"""By how many frames a film may differ from the sum of its parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLimits:
    """What joining may take."""

    film_s: float
    """How long the film may be."""
    working_s: float = 480.0
    """For all of it. Discord lets the bot answer for 15 minutes, with the upload."""
    largest_bytes: int = FILM_MAX_BYTES


@dataclass(frozen=True, slots=True)
class Joined:
    """A film that plays everywhere lies at the requested path."""

    size_bytes: int
    duration_s: float
    sound: bool


class NotJoined(StrEnum):
    """Why there is no film; nothing was left behind."""

    NO_FFMPEG = "no_ffmpeg"
    UNREADABLE = "unreadable"
    """A part is no video, or is damaged."""
    TOO_LONG = "too_long"
    TOO_SLOW = "too_slow"
    DISK_FULL = "disk_full"
    FAILED = "failed"


async def join(
    videos: Sequence[Path],
    into: Path,
    *,
    ffmpeg: str,
    turn: asyncio.Semaphore,
    limits: JoinLimits,
) -> Joined | NotJoined:
    """Write all videos, one after another, to `into` as one MP4.

    The form is the first part's: its size, with bars around parts of another shape, and its frame
    rate. Silence stands for the sound of parts that have none, if any part has.
    """
    try:
        async with turn, asyncio.timeout(limits.working_s):
            # A folder of its own: an ffmpeg that outlived a killed bot still writes to the old one.
            work = Path(await asyncio.to_thread(mkdtemp, prefix="join-", dir=into.parent))
            try:
                film = work / "film.mp4"
                outcome = await _Joining(work, ffmpeg, limits).join(videos, film)
                if isinstance(outcome, Joined):
                    await asyncio.to_thread(film.replace, into)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except TimeoutError:
        return NotJoined.TOO_SLOW
    except OSError as error:
        logger.warning("couldn't join a film: %s", error.strerror)
        outcome = NotJoined.FAILED
    if outcome is NotJoined.FAILED and await asyncio.to_thread(_is_full, into.parent):
        return NotJoined.DISK_FULL
    return outcome


class _Joining:
    """One film in the making, in a folder of its own."""

    def __init__(self, work: Path, ffmpeg: str, limits: JoinLimits) -> None:
        self._work = work
        self._ffmpeg = ffmpeg
        self._limits = limits

    async def join(self, videos: Sequence[Path], film: Path) -> Joined | NotJoined:
        parts: list[VideoPart] = []
        for video in videos:
            part = await self._looked_at(video)
            if isinstance(part, NotJoined):
                return part
            parts.append(part)
        if sum(part.duration_s for part in parts) > self._limits.film_s:
            return NotJoined.TOO_LONG
        if parts_have_one_form(parts):
            copied = await self._in_a_row(parts, film)
            if copied is not NotJoined.FAILED:
                return copied
            logger.warning("couldn't join parts of one format by copying; encoding them")
        return await self._encoded(parts, film)

    async def _encoded(self, parts: Sequence[VideoPart], film: Path) -> Joined | NotJoined:
        """Bring each part to one form, and then copy."""
        arguments, alike = one_form(parts), list[VideoPart]()
        for number, part in enumerate(parts, start=1):
            into = self._work / f"encoded-{number}.mp4"
            problem = await self._run(
                *input_arguments(part.video, part.container), *arguments(part), f"file:{into}"
            )
            if problem is not None:
                return problem
            encoded = await self._looked_at(into)
            if isinstance(encoded, NotJoined):
                return NotJoined.FAILED
            alike.append(encoded)
        return await self._in_a_row(alike, film)

    async def _in_a_row(self, parts: Sequence[VideoPart], film: Path) -> Joined | NotJoined:
        """Copy the pictures of parts of one form, and encode their sound without gaps."""
        listed = await asyncio.to_thread(self._list, parts)
        problem = await self._run(
            # Its list names files of this folder alone, and each has to be an MP4.
            *("-loglevel", "quiet", "-protocol_whitelist", "file"),
            *("-format_whitelist", "concat,mov", "-f", "concat", "-safe", "1"),
            *("-auto_convert", "0"),
            *("-i", f"file:{listed}", "-map", "0:v:0", "-map", "0:a:0?", "-c:v", "copy"),
            # Times as they are: else the first picture waits for the sound encoder's first frame.
            *("-copyts", "-c:a", "aac", "-b:a", f"{_SOUND_BITS_PER_S}"),
            *("-af", "aresample=async=1:first_pts=0"),
            *("-movflags", "+faststart", "-f", "mp4", "-y", f"file:{film}"),
        )
        if problem is not None:
            return problem
        whole = await self._looked_at(film)
        expected_s = sum(part.duration_s for part in parts)
        if isinstance(whole, NotJoined) or (
            abs(whole.duration_s - expected_s) * parts[0].frames_per_s > _FRAMES_OFF
        ):
            return NotJoined.FAILED
        size_bytes = (await asyncio.to_thread(film.stat)).st_size
        return Joined(size_bytes, whole.duration_s, whole.sound)

    def _list(self, parts: Sequence[VideoPart]) -> Path:
        lines = ["ffconcat version 1.0"]
        for number, part in enumerate(parts, start=1):
            # Links with names of our own: no path of the operator's has to be quoted.
            link = self._work / f"part-{number}"
            link.unlink(missing_ok=True)
            try:
                link.symlink_to(part.video.absolute())
            except OSError:  # Windows lets few make links
                shutil.copyfile(part.video, link)
            # A part ends with its pictures, also where its sound goes on.
            lines += [f"file {link.name}", "inpoint 0", f"outpoint {part.duration_s:.6f}"]
        listed = self._work / "list.ffconcat"
        listed.write_text("\n".join(lines) + "\n")
        return listed

    async def _looked_at(self, video: Path) -> VideoPart | NotJoined:
        container = container_of(await asyncio.to_thread(head_of, video))
        if container is None:
            return NotJoined.UNREADABLE
        arguments = looking_arguments(video, container, longest_s=self._limits.film_s)
        match await run_confined(self._ffmpeg, *arguments, longest_s=LOOKING_S):
            case NotRun():
                return NotJoined.NO_FFMPEG
            case Ended(0, said):
                return part_in(said, video, container) or NotJoined.UNREADABLE
            case Ended() | TookTooLong():
                return NotJoined.UNREADABLE

    async def _run(self, *arguments: str) -> NotJoined | None:
        ended = await run_confined(
            self._ffmpeg,
            *arguments,
            longest_s=self._limits.working_s,
            largest_bytes=self._limits.largest_bytes,
            niceness=LOW_PRIORITY,
        )
        match ended:
            case NotRun():
                return NotJoined.NO_FFMPEG
            case TookTooLong():
                return NotJoined.TOO_SLOW
            case Ended(status):
                return None if status == 0 else NotJoined.FAILED


def _is_full(folder: Path) -> bool:
    return folder.exists() and shutil.disk_usage(folder).free < _DISK_LEAST_BYTES
