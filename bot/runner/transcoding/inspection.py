"""Checks by a video's own streams whether Discord's clients play it unchanged.

The first bytes determine the container, and ffmpeg must use that demuxer and no other: it never
guesses, so a playlist or a list of other files is not accepted. MP4 and related formats need the
mov demuxer, WebM the Matroska one. For the copy, H.265 and AV1 need only their decoders.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.ports import Playing

PIXELS_MAX: Final = 4096 * 2304
"""4K, in its wider form: this bot's videos are never larger, and a decoder needs memory."""
_MOV: Final = "mov"
_MATROSKA: Final = "matroska"
_DECODERS: Final = (
    "h264,hevc,av1,libdav1d,vp8,vp9,libvpx,libvpx-vp9,mpeg4,mjpeg,prores,"
    "aac,mp3,mp3float,opus,libopus,vorbis,ac3,eac3,flac,alac,pcm_s16le"
)
_PLAYED: Final = {
    _MOV: (frozenset({"h264"}), frozenset({"aac"})),
    _MATROSKA: (frozenset({"vp8", "vp9"}), frozenset({"opus", "vorbis"})),
}
"""What plays everywhere, by container: video codecs, and audio codecs if there is sound."""


@dataclass(frozen=True, slots=True)
class Streams:
    """What ffmpeg found: the names of the codecs, and the size of the picture."""

    video: str
    audio: str | None
    width_px: int
    height_px: int

    @property
    def pixels(self) -> int:
        """Of one picture."""
        return self.width_px * self.height_px


def container_of(head: bytes) -> str | None:
    """The demuxer for a file that begins like this; None if it is neither MP4 nor WebM."""
    if head[4:8] == b"ftyp":
        return _MOV
    return _MATROSKA if head.startswith(b"\x1a\x45\xdf\xa3") else None


def head_of(file: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open("rb") as opened:
        return opened.read(12)


def input_arguments(source: Path, container: str) -> list[str]:
    """Name an input: from the local disk only, with one demuxer and a limit on its picture size."""
    return [
        *("-loglevel", "quiet", "-protocol_whitelist", "file", "-f", container),
        *("-codec_whitelist", _DECODERS, "-max_pixels", f"{PIXELS_MAX}", "-threads", "2"),
        *("-i", f"file:{source}"),
    ]


def inspecting_arguments(source: Path, container: str) -> list[str]:
    """Report the first streams in machine-readable form, without decoding more than needed."""
    return [
        *input_arguments(source, container),
        *("-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-t", "0.05", "-f", "framehash", "-"),
    ]


def streams_in(said: bytes) -> Streams | None:
    """Parse ffmpeg's output for `inspecting_arguments`; None if there is no picture."""
    found = dict[str, str]()
    for line in said.decode(errors="replace").splitlines():
        name, colon, value = line.removeprefix("#").partition(": ")
        if line.startswith("#") and colon:
            found[name] = value.strip()
    if found.get("media_type 0") != "video":
        return None
    width, _, height = found.get("dimensions 0", "").partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        return None
    return Streams(
        video=found.get("codec_id 0", ""),
        audio=found.get("codec_id 1"),
        width_px=int(width),
        height_px=int(height),
    )


def playing_of(streams: Streams | None, container: str) -> Playing:
    """How a video with such streams can be shown."""
    if streams is None or not 0 < streams.pixels <= PIXELS_MAX:
        return Playing.NOT_AT_ALL
    pictures, sounds = _PLAYED[container]
    plays = streams.video in pictures and (streams.audio is None or streams.audio in sounds)
    return Playing.AS_IT_IS if plays else Playing.AS_A_COPY
