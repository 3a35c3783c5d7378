"""What a file is by its first bytes: a content type is only what somebody says."""

from typing import Final

from bot.domain.outcomes import MediaKind

SIGNATURE_BYTES: Final = 12
"""How many first bytes are enough to know."""


def content_type_of(kind: MediaKind, head: bytes) -> str | None:
    """The content type that the first bytes prove, if it is of the expected kind."""
    if kind is MediaKind.VIDEO:
        if head[4:8] == b"ftyp":
            return "video/mp4"
        return "video/webm" if head.startswith(b"\x1a\x45\xdf\xa3") else None
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None
