"""Pictures are handed over in a real browser, and the videos begin and end with them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from bot.domain.job import State
from bot.ui.words import cards as words
from tests.patience import until
from tests.pictures import CORNERS, LEFT, RIGHT, a_chequer, a_picture, are_near, saved
from tests.playground.driver import NEEDS_A_BROWSER, Visitor

pytestmark = NEEDS_A_BROWSER

PROMPT = "it unfolds like a map"
NEXT = "it folds up again"
HALVES = (LEFT, RIGHT) * 2
QUARTERS = """async (video, atTheEnd) => {
    const seen = new Promise(done => video.addEventListener("seeked", done, {once: true}));
    video.currentTime = atTheEnd ? video.duration : 0.001;
    await seen;
    const [width, height] = [video.videoWidth, video.videoHeight];
    const pen = new OffscreenCanvas(width, height).getContext("2d");
    pen.drawImage(video, 0, 0);
    return [[1, 1], [3, 1], [1, 3], [3, 3]].map(([x, y]) =>
        [...pen.getImageData(width * x / 4, height * y / 4, 1, 1).data.slice(0, 3)]);
}"""


@pytest.fixture
async def map_file(tmp_path: Path) -> Path:
    return await written(tmp_path / "map.png", saved(a_chequer((900, 1200))))


@pytest.fixture
async def halves_file(tmp_path: Path) -> Path:
    return await written(tmp_path / "halves.jpg", saved(a_picture((900, 1200)), "JPEG"))


async def written(file: Path, data: bytes) -> Path:
    await asyncio.to_thread(file.write_bytes, data)
    return file


async def plays(
    card: Locator, colours: Sequence[tuple[int, int, int]], *, at_the_end: bool = False
) -> None:
    """Wait until what plays on the card has these colours in its quarters, there."""

    async def does() -> bool:
        seen = await card.locator("video").evaluate(QUARTERS, at_the_end)
        return are_near(seen, colours)

    await until(does, otherwise=lambda: f"the video does not show {colours}")


async def test_a_video_begins_and_ends_with_the_pictures_that_were_attached(
    you: Visitor, map_file: Path, halves_file: Path
) -> None:
    await you.pick("/kling")
    await you.page.keyboard.type(PROMPT)
    await you.attach("image", map_file)
    await you.attach("last_image", halves_file)
    await you.send()

    card = you.card(PROMPT)
    await you.sees(card, words.HEADINGS[State.RENDERING])
    await you.sees(card, "between two pictures")
    shown = card.get_by_role("img", name="The picture that the video begins with")
    await expect(shown).to_be_visible()
    await you.sees(card, "Continue…")
    await you.sees(card, "0:00 / 0:05")
    await plays(card, CORNERS)
    await plays(card, HALVES, at_the_end=True)


async def test_a_window_takes_another_picture(
    you: Visitor, map_file: Path, halves_file: Path
) -> None:
    await you.pick("/kling")
    await you.page.keyboard.type(PROMPT)
    await you.attach("image", map_file)
    await you.send()
    card = you.card(PROMPT)
    await you.sees(card, "Continue…")
    await you.press(card, "Change…")
    await you.form.locator("input[type=file]").set_input_files(halves_file)
    await you.submit()

    changed = you.card(PROMPT).last
    await expect(you.card(PROMPT)).to_have_count(2)
    await you.sees(changed, "Continue…")
    await you.sees(changed, "0:00 / 0:05")
    await plays(changed, HALVES)


async def test_a_video_goes_on_from_its_last_picture_and_both_become_one_film(
    you: Visitor, map_file: Path
) -> None:
    await you.pick("/kling")
    await you.page.keyboard.type(PROMPT)
    await you.attach("image", map_file)
    await you.send()
    first = you.card(PROMPT)
    await you.sees(first, "Continue…")
    await you.press(first, "Continue…")
    await you.form.locator("textarea").first.fill(NEXT)
    await you.submit()

    second = you.card(NEXT)
    await you.sees(second, "continues an earlier video")
    await you.sees(second, "Continue…")
    await plays(second, CORNERS)
    await you.press(second, "Join")
    film = you.messages.filter(has_text="0:00 / 0:10")
    await expect(film).to_have_count(1)


async def test_a_text_that_is_called_a_picture_is_refused_in_private(
    you: Visitor, tmp_path: Path
) -> None:
    await you.pick("/kling")
    await you.page.keyboard.type(PROMPT)
    await you.attach("image", await written(tmp_path / "text.png", b"no picture"))
    await you.send()
    await you.is_told_in_private("not a picture")
