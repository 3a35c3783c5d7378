"""Takes the last picture out of a video, so that another video can begin with it."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.runner.transcoding.confined import Ended, NotRun, TookTooLong, run_confined
from bot.runner.transcoding.inspection import container_of, head_of, input_arguments

FRAME_S: Final = 60.0
FRAME_MAX_BYTES: Final = 32 * 1024 * 1024
_FROM_THE_END: Final = ("-sseof", "-1")
_LONGEST_S: Final = "300"


class NoFrame(StrEnum):
    """Why there is no last picture."""

    NO_FFMPEG = "no_ffmpeg"
    UNREADABLE = "unreadable"
    """It is no video, or it is damaged, or it is too large to be decoded."""
    TOO_SLOW = "too_slow"


async def last_frame(
    video: Path, *, ffmpeg: str, scratch: Path, longest_s: float = FRAME_S
) -> bytes | NoFrame:
    """The last picture of a video, as a JPEG of the highest quality.

    `scratch` is written meanwhile; nothing is left there.

    Raises:
        OSError: the disk cannot be read or written.
    """
    container = container_of(await asyncio.to_thread(head_of, video))
    if container is None:
        return NoFrame.UNREADABLE
    try:
        # Sound may go on after the last picture. Then the last second has none, and all is decoded.
        for begin in (_FROM_THE_END, ()):
            ended = await run_confined(
                ffmpeg,
                *begin,
                *input_arguments(video, container),
                *_frame_arguments(scratch),
                longest_s=longest_s,
                largest_bytes=FRAME_MAX_BYTES,
            )
            match ended:
                case NotRun():
                    return NoFrame.NO_FFMPEG
                case TookTooLong():
                    return NoFrame.TOO_SLOW
                case Ended():
                    frame = await asyncio.to_thread(_content_of, scratch)
            if ended.status == 0 and frame:
                return frame
        return NoFrame.UNREADABLE
    finally:
        # At once: a cancelled caller does not wait for a thread.
        scratch.unlink(missing_ok=True)  # noqa: ASYNC240 - one small file


def _frame_arguments(into: Path) -> list[str]:
    return [
        *("-map", "0:v:0", "-an", "-t", _LONGEST_S),
        # A JPEG always has these colours, whatever the video has.
        *("-vf", "scale=out_color_matrix=bt601:out_range=full,format=yuvj444p"),
        *("-c:v", "mjpeg", "-qmin", "1", "-q:v", "1"),
        # Each picture takes the place of the one before.
        *("-f", "image2", "-update", "1", "-y", f"file:{into}"),
    ]


def _content_of(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""
