"""Reads possibly hostile pictures, each in a process of its own with limits of memory and time.

A thread could not be killed, and a decoder that breaks would take the bot along. The process gets
no secret: neither the bot's environment nor its open files.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.denied import Denied
from bot.domain.generation.picture import (
    ATTACHMENT_MAX_BYTES,
    LONG_SIDE_MAX_PX,
    PIXELS_MAX,
    RATIO_MAX,
    SENT_MAX_BYTES,
    SIDE_MIN_PX,
    Picture,
    PictureFault,
    PictureRefusal,
)

_WORKER: Final = Path(__file__).with_name("picture_worker.py")
LIMITS: Final[Mapping[str, float]] = {
    "side_min_px": SIDE_MIN_PX,
    "ratio_max": RATIO_MAX,
    "pixels_max": PIXELS_MAX,
    "long_side_max_px": LONG_SIDE_MAX_PX,
    "bytes_max": SENT_MAX_BYTES,
    # Measured: a photograph of 12 megapixels takes 120 MB, and the worst kind of 32 takes 560 MB.
    "memory_max_bytes": 640 * 1024 * 1024,
    "time_max_s": 10,
}
"""The worker's `PictureLimits`: with an import of them Pillow would be loaded into the bot."""
LONGEST_S: Final = 20.0
"""Wall time: a busy machine may take twice the time of its processor."""
_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "SYSTEMROOT")
"""The variables that Python itself may need to start."""
_SIGXCPU: Final = 24
_UNREADABLE: Final = 1
"""The status of a worker that an error ended."""
_SAID_MAX_BYTES: Final = SENT_MAX_BYTES + 1024
_PIECE_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture that can be sent, with its bytes."""

    picture: Picture
    data: bytes = field(repr=False)


class _Told(BaseModel):
    """The worker's line."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    fault: PictureFault | None = None
    width_px: int
    height_px: int


async def read_picture(
    data: bytes, *, link: str | None = None, longest_s: float = LONGEST_S
) -> ReadPicture | Denied[PictureRefusal]:
    """The picture in these bytes, made fit to be sent, or what is wrong with it.

    The first frame counts. It becomes a JPEG: upright, in sRGB, on white where one could see
    through it, without metadata, at most `SENT_MAX_BYTES`.
    """
    if len(data) > ATTACHMENT_MAX_BYTES:
        return _denied(PictureFault.TOO_LARGE)
    try:
        process = await asyncio.create_subprocess_exec(
            # -P: the folder of the program is no place to import from.
            *(sys.executable, "-P", str(_WORKER), json.dumps(LIMITS)),
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,  # a Ctrl-C in the terminal is not meant for it
        )
    except OSError:
        return _denied(PictureFault.UNREADABLE)
    try:
        async with asyncio.timeout(longest_s):
            said = await _said(process, data)
            status = await process.wait() if len(said) <= _SAID_MAX_BYTES else _UNREADABLE
    except TimeoutError:
        return _denied(PictureFault.TOOK_TOO_LONG)
    finally:
        await _end(process)
    if status == 0:
        return await asyncio.to_thread(_read, said, link)
    is_late = status == -_SIGXCPU
    return _denied(PictureFault.TOOK_TOO_LONG if is_late else PictureFault.UNREADABLE)


async def _said(process: Process, data: bytes) -> bytes:
    """What it answers. Little more is read than it may say, whatever took it over."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    try:
        # Piece by piece: what a pipe does not take at once asyncio copies on the event loop.
        for begin in range(0, len(data), _PIECE_BYTES):
            process.stdin.write(data[begin : begin + _PIECE_BYTES])
            await process.stdin.drain()
        process.stdin.close()
    except ConnectionError:
        return b""  # it ended early, and its status says why
    said = bytearray()
    while len(said) <= _SAID_MAX_BYTES and (some := await process.stdout.read(_SAID_MAX_BYTES)):
        said += some
    return bytes(said)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        # asyncio waits for the end of what was said as well.
        while process.stdout is not None and await process.stdout.read(_SAID_MAX_BYTES):
            pass
        await process.wait()


def _read(said: bytes, link: str | None) -> ReadPicture | Denied[PictureRefusal]:
    line, _, data = said.partition(b"\n")
    try:
        answer = _Told.model_validate_json(line)
        if answer.fault is not None:
            return Denied(PictureRefusal(answer.fault, answer.width_px, answer.height_px))
        picture = Picture(
            digest=sha256(data).hexdigest(),
            media_type="image/jpeg",
            width_px=answer.width_px,
            height_px=answer.height_px,
            link=link,
        )
    except ValidationError:
        return _denied(PictureFault.UNREADABLE)
    return ReadPicture(picture, data)


def _denied(fault: PictureFault) -> Denied[PictureRefusal]:
    return Denied(PictureRefusal(fault))
