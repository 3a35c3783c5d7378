"""Real pictures for tests, of every kind that members attach."""

import io
import struct
import zlib
from typing import Any, Final

from PIL import Image, ImageCms, ImageDraw

LEFT: Final = (204, 51, 51)
RIGHT: Final = (51, 51, 204)


def a_picture(size: tuple[int, int] = (480, 320), mode: str = "RGB") -> Image.Image:
    """Red on its left half, blue on its right."""
    image = Image.new("RGB", size, LEFT)
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill=RIGHT)
    return image if mode == "RGB" else image.convert(mode)


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
