"""The parts of a film: the form of each, and the one form that parts of several forms are given.

ffmpeg tells a video's form by the packets and headers of its streams, without decoding anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Final

from bot.runner.transcoding.inspection import PIXELS_MAX, input_arguments, streams_in

SHORT_SIDE_MAX_PX: Final = 1080
"""For what is encoded: an encoder of a larger picture needs more memory than it may have."""
RATE_MAX: Final = 60
_RATE_IF_UNKNOWN: Final = Fraction(30)
_BEFORE_THE_NEXT_S: Final = 0.001
SAID_PER_S_BYTES: Final = 40_000
"""More than ffmpeg says of 60 pictures with sound: it has a bound, whatever a video claims."""
_NOT_OF_THE_FORM: Final = ("#software", "#format", "#version", "#hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoPart:
    """A video as its streams are."""

    video: Path
    container: str
    form: tuple[str, ...]
    """Codecs with their settings, sizes and time bases, as ffmpeg writes them."""
    width_px: int
    height_px: int
    duration_s: float
    """Until the end of its last picture; sound may last longer."""
    frames_per_s: Fraction
    codecs: tuple[str, str | None]
    """Of the pictures, and of the sound if there is any."""

    @property
    def sound(self) -> bool:
        """Whether it has sound."""
        return self.codecs[1] is not None


def looking_arguments(video: Path, container: str, *, longest_s: float) -> list[str]:
    """Say all about the first streams; of a video that is longer, only that it is."""
    said_bytes = ceil(longest_s + 1) * SAID_PER_S_BYTES
    return [
        *input_arguments(video, container),
        *("-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-t", f"{longest_s + 1:g}"),
        *("-fs", f"{said_bytes}", "-f", "framehash", "-"),
    ]


def part_in(said: bytes, video: Path, container: str) -> VideoPart | None:
    """Parse ffmpeg's output for `looking_arguments`; None if there is no picture."""
    streams = streams_in(said)
    lines = said.decode(errors="replace").splitlines()
    headers = [line for line in lines if line.startswith("#")]
    base = next((line for line in headers if line.startswith("#tb 0: ")), "").partition(": ")[2]
    ends = list[int]()
    for line in lines:
        stream, *numbers = line.split(",")[:4]
        if stream == "0":
            _, shown_at, length = map(int, numbers)
            ends.append(shown_at + length)
    if streams is None or not ends or not 0 < streams.pixels <= PIXELS_MAX:
        return None
    tick_s = Fraction(base)
    lasts_s = max(ends) * tick_s
    if lasts_s <= 0:
        return None
    rate = len(ends) / lasts_s
    # Matroska counts milliseconds, so that no rate comes out even.
    rate = rate.limit_denominator(1 if container == "matroska" else 1001)
    return VideoPart(
        video=video,
        container=container,
        form=tuple(line for line in headers if not line.startswith(_NOT_OF_THE_FORM)),
        width_px=streams.width_px,
        height_px=streams.height_px,
        duration_s=float(lasts_s),
        frames_per_s=rate if 1 <= rate <= RATE_MAX else _RATE_IF_UNKNOWN,
        codecs=(streams.video, streams.audio),
    )


def parts_have_one_form(parts: Sequence[VideoPart]) -> bool:
    """Whether their pictures can follow each other in one MP4 as they are, and it plays."""
    first = parts[0]
    return (
        first.container == "mov"
        and first.codecs[0] == "h264"
        and first.codecs[1] in (None, "aac")
        and all(
            (part.container, part.form, part.frames_per_s)
            == (first.container, first.form, first.frames_per_s)
            for part in parts
        )
    )


def one_form(parts: Sequence[VideoPart]) -> Callable[[VideoPart], list[str]]:
    """How ffmpeg encodes each part to the form of the first one."""
    first = parts[0]
    shrunk = min(1, SHORT_SIDE_MAX_PX / min(first.width_px, first.height_px))
    width, height = (
        max(2, 2 * round(side * shrunk / 2)) for side in (first.width_px, first.height_px)
    )
    picture = ",".join(
        (
            f"scale={width}:{height}:force_original_aspect_ratio=decrease",
            f"pad={width}:{height}:-1:-1",
            f"setsar=1,fps={first.frames_per_s},format=yuv420p",
        )
    )
    has_sound = any(part.sound for part in parts)

    def arguments(part: VideoPart) -> list[str]:
        # A part ends with its pictures, a little before another one would follow. Its sound is
        # filled up with silence, or is silence alone.
        pictures = max(1, round(part.duration_s * first.frames_per_s))
        ends_s = float(pictures / first.frames_per_s) - _BEFORE_THE_NEXT_S
        silence = ("-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo")
        sound = ("-map", "0:a:0" if part.sound else "1:a:0", "-ar", "48000", "-ac", "2")
        filled = ("-c:a", "aac", "-af", "aresample=async=1:first_pts=0,apad")
        return [
            *(silence if has_sound and not part.sound else ()),
            *("-map", "0:v:0", "-vf", picture, "-t", f"{ends_s:.6f}"),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-threads", "2"),
            *((*sound, *filled) if has_sound else ("-an",)),
            *("-f", "mp4", "-y"),
        ]

    return arguments
