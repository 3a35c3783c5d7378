"""Only `output` is read, every file once, and emptiness is believed only where all is clear."""

import pytest
from hypothesis import given, settings
from pydantic import JsonValue

from bot.domain.outcomes import Media, MediaKind
from bot.runcomfy.output import Files, NoFiles, UnreadableOutput, read_output
from tests.runcomfy.any_json import any_json

KITE = "https://files.runcomfy.net/kite.mp4"
GULL = "https://files.runcomfy.net/gull.mp4"
STILL = "https://files.runcomfy.net/kite.png"


def videos(*urls: str) -> Files:
    return Files(tuple(Media(kind=MediaKind.VIDEO, url=url) for url in urls))


def images(*urls: str) -> Files:
    return Files(tuple(Media(kind=MediaKind.IMAGE, url=url) for url in urls))


@pytest.mark.parametrize(
    ("output", "files"),
    [
        ({"video": KITE}, videos(KITE)),
        ({"video": f" {KITE}\n"}, videos(KITE)),
        ({"videos": [KITE]}, videos(KITE)),
        ({"videos": [GULL, KITE, GULL]}, videos(GULL, KITE)),
        ({"video": KITE, "videos": [GULL, KITE]}, videos(KITE, GULL)),
        ({"video": [KITE]}, videos(KITE)),
        ({"videos": KITE}, videos(KITE)),
        ({"videos": [KITE, 17, None, {"url": GULL}]}, videos(KITE)),
        ({"video": KITE, "image": STILL}, videos(KITE)),
        ({"image": STILL}, images(STILL)),
        ({"video": None, "images": [STILL]}, images(STILL)),
        ({"video": "", "videos": [], "image": STILL}, images(STILL)),
        ({"video": KITE, "thumbnail": {"odd": 1}}, videos(KITE)),
    ],
)
def test_files_are_read_in_their_order_and_each_once(output: JsonValue, files: Files) -> None:
    assert read_output(output) == files


@pytest.mark.parametrize(
    "output",
    [{}, {"video": None}, {"video": "", "videos": [None, ""]}, {"images": [], "seed": 17}],
)
def test_an_output_that_is_understood_may_be_empty(output: JsonValue) -> None:
    assert read_output(output) == NoFiles()


@pytest.mark.parametrize(
    "output",
    [
        None,
        "https://files.runcomfy.net/kite.mp4",
        [KITE],
        17,
        {"video": {"url": KITE}},
        {"video": {"url": KITE}, "image": STILL},
        {"videos": [17]},
        {"video": "kite.mp4"},
        {"video": "ftp://files.runcomfy.net/kite.mp4"},
        {"video": "https://"},
        {"video": "https://[::1/kite.mp4"},
        {"video": "https://files.runcomfy.net/\u0000.mp4"},
        {"video": "https://files.runcomfy.net/" + "x" * 5_000},
        {"video_url": KITE},
        {"files": [{"href": KITE}]},
        {"video": None, "result": {"video": KITE}},
    ],
)
def test_an_output_that_is_not_understood_is_not_called_empty(output: JsonValue) -> None:
    assert read_output(output) == UnreadableOutput()


@settings(deadline=None)
@given(any_json())
def test_any_output_is_read_without_a_fall(output: JsonValue) -> None:
    read = read_output(output)

    if isinstance(read, Files):
        assert read.media
        assert len({media.url for media in read.media}) == len(read.media)
        assert len({media.kind for media in read.media}) == 1
