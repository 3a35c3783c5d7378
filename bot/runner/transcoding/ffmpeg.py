"""Runs ffmpeg for the copy that fits: one at a time, in its own process, niced and time-limited."""

import asyncio
import logging
import shutil
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

from bot.domain.ports import Copied, CopyOutcome, NotCopied, Playing
from bot.runner.transcoding.confined import Ended, NotRun, TookTooLong, run_confined
from bot.runner.transcoding.inspection import (
    container_of,
    head_of,
    input_arguments,
    inspecting_arguments,
    playing_of,
    streams_in,
)

logger = logging.getLogger(__name__)

LOW_PRIORITY: Final = 15
LONGEST_S: Final = 120.0
"""A 15 s clip takes about 9 s on two cores; a link is better than a longer wait."""
LONGEST_VIDEO_S: Final = 60
"""For a copy of what can be ordered: four times as long. A film's own length may be more."""
INSPECTING_S: Final = 20.0
_OVER_BYTES: Final = 1024 * 1024

AUDIO_BITS_PER_S: Final = 96_000
FILL: Final = 0.92
"""The share of the limit to aim for: the container and the encoder's error need the rest."""
LEAST_VIDEO_BITS_PER_S: Final = 150_000
"""Below this the picture falls apart: a link is better."""

_HEIGHT_FROM_BITS_PER_S: Final = ((1_200_000, 720), (500_000, 480), (0, 360))

TRIAL_S: Final = 10.0
_TRIAL_ARGUMENTS: Final = (
    *("-loglevel", "quiet"),
    *("-f", "lavfi", "-i", "color=black:size=64x64:duration=0.1"),
    *("-f", "lavfi", "-i", "anullsrc=duration=0.1"),
    *("-c:v", "libx264", "-c:a", "aac", "-f", "null", "-"),
)


@dataclass(frozen=True, slots=True)
class EncodingPlan:
    """The encoder's settings. The short side is at most `short_side_px`, never enlarged."""

    video_bits_per_s: int
    audio_bits_per_s: int
    short_side_px: int
    longest_s: int
    """Where the copy ends, whatever the video claims."""


def plan_copy(*, limit_bytes: int, duration_s: float, sound: bool) -> EncodingPlan | None:
    """The best plan that ends under `limit_bytes`, or None if nothing watchable would fit."""
    audio = AUDIO_BITS_PER_S if sound else 0
    video = int(limit_bytes * 8 * FILL / duration_s) - audio
    if video < LEAST_VIDEO_BITS_PER_S:
        return None
    short_side_px = next(px for least, px in _HEIGHT_FROM_BITS_PER_S if video >= least)
    return EncodingPlan(
        video_bits_per_s=video,
        audio_bits_per_s=audio,
        short_side_px=short_side_px,
        longest_s=max(LONGEST_VIDEO_S, ceil(duration_s)),
    )


