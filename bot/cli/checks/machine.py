"""Checks what this machine needs: an ffmpeg, room on the disk, and a correct clock."""

import asyncio
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.cli.checks.outcome import Broken, Outcome, Passed, Skipped
from bot.domain.figures import said_bytes
from bot.domain.ownership import not_ours
from bot.runner.transcoding.ffmpeg import FfmpegCopier, what_is_wrong_with

CLOCK_TOLERANCE: Final = timedelta(seconds=30)
"""Interaction tokens, snowflakes and budgets' days depend on this machine's clock."""


async def check_ffmpeg(path: Path | None, *, wanted: bool) -> Outcome:
    """The ffmpeg of the settings, or the one installed with the bot, makes copies."""
    if not wanted:
        return Skipped("FIT_COPIES is off")
    program = await FfmpegCopier(ffmpeg=path).ffmpeg()
    problem = await what_is_wrong_with(program)
    if problem is not None:
        return Broken(f"{program}: {problem}. Set FFMPEG_PATH to another, or FIT_COPIES=false.")
    return Passed(f"makes copies ({Path(program).name})")


async def check_room(folder: Path, *, min_free_bytes: int) -> Outcome:
    """The folder, existing or not, can be written with what is in it, and its disk has room."""
    try:
        whose = await asyncio.to_thread(
            not_ours, folder, *(folder / name for name in ("spool", "generated"))
        )
        if whose is not None:
            return Broken(f"{whose}.")
        free_bytes = await asyncio.to_thread(_free_bytes, folder)
    except OSError as error:
        return Broken(f"{folder} can't be looked at ({error.strerror}).")
    if free_bytes < min_free_bytes:
        return Broken(
            f"Only {said_bytes(free_bytes)} are free in {folder}: make room, "
            f"{said_bytes(min_free_bytes)} at least."
        )
    return Passed(f"{said_bytes(free_bytes)} free in {folder}")


def check_clock(offsets: Sequence[timedelta]) -> Outcome:
    """The clock agrees with one of the services' clocks; `offsets` are theirs minus ours."""
    if not offsets:
        return Skipped("no server answered that could say what time it is")
    # A single server may be wrong or cached: it takes all of them to call this clock wrong.
    nearest = min(offsets, key=abs)
    seconds = round(nearest.total_seconds())
    if abs(nearest) > CLOCK_TOLERANCE:
        way = "behind" if seconds > 0 else "ahead"
        return Broken(f"This machine's clock is {abs(seconds)} s {way}: set it by NTP.")
    return Passed(f"right within {CLOCK_TOLERANCE.total_seconds():g} s")


def _free_bytes(folder: Path) -> int:
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(nearest).free
