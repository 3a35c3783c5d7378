"""Runs ffmpeg on possibly hostile files: in its own process, with resource limits.

The shell sets the limits before ffmpeg starts, so they apply from the first moment. A system that
does not support one of them runs without it, and Windows, which has no such shell, without all but
the wall time.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

SHELL: Final = Path("/bin/sh")
MEMORY_MAX_BYTES: Final = 1536 * 1024 * 1024
"""Address space: a 4K clip in ten bits takes 1 GiB, and the bot's own unit has 2 GiB in all."""
FILE_MAX_BYTES: Final = 1024 * 1024 * 1024
_BLOCK_BYTES: Final = 512
_KIB: Final = 1024
_CANNOT_BE_STARTED: Final = frozenset({126, 127})
_CONFINED: Final = (
    'ulimit -c 0; ulimit -t "$1"; ulimit -v "$2"; ulimit -f "$3"; shift 3; exec nice -n "$@"'
)


@dataclass(frozen=True, slots=True)
class Ended:
    """It ran to its end, with success (0) or not."""

    status: int
    said: bytes


@dataclass(frozen=True, slots=True)
class NotRun:
    """The program does not exist here, or may not be run."""


@dataclass(frozen=True, slots=True)
class TookTooLong:
    """It took too long and was killed."""


async def run_confined(
    ffmpeg: str,
    *arguments: str,
    longest_s: float,
    largest_bytes: int = FILE_MAX_BYTES,
    niceness: int = 0,
    shell: Path = SHELL,
) -> Ended | NotRun | TookTooLong:
    """Run it for at most `longest_s` of wall time and as much time of one processor.

    No file that it writes becomes larger than `largest_bytes`. A cancelled caller ends it.
    """
    bounds = (ceil(longest_s), MEMORY_MAX_BYTES // _KIB, ceil(largest_bytes / _BLOCK_BYTES))
    try:
        process = await asyncio.create_subprocess_exec(
            *_confinement(shell, *bounds, niceness),
            *(ffmpeg, "-nostdin", *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C in the terminal is not meant for it
        )
    except OSError:
        return NotRun()
    try:
        async with asyncio.timeout(longest_s):
            said, _ = await process.communicate()
            status = await process.wait()
    except TimeoutError:
        return TookTooLong()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return NotRun() if status in _CANNOT_BE_STARTED else Ended(status, said)


def _confinement(shell: Path, *bounds: int) -> Sequence[str]:
    """What stands before the program, where there is a shell."""
    return (str(shell), "-c", _CONFINED, "sh", *map(str, bounds)) if shell.exists() else ()