class FfmpegCopier:
    """Makes copies that play inline everywhere (H.264, AAC, index first), and checks videos."""

    def __init__(
        self,
        *,
        ffmpeg: Path | str | None,
        longest_s: float = LONGEST_S,
        inspecting_s: float = INSPECTING_S,
    ) -> None:
        self._ffmpeg = ffmpeg
        self._longest_s = longest_s
        self._inspecting_s = inspecting_s
        self.turn = asyncio.Semaphore(1)
        """Of all that takes long: copies, and films."""

    async def ffmpeg(self) -> str:
        """The program: the one that was given, else the one that is installed along."""
        self._ffmpeg = self._ffmpeg or await asyncio.to_thread(_installed_along)
        return str(self._ffmpeg)

    async def inspect(self, video: Path) -> Playing:
        """Ask ffmpeg for the streams; without ffmpeg the container decides."""
        container = container_of(await asyncio.to_thread(head_of, video))
        if container is None:
            return Playing.NOT_AT_ALL
        ended = await run_confined(
            await self.ffmpeg(),
            *inspecting_arguments(video, container),
            longest_s=self._inspecting_s,
        )
        match ended:
            case NotRun():
                logger.error("couldn't start ffmpeg, so the bot can't look at any video")
                return Playing.AS_IT_IS
            case TookTooLong():
                return Playing.NOT_AT_ALL
            case Ended(status, said):
                return playing_of(streams_in(said) if status == 0 else None, container)

    async def copy(
        self, source: Path, into: Path, *, limit_bytes: int, duration_s: float, sound: bool
    ) -> CopyOutcome:
        """Write a copy of at most `limit_bytes` to `into`; NotCopied leaves nothing there."""
        plan = plan_copy(limit_bytes=limit_bytes, duration_s=duration_s, sound=sound)
        if plan is None:
            return NotCopied("nothing watchable would fit")
        unfinished = into.with_suffix(".part")
        try:
            async with self.turn:
                # An ffmpeg that outlived a killed bot still writes to the old file: leave that one
                # to it.
                await asyncio.to_thread(unfinished.unlink, missing_ok=True)
                problem = await self._encode(source, unfinished, plan, limit_bytes)
            size_bytes = 0 if problem else await asyncio.to_thread(_size_of, unfinished)
            if problem is None and not 0 < size_bytes <= limit_bytes:
                problem = f"the copy has {size_bytes} bytes, for a limit of {limit_bytes}"
            if problem is not None:
                free_bytes = (await asyncio.to_thread(shutil.disk_usage, into.parent)).free
                return NotCopied(problem, passing=free_bytes < limit_bytes)
            # It gets its name only when complete and small enough: an earlier try's half is no
            # copy.
            await asyncio.to_thread(unfinished.replace, into)
            return Copied(size_bytes)
        finally:
            unfinished.unlink(missing_ok=True)

    async def _encode(
        self, source: Path, into: Path, plan: EncodingPlan, limit_bytes: int
    ) -> str | None:
        """Run the encoder; returns an error text, or None."""
        container = container_of(await asyncio.to_thread(head_of, source))
        if container is None:
            return "it is neither MP4 nor WebM"
        ended = await run_confined(
            await self.ffmpeg(),
            *input_arguments(source, container),
            *_output_arguments(into, plan),
            longest_s=self._longest_s,
            niceness=LOW_PRIORITY,
            # The limit lets an oversized file be recognised, and stops a file that never ends.
            largest_bytes=limit_bytes + _OVER_BYTES,
        )
        match ended:
            case NotRun():
                return "ffmpeg didn't start"
            case TookTooLong():
                return f"ffmpeg took over {self._longest_s:g} s"
            case Ended(status):
                return None if status == 0 else f"ffmpeg ended with status {status}"


def _installed_along() -> str:
    # Its library runs the program once to find it, and no start should wait for that.
    from imageio_ffmpeg import get_ffmpeg_exe  # noqa: PLC0415 - see above

    try:
        return get_ffmpeg_exe()
    except RuntimeError:
        return "ffmpeg"  # it is not there, which is told when it is run


def _output_arguments(into: Path, plan: EncodingPlan) -> list[str]:
    px, rate = plan.short_side_px, plan.video_bits_per_s
    # The short side shrinks to the plan's, never grows; both sides stay even for yuv420p.
    scale = (
        f"scale='if(lt(iw,ih),2*trunc(min(iw,{px})/2),-2)'"
        f":'if(lt(iw,ih),-2,2*trunc(min(ih,{px})/2))'"
    )
    audio = (
        ["-c:a", "aac", "-b:a", f"{plan.audio_bits_per_s}"] if plan.audio_bits_per_s else ["-an"]
    )
    return [
        *("-map", "0:v:0", "-map", "0:a:0?", "-t", f"{plan.longest_s}", "-vf", scale),
        *("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-threads", "2"),
        # The buffer is added to the rate: a buffer of a whole second makes a clip of 3 s too large.
        *("-b:v", f"{rate}", "-maxrate", f"{rate}", "-bufsize", f"{rate // 2}"),
        *audio,
        *("-movflags", "+faststart", "-f", "mp4", "-y", f"file:{into}"),
    ]


def _size_of(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


async def what_is_wrong_with(ffmpeg: str, *, longest_s: float = TRIAL_S) -> str | None:
    """Why this program cannot make copies, or None if it can: tried on a tenth of a second."""
    match await run_confined(ffmpeg, *_TRIAL_ARGUMENTS, longest_s=longest_s):
        case NotRun():
            return "it doesn't start"
        case TookTooLong():
            return f"it took over {longest_s:g} s for a tenth of a second of video"
        case Ended(status):
            return None if status == 0 else f"it can't encode H.264 and AAC (status {status})"
