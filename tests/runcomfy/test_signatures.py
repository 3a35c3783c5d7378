"""A file is what its first bytes say."""

import pytest

from bot.domain.outcomes import MediaKind
from bot.runcomfy.download import content_type_of


@pytest.mark.parametrize(
    ("kind", "head", "content_type"),
    [
        (MediaKind.VIDEO, b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (MediaKind.VIDEO, b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81", "video/webm"),
        (MediaKind.VIDEO, b"ftypisom", None),
        (MediaKind.VIDEO, b"<html><body>", None),
        (MediaKind.VIDEO, b"\x89PNG\r\n\x1a\n1234", None),
        (MediaKind.VIDEO, b"", None),
        (MediaKind.IMAGE, b"\x89PNG\r\n\x1a\n1234", "image/png"),
        (MediaKind.IMAGE, b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (MediaKind.IMAGE, b"GIF89a123456", "image/gif"),
        (MediaKind.IMAGE, b"GIF87a123456", "image/gif"),
        (MediaKind.IMAGE, b"RIFF1234WEBP", "image/webp"),
        (MediaKind.IMAGE, b"RIFF1234WAVE", None),
        (MediaKind.IMAGE, b"\x00\x00\x00\x20ftypisom", None),
        (MediaKind.IMAGE, b"\x89PNG", None),
    ],
)
def test_first_bytes_prove_what_a_file_is(
    kind: MediaKind, head: bytes, content_type: str | None
) -> None:
    assert content_type_of(kind, head) == content_type
