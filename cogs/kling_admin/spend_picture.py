"""A month's spending as a picture: a bar for each day, what is reserved above what was spent.

Drawn by Pillow with the scalable font that it carries; a drawing takes some hundredths of a second
and belongs into a thread.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDTH_PX: Final = 1_200
HEIGHT_PX: Final = 480
EDGE_PX: Final = 24
GAP_PX: Final = 12
"""Between the sums at the left and the days."""
TOP_PX: Final = 36
BOTTOM_PX: Final = 56
BACKGROUND: Final = (43, 45, 49)
LINE: Final = (78, 80, 88)
TEXT: Final = (219, 222, 225)
SPENT: Final = (88, 101, 242)
RESERVED: Final = (148, 156, 247)
_FONT_PX: Final = 22
_STEPS: Final = 4
_BAR_SHARE: Final = 0.7
"""Of the width that a day has."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day."""

    label: str
    spent_microusd: int
    held_microusd: int

    @property
    def total_microusd(self) -> int:
        """Its height."""
        return self.spent_microusd + self.held_microusd


def draw_bars(bars: Sequence[Bar], dollars: Callable[[int], str]) -> bytes:
    """The picture as PNG; `dollars` says sums in the reader's language."""
    top_microusd = ceiling(max((bar.total_microusd for bar in bars), default=0))
    image = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), BACKGROUND)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=_FONT_PX)
    sums = [top_microusd * step // _STEPS for step in range(_STEPS + 1)]
    labels = [_drawable(dollars(microusd)) for microusd in sums]
    left_px = EDGE_PX + GAP_PX + round(max(font.getlength(label) for label in labels))
    for microusd, label in zip(sums, labels, strict=True):
        y = height_of(microusd, top_microusd)
        pen.line([(left_px, y), (WIDTH_PX - EDGE_PX, y)], fill=LINE, width=1)
        pen.text((left_px - GAP_PX, y), label, fill=TEXT, font=font, anchor="rm")
    ground = height_of(0, top_microusd)
    for number, bar in enumerate(bars):
        left, right = column(number, len(bars), left_px)
        spent_top = height_of(bar.spent_microusd, top_microusd)
        if bar.spent_microusd:
            pen.rectangle([left, spent_top, right, ground], fill=SPENT)
        if bar.held_microusd:
            whole_top = height_of(bar.total_microusd, top_microusd)
            pen.rectangle([left, whole_top, right, spent_top], fill=RESERVED)
        middle = (left + right) // 2
        pen.text((middle, ground + GAP_PX), bar.label, fill=TEXT, font=font, anchor="mt")
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def ceiling(microusd: int) -> int:
    """The round sum at which the picture ends, at or above the largest: 1, 2 or 5 and zeros."""
    step = 10_000
    while True:
        for factor in (1, 2, 5):
            if step * factor >= microusd:
                return step * factor
        step *= 10


def height_of(microusd: int, top_microusd: int) -> int:
    """Where a sum ends, from above."""
    whole = HEIGHT_PX - TOP_PX - BOTTOM_PX
    return HEIGHT_PX - BOTTOM_PX - whole * microusd // top_microusd


def column(number: int, count: int, left_px: int) -> tuple[int, int]:
    """Where the bar of a day begins and ends, the first day beginning at `left_px`."""
    day = (WIDTH_PX - left_px - EDGE_PX) / count
    begins = left_px + day * (number + (1 - _BAR_SHARE) / 2)
    return round(begins), round(begins + day * _BAR_SHARE)


def _drawable(text: str) -> str:
    """With plain blanks: the font has no others, and draws a box for them."""
    return " ".join(text.split())
