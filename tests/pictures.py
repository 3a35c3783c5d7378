"""Real pictures for tests, of every kind that members attach."""

import io
import struct
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image, ImageCms, ImageDraw, ImageStat

LEFT: Final = (204, 51, 51)
RIGHT: Final = (51, 51, 204)
_NEAR: Final = 24
"""How far apart two colours may be, of 255, that are the same by eye."""


def a_picture(size: tuple[int, int] = (480, 320), mode: str = "RGB") -> Image.Image:
    """Red on its left half, blue on its right."""
    image = Image.new("RGB", size, LEFT)
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill=RIGHT)
    return image if mode == "RGB" else image.convert(mode)


CORNERS: Final = ((204, 51, 51), (51, 51, 204), (51, 153, 51), (221, 187, 51))
"""Top left, top right, bottom left, bottom right."""


def a_chequer(
    size: tuple[int, int] = (480, 320), colours: Sequence[tuple[int, int, int]] = CORNERS
) -> Image.Image:
    """A colour in each quarter: it shows which picture a frame is, and which way up."""
    image = Image.new("RGB", size)
    for box, colour in zip(_quarters(size), colours, strict=True):
        image.paste(colour, box)
    return image


def _quarters(size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    (width, height), (x, y) = size, (size[0] // 2, size[1] // 2)
    return [(0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height)]


def corner_colours(image: Image.Image) -> list[Sequence[float]]:
    """The mean colour of each quarter, in the order of `CORNERS`."""
    coloured = image.convert("RGB")
    return [ImageStat.Stat(coloured.crop(box)).mean for box in _quarters(image.size)]


def resembles(image: Image.Image, colours: Sequence[tuple[int, int, int]] = CORNERS) -> bool:
    """Whether each quarter has this colour, but for what a video's encoding changes."""
    return are_near(corner_colours(image), colours)


def are_near(some: Sequence[Sequence[float]], others: Sequence[Sequence[float]]) -> bool:
    """Whether these are the same colours by eye."""
    pairs = zip(some, others, strict=True)
    return all(abs(a - b) <= _NEAR for one, other in pairs for a, b in zip(one, other, strict=True))


def first_and_last_frame(video: Path) -> tuple[Image.Image, Image.Image]:
    """What a video begins with and what it ends with."""
    every = ("-i", str(video), "-f", "image2pipe", "-c:v", "ppm", "-")
    command = [get_ffmpeg_exe(), "-v", "error", "-nostdin", *every]
    frames = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - our own arguments, no shell
    first = Image.open(io.BytesIO(frames))
    return first, Image.open(io.BytesIO(frames[-len(saved(first, "PPM")) :]))


def saved(image: Image.Image, kind: str = "PNG", **how: Any) -> bytes:  # noqa: ANN401 - as Pillow takes it
    """The file's bytes."""
    into = io.BytesIO()
    image.save(into, kind, **how)
    return into.getvalue()


def a_heic(size: tuple[int, int] = (480, 320)) -> bytes:
    """As a phone makes it."""
    from pillow_heif import register_heif_opener  # noqa: PLC0415  # pyright: ignore[reportUnknownVariableType] - it takes any keywords

    register_heif_opener()
    return saved(a_picture(size), "HEIF", quality=60)


def exif_of_a_phone(orientation: int = 1) -> Image.Exif:
    """Where and with what it was taken, and how the phone was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "canary-camera"
    exif.get_ifd(0x8825)[29] = "canary-gps"
    return exif


def a_bomb(width_px: int, height_px: int) -> bytes:
    """A PNG of some bytes whose header claims any size."""
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    chunks = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*chunks, strict=True)))


def _chunk(name: bytes, body: bytes) -> bytes:
    checked = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checked)


def a_webp_that_claims(width_px: int, height_px: int) -> bytes:
    """An extended WebP whose canvas has any size."""
    sizes = (width_px - 1).to_bytes(3, "little") + (height_px - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + sizes
    return b"RIFF" + struct.pack("<I", len(body)) + body


def a_profile() -> bytes:
    """A colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - Pillow does not say
