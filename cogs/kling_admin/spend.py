"""What a server's videos cost this month: by day, by person, and as a picture of the days."""

import asyncio
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui

from bot.features.spending import NOTHING_SPENT, MonthOfServer, Spend, total
from bot.languages.language import Language
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import view_of

WIDTH_PX: Final = 1_200
HEIGHT_PX: Final = 480
EDGE_PX: Final = 24
GAP_PX: Final = 12
"""The gap between the sums at the left and the days."""
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
"""A bar's share of the width of its day."""


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
    """The picture as PNG; `dollars` formats sums in the reader's language."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - loaded when wanted: it costs 30 ms and 4 MiB

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
    """The round sum at the top of the picture, at or above the largest: 1, 2 or 5 and zeros."""
    step = 10_000
    while True:
        for factor in (1, 2, 5):
            if step * factor >= microusd:
                return step * factor
        step *= 10


def height_of(microusd: int, top_microusd: int) -> int:
    """The y of a sum, counted from the top."""
    whole = HEIGHT_PX - TOP_PX - BOTTOM_PX
    return HEIGHT_PX - BOTTOM_PX - whole * microusd // top_microusd


def column(number: int, count: int, left_px: int) -> tuple[int, int]:
    """The left and right edge of a day's bar; the first day begins at `left_px`."""
    day = (WIDTH_PX - left_px - EDGE_PX) / count
    begins = left_px + day * (number + (1 - _BAR_SHARE) / 2)
    return round(begins), round(begins + day * _BAR_SHARE)


def _drawable(text: str) -> str:
    """The text with plain blanks: the font has no others, and draws a box for them."""
    return " ".join(text.split())


PICTURE_NAME: Final = "spend.png"
_ACCENT: Final = discord.Colour.blurple()
USERS_MAX: Final = 25
ALT_MAX_CHARS: Final = 1_000
"""Discord allows 1,024."""


async def show_spend(interaction: Interaction) -> None:
    """Show the month so far to the manager."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    language = language_of(interaction)
    month = await interaction.client.services.spending.month_of(interaction.guild_id or 0)
    if month.total == NOTHING_SPENT:
        await tell_privately(interaction, nothing_line(language, month))
        return
    picture = await asyncio.to_thread(draw_bars, bars_of(month), language.dollars)
    await interaction.followup.send(
        view=spend_view(month, language),
        file=discord.File(io.BytesIO(picture), filename=PICTURE_NAME),
        ephemeral=True,
        allowed_mentions=discord.AllowedMentions.none(),
    )


def bars_of(month: MonthOfServer) -> list[Bar]:
    """A bar for each day of the month, including the days to come."""
    return [
        Bar(str(day.day), spend.spent_microusd, spend.held_microusd)
        for day, spend in month.by_day.items()
    ]


def spend_view(month: MonthOfServer, language: Language) -> ui.LayoutView:
    """The sums in words, the picture with its description, and both tables."""
    container = ui.Container[ui.LayoutView](accent_colour=_ACCENT)
    container.add_item(ui.TextDisplay(heading(language, month)))
    picture = discord.MediaGalleryItem(
        f"attachment://{PICTURE_NAME}", description=picture_alt(language, month)
    )
    container.add_item(ui.MediaGallery(picture))
    container.add_item(ui.TextDisplay(day_table(language, month)))
    container.add_item(ui.TextDisplay(user_table(language, month)))
    return view_of(container)


def nothing_line(language: Language, month: MonthOfServer) -> str:
    """Says that there is nothing to show."""
    return language.say(
        "Nothing was spent in this server in {month} yet.", month=language.month(month.days[0])
    )


def heading(language: Language, month: MonthOfServer) -> str:
    """The month's sum, the part that is not final, and the calendar it follows."""
    total = month.total
    lines = [
        language.say("### Spent in {month}", month=language.month(month.days[0])),
        f"**{_sum(language, total)}**",
    ]
    if total.held_microusd:
        held = language.dollars(total.held_microusd)
        lines.append(language.say("-# {amount} of it is reserved, not spent yet.", amount=held))
    if total.estimated_microusd:
        estimated = language.dollars(total.estimated_microusd)
        lines.append(
            language.say(
                "-# {amount} of it is estimated: RunComfy did not say what it cost.",
                amount=estimated,
            )
        )
    lines.append(language.say("-# Days as in {zone}.", zone=str(month.zone)))
    return "\n".join(lines)


def day_table(language: Language, month: MonthOfServer) -> str:
    """Each day on which anything was made, with its figures in columns."""
    rows = [
        (language.day(day), language.dollars(_taken(spend)), str(spend.videos))
        for day, spend in month.by_day.items()
        if spend != NOTHING_SPENT
    ]
    head = (language.say("Day"), language.say("Dollars"), language.say("Videos"))
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in [head, *rows]
    ]
    return "```\n" + "\n".join(lines) + "\n```"


def user_table(language: Language, month: MonthOfServer) -> str:
    """Each person, the largest sum first; the last lines of a long list are one."""
    users = list(month.by_user.items())
    lines = [
        f"- {_name(language, user_id)}: {_sum(language, spend)}"
        for user_id, spend in users[:USERS_MAX]
    ]
    others = total(spend for _, spend in users[USERS_MAX:])
    if others != NOTHING_SPENT:
        name = language.say("all others")
        lines.append(f"- {name}: {_sum(language, others)}")
    return "\n".join([language.say("**By person**"), *lines])


def picture_alt(language: Language, month: MonthOfServer) -> str:
    """The picture in words for screen readers; 31 days of large sums fit into the limit."""
    sums = ", ".join(
        f"{language.day(day)} {language.dollars(_taken(spend))}"
        for day, spend in month.by_day.items()
        if _taken(spend)
    )
    name = language.month(month.days[0])
    text = language.say("Bars for the days of {month}: {sums}.", month=name, sums=sums)
    return text[:ALT_MAX_CHARS]


def _name(language: Language, user_id: int | None) -> str:
    return language.say("people who were erased") if user_id is None else f"<@{user_id}>"


def _sum(language: Language, spend: Spend) -> str:
    amount = language.dollars(_taken(spend))
    return language.plural(
        "{amount} for {number} video", "{amount} for {number} videos", spend.videos, amount=amount
    )


def _taken(spend: Spend) -> int:
    return spend.held_microusd + spend.spent_microusd
