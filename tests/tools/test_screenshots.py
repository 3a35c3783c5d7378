"""The README's pictures can be taken anew at any time."""

import struct
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.job import State
from tools.screenshots import (
    BROWSERS,
    FILM_WIDTH_PX,
    SHARPNESS,
    WIDTH_PX,
    find_browser,
    main,
    shoot,
)

BROWSER = find_browser()
# A card that is asked for and not yet confirmed looks as if it waited, for a moment.
SHOWN = set(State) - {State.ASKED, State.DELIVERED}
CARDS = {f"{name}.png" for name in (*map(str, SHOWN), "ready")}


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height, as a PNG's header says them."""
    header = picture.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", header[16:])
    return width, height


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason=f"none of {', '.join(BROWSERS)} is installed")
async def test_each_state_gets_its_picture_and_the_channel_gets_one_of_all(tmp_path: Path) -> None:
    assert BROWSER is not None
    await shoot(tmp_path, browser=BROWSER)
    sizes = {picture.name: size_of(picture) for picture in tmp_path.glob("*.png")}

    assert set(sizes) == {*CARDS, "playground.png"}
    with Image.open(tmp_path / "playground.gif") as film:
        assert getattr(film, "n_frames", 1) >= 3
        assert film.width == FILM_WIDTH_PX
    width, height = sizes["playground.png"]
    assert width == WIDTH_PX * SHARPNESS
    assert height > sum(sizes[name][1] for name in ("ready.png", "rendering.png"))
    assert sizes["ready.png"][1] > sizes["queued.png"][1] > sizes["rendering.png"][1]


def test_without_a_browser_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert main([str(tmp_path)]) == (
        "The pictures need a browser: none of chromium, chromium-browser, google-chrome was found."
    )


def test_without_a_folder_it_asks_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "chromium"
    browser.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert main([]) == "Name the folder for the pictures, and nothing else."
