"""Tries an ffmpeg out: a tenth of a second with the very encoders that copies are made with."""

from typing import Final

from bot.runner.transcoding.confined import Ended, NotRun, TookTooLong, run_confined

LONGEST_S: Final = 10.0
_ARGUMENTS: Final = (
    *("-loglevel", "quiet"),
    *("-f", "lavfi", "-i", "color=black:size=64x64:duration=0.1"),
    *("-f", "lavfi", "-i", "anullsrc=duration=0.1"),
    *("-c:v", "libx264", "-c:a", "aac", "-f", "null", "-"),
)


async def what_is_wrong_with(ffmpeg: str, *, longest_s: float = LONGEST_S) -> str | None:
    """Why this program cannot make copies, or None when it can."""
    match await run_confined(ffmpeg, *_ARGUMENTS, longest_s=longest_s):
        case NotRun():
            return "it cannot be started"
        case TookTooLong():
            return f"it took over {longest_s:g} s for a tenth of a second of video"
        case Ended(status):
            return None if status == 0 else f"it cannot encode H.264 and AAC (status {status})"
