"""A file is what its first bytes say."""

import pytest

from bot.generation.outcomes import MediaKind
from bot.runcomfy.signatures import content_type_of, may_be


@pytest.mark.parametrize(
    ("kind", "head", "content_type"),
    [
        (MediaKind.VIDEO, b"\x00\x00\x00\x20ftypisom", "video/mp4"),
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


@pytest.mark.parametrize(
    ("kind", "content_type", "is_possible"),
    [
        (MediaKind.VIDEO, "video/mp4", True),
        (MediaKind.VIDEO, "video/quicktime", True),
        (MediaKind.VIDEO, "application/octet-stream", True),
        (MediaKind.VIDEO, "image/png", False),
        (MediaKind.VIDEO, "text/html", False),
        (MediaKind.IMAGE, "image/webp", True),
        (MediaKind.IMAGE, "video/mp4", False),
    ],
)
def test_a_content_type_may_rule_a_file_out(
    kind: MediaKind, content_type: str, *, is_possible: bool
) -> None:
    assert may_be(kind, content_type) is is_possible
