"""A bar is as high as its sum, what is reserved stands above, and every label can be read."""

import io

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.languages.language import load_languages
from cogs.kling_admin.spend import (
    BACKGROUND,
    HEIGHT_PX,
    RESERVED,
    SPENT,
    WIDTH_PX,
    Bar,
    ceiling,
    draw_bars,
)

DOLLARS = load_languages().of("en").dollars


def drawn(*bars: Bar) -> Image.Image:
    return Image.open(io.BytesIO(draw_bars(bars, DOLLARS))).convert("RGB")


def heights(image: Image.Image, colour: tuple[int, int, int]) -> list[int]:
    """How high the colour stands in each column that has it, once for each bar."""
    counts: list[int] = []
    for x in range(WIDTH_PX):
        column = [image.getpixel((x, y)) for y in range(HEIGHT_PX)]
        counts.append(column.count(colour))
    return [now for before, now in zip([0, *counts], counts, strict=False) if now and not before]


def test_a_bar_is_as_high_as_its_sum() -> None:
    low, high = heights(
        drawn(Bar("1", 1_000_000, 0), Bar("2", 0, 0), Bar("3", 2_000_000, 0)), SPENT
    )
    assert abs(high - 2 * low) <= 2
    assert high > HEIGHT_PX / 2


def test_what_is_reserved_stands_above_what_was_spent() -> None:
    image = drawn(Bar("1", 1_000_000, 1_000_000))
    (spent,), (reserved,) = heights(image, SPENT), heights(image, RESERVED)
    assert abs(spent - reserved) <= 2
    x = next(x for x in range(WIDTH_PX) if image.getpixel((x, HEIGHT_PX // 4)) == RESERVED)
    first = {image.getpixel((x, y)): y for y in reversed(range(HEIGHT_PX))}
    assert first[RESERVED] < first[SPENT]


def test_a_month_without_anything_can_be_drawn_too() -> None:
    image = drawn(*(Bar(str(day), 0, 0) for day in range(1, 32)))
    assert heights(image, SPENT) == []
    assert image.getpixel((WIDTH_PX - 1, 0)) == BACKGROUND


def test_the_widest_sums_stay_on_the_picture() -> None:
    italian = load_languages().of("it").dollars
    bars = [Bar(str(day), 1_234_567_890_000, 0) for day in range(1, 32)]
    image = Image.open(io.BytesIO(draw_bars(bars, italian))).convert("RGB")
    assert {image.getpixel((x, y)) for x in range(20) for y in range(HEIGHT_PX)} == {BACKGROUND}


@given(st.integers(0, 10**15))
def test_the_picture_ends_at_a_round_sum_not_far_above_the_largest(microusd: int) -> None:
    top = ceiling(microusd)
    assert top >= microusd
    assert top <= max(10_000, microusd * 5 // 2)
    assert str(top).strip("0") in {"1", "2", "5"}
