"""Runs ffmpeg for the copy that fits: one at a time, in its own process, politely, and not long."""

import asyncio
import logging
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.generation.ports import Copied, CopyOutcome, NotCopied
from bot.transcoding.plan import EncodingPlan, plan_copy

logger = logging.getLogger(__name__)

LOW_PRIORITY: Final = 15
LONGEST_S: Final = 120.0
"""A 15 s clip takes about 9 s on two cores; people would rather have the link than wait longer."""


class FfmpegCopier:
    """Makes copies that play inline everywhere: H.264, AAC, index first."""

    def __init__(self, *, ffmpeg: str, longest_s: float = LONGEST_S) -> None:
        self._ffmpeg = ffmpeg
        self._longest_s = longest_s
        self._turn = asyncio.Semaphore(1)

    async def copy(
        self, source: Path, into: Path, *, limit_bytes: int, duration_s: float, sound: bool
    ) -> CopyOutcome:
        """Write a copy of at most `limit_bytes` to `into`; on NotCopied nothing is left there."""
        plan = plan_copy(limit_bytes=limit_bytes, duration_s=duration_s, sound=sound)
        if plan is None:
            return NotCopied("nothing watchable would fit")
        unfinished = into.with_suffix(".part")
        try:
            async with self._turn:
                # An ffmpeg that outlived a killed bot still writes to that file: let it have it.
                await asyncio.to_thread(unfinished.unlink, missing_ok=True)
                problem = await self._encode(source, unfinished, plan)
            size_bytes = 0 if problem else await asyncio.to_thread(_size_of, unfinished)
            if problem is None and not 0 < size_bytes <= limit_bytes:
                problem = f"the copy has {size_bytes} bytes, for a limit of {limit_bytes}"
            if problem is not None:
                free_bytes = (await asyncio.to_thread(shutil.disk_usage, into.parent)).free
                return NotCopied(problem, passing=free_bytes < limit_bytes)
            # Under its name only when it is whole and fits: an earlier try's half is no copy.
            await asyncio.to_thread(unfinished.replace, into)
            return Copied(size_bytes)
        finally:
            unfinished.unlink(missing_ok=True)

    async def _encode(self, source: Path, into: Path, plan: EncodingPlan) -> str | None:
        """Run the encoder; what went wrong, or None."""
        try:
            process = await asyncio.create_subprocess_exec(
                self._ffmpeg,
                *_arguments(source, into, plan),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,  # a Ctrl-C in the terminal is not meant for it
            )
        except OSError as error:
            return f"ffmpeg could not be started ({type(error).__name__})"
        with suppress(OSError, AttributeError):  # gone already, or a system without priorities
            os.setpriority(os.PRIO_PROCESS, process.pid, LOW_PRIORITY)
        try:
            async with asyncio.timeout(self._longest_s):
                status = await process.wait()
        except TimeoutError:
            return f"ffmpeg took over {self._longest_s:g} s"
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return None if status == 0 else f"ffmpeg ended with status {status}"


def _arguments(source: Path, into: Path, plan: EncodingPlan) -> list[str]:
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
        *("-nostdin", "-loglevel", "error", "-y", "-i", str(source)),
        *("-map", "0:v:0", "-map", "0:a:0?", "-vf", scale),
        *("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"),
        # The buffer's worth comes on top of the rate: a whole second of it bursts a clip of 3 s.
        *("-b:v", f"{rate}", "-maxrate", f"{rate}", "-bufsize", f"{rate // 2}"),
        *audio,
        *("-movflags", "+faststart", "-f", "mp4", str(into)),
    ]


def _size_of(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
