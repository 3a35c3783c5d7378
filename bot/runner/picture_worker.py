"""Decodes one possibly hostile picture: a program of its own, which `picture_reader` starts.

It reads the picture from standard input. It answers with a line of JSON, and after it the picture
as a JPEG: upright, in sRGB, without metadata. A picture that cannot be decoded ends it with an
error; its limits of memory and time end it too. It imports nothing of the bot, so that it starts
in a tenth of a second and knows no secret.
"""

import io
import json
import os
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageCms, ImageOps

_QUALITIES: Final = (92, 85, 75, 60)
_SHRUNK: Final = 0.75
"""What remains of each side when the lowest quality is still too large."""
_WHITE: Final = (255, 255, 255)
_SHIFT: Final = 1 / 256
"""From 16 bits to 8: Pillow's own conversion would cut off instead, and leave nearly all white."""
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"})
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)
_NICENESS: Final = 5
_ORIENTATION: Final = 0x0112
"""The tag of EXIF that says how the camera was held."""


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a picture may be, and what its decoding may cost."""

    side_min_px: int
    ratio_max: float
    pixels_max: int
    """Compared with what the header says, before anything is decoded."""
    long_side_max_px: int
    """A larger picture is scaled down to it."""
    bytes_max: int
    """Of the JPEG."""
    memory_max_bytes: int
    time_max_s: int
    """Of one processor."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The picture as it is sent."""

    jpeg: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Unfit:
    """What is wrong with it: a value of the bot's `PictureFault`, and the size if it is known."""

    fault: str
    width_px: int = 0
    height_px: int = 0


def decoded(data: bytes, limits: PictureLimits) -> Sent | Unfit:
    """The first frame of a picture, made fit to be sent, or what is wrong with it.

    Raises:
        Exception: any; it cannot be decoded.
    """
    kind = _kind_of(data)
    if kind is None:
        return Unfit("not_a_picture")
    # Pillow makes room for a WebP of any claimed size as soon as it opens it.
    if kind == "WEBP" and (fault := _fault_of(_size_of_webp(data), limits)):
        return fault
    # Pillow's own guard would not say the size: it looks after what the header does not tell.
    Image.MAX_IMAGE_PIXELS = None
    image: Image.Image = Image.open(io.BytesIO(data), formats=(kind,))
    if fault := _fault_of(image.size, limits):
        return fault
    Image.MAX_IMAGE_PIXELS = limits.pixels_max
    longest_px = limits.long_side_max_px
    # A JPEG may be decoded at a half or a quarter, which costs as much less.
    image.draft(None, (longest_px, longest_px))
    image.load()
    # Each step lets go of the picture before it: a copy of 32 megapixels is 128 MB.
    orientation = image.getexif().get(_ORIENTATION, 1)
    profile = image.info.get("icc_profile")
    image = _in_plain_mode(image)
    if max(image.size) > longest_px:
        image.thumbnail((longest_px, longest_px), reducing_gap=2.0)
    image = _in_srgb(_opaque(image), profile)
    return _encoded(_turned(image, orientation), limits)


def _kind_of(data: bytes) -> str | None:
    """Pillow's name of the format that the first bytes show; None if it is not served here."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS and _reads_heic():
        return "HEIF"
    return None


def _reads_heic() -> bool:
    """Whether the library is there: an operator may leave it out."""
    try:
        # Imported for HEIC alone, which alone pays for it.
        from pillow_heif import register_heif_opener  # noqa: PLC0415  # pyright: ignore[reportUnknownVariableType] - it takes any keywords
    except ImportError:
        return False
    register_heif_opener(thumbnails=False)
    return True


def _size_of_webp(data: bytes) -> tuple[int, int]:
    chunk, body = data[12:16], data[20:]
    if chunk == b"VP8X":
        return (
            1 + int.from_bytes(body[4:7], "little"),
            1 + int.from_bytes(body[7:10], "little"),
        )
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _fault_of(size: tuple[int, int], limits: PictureLimits) -> Unfit | None:
    width, height = size
    if width * height > limits.pixels_max:
        return Unfit("too_many_pixels", width, height)
    if min(size) < limits.side_min_px:
        return Unfit("too_small", width, height)
    if max(size) > limits.ratio_max * min(size):
        return Unfit("too_narrow", width, height)
    return None


def _in_plain_mode(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be scaled: no palette, and 8 bits."""
    if image.mode.startswith("I"):
        shifted = image.convert("I").point(lambda value: value * _SHIFT)  # pyright: ignore[reportUnknownMemberType] - Pillow's types name numpy, which is not here
        return shifted.convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _opaque(image: Image.Image) -> Image.Image:
    """The picture on white, if one can see through it."""
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, _WHITE)
    white.paste(image, mask=image.getchannel("A"))
    return white


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        # A profile that is damaged, or is for another kind of colours, counts as none.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - Pillow does not say
                outputMode="RGB",
            )
            if converted is not None:
                return converted
    return image if image.mode == "RGB" else image.convert("RGB")


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture upright, and with nothing but its pixels."""
    image.getexif()[_ORIENTATION] = orientation
    ImageOps.exif_transpose(image, in_place=True)
    image.info.clear()
    return image


def _encoded(image: Image.Image, limits: PictureLimits) -> Sent:
    while True:
        for quality in _QUALITIES:
            into = io.BytesIO()
            image.save(into, "JPEG", quality=quality)
            if into.tell() <= limits.bytes_max:
                return Sent(into.getvalue(), image.width, image.height)
        smaller = (int(image.width * _SHRUNK), int(image.height * _SHRUNK))
        image = image.resize(smaller)  # pyright: ignore[reportUnknownMemberType] - numpy again


def _confine(limits: PictureLimits) -> None:
    """Take the limits as far as the system knows them: Windows knows none."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    for kind, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        # At the soft limit it ends by a signal that says why; at the hard one it would be killed.
        (resource.RLIMIT_CPU, limits.time_max_s, limits.time_max_s + 1),
        (resource.RLIMIT_AS, limits.memory_max_bytes, limits.memory_max_bytes),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (soft, hard))
    os.nice(_NICENESS)


def main(arguments: Sequence[str]) -> None:
    """Read the picture, and answer. The arguments are the limits, as JSON."""
    limits = PictureLimits(**json.loads(arguments[0]))
    _confine(limits)
    out = sys.stdout.buffer
    match decoded(sys.stdin.buffer.read(), limits):
        case Sent(jpeg, width_px, height_px):
            out.write(json.dumps({"width_px": width_px, "height_px": height_px}).encode() + b"\n")
            out.write(jpeg)
        case Unfit(fault, width_px, height_px):
            said = {"fault": fault, "width_px": width_px, "height_px": height_px}
            out.write(json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
