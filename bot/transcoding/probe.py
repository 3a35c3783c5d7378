"""Tries an ffmpeg out: a tenth of a second with the very encoders that copies are made with."""

import asyncio
from typing import Final

LONGEST_S: Final = 10.0
_ARGUMENTS: Final = (
    *("-nostdin", "-loglevel", "quiet"),
    *("-f", "lavfi", "-i", "color=black:size=64x64:duration=0.1"),
    *("-f", "lavfi", "-i", "anullsrc=duration=0.1"),
    *("-c:v", "libx264", "-c:a", "aac", "-f", "null", "-"),
)


async def what_is_wrong_with(ffmpeg: str, *, longest_s: float = LONGEST_S) -> str | None:
    """Why this program cannot make copies, or None when it can."""
    try:
        process = await asyncio.create_subprocess_exec(
            ffmpeg,
            *_ARGUMENTS,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"it cannot be started ({type(error).__name__})"
    try:
        async with asyncio.timeout(longest_s):
            status = await process.wait()
    except TimeoutError:
        return f"it took over {longest_s:g} s for a tenth of a second of video"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return None if status == 0 else f"it cannot encode H.264 and AAC (status {status})"
