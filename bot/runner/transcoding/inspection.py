"""What a video is by its own streams: whether Discord's clients play it as it is.

The container is told by the first bytes, and ffmpeg is made to use that demuxer and no other: it
never guesses, so a playlist or a list of other files is no video. MP4 and its like need the one of
mov, WebM the one of Matroska. H.265 and AV1 need nothing beside their decoders, for the copy.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.ports import Playing

PIXELS_MAX: Final = 4096 * 2304
"""4K, in its wider form: more than that is no video of this bot's, and a decoder's memory."""
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
"""What plays everywhere, by container: pictures, and sound if there is any."""


@dataclass(frozen=True, slots=True)
class Streams:
    """What ffmpeg found: the names of the codecs, and the size of the picture."""

    video: str
    audio: str | None
    pixels: int


def container_of(head: bytes) -> str | None:
    """The demuxer for a file that begins like this; None for what is neither MP4 nor WebM."""
    if head[4:8] == b"ftyp":
        return _MOV
    return _MATROSKA if head.startswith(b"\x1a\x45\xdf\xa3") else None


def head_of(file: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        return opened.read(12)


def input_arguments(source: Path, container: str) -> list[str]:
    """Name an input: from this disk alone, by one demuxer, and with a bound on its picture."""
    return [
        *("-loglevel", "quiet", "-protocol_whitelist", "file", "-f", container),
        *("-codec_whitelist", _DECODERS, "-max_pixels", f"{PIXELS_MAX}", "-threads", "4"),
        *("-i", f"file:{source}"),
    ]


def inspecting_arguments(source: Path, container: str) -> list[str]:
    """Let the first streams be told in a form for machines, without decoding more than needed."""
    return [
        *input_arguments(source, container),
        *("-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-t", "0.05", "-f", "framehash", "-"),
    ]


def streams_in(said: bytes) -> Streams | None:
    """Read what `inspecting_arguments` made ffmpeg say; None where there is no picture."""
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
        pixels=int(width) * int(height),
    )


def playing_of(streams: Streams | None, container: str) -> Playing:
    """How a video with such streams can be shown."""
    if streams is None or not 0 < streams.pixels <= PIXELS_MAX:
        return Playing.NOT_AT_ALL
    pictures, sounds = _PLAYED[container]
    plays = streams.video in pictures and (streams.audio is None or streams.audio in sounds)
    return Playing.AS_IT_IS if plays else Playing.AS_A_COPY
