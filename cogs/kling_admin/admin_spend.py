"""What a server's videos cost this month: by day, by person, and as a picture of the days."""

import asyncio
import io
from typing import Final

import discord
from discord import ui

from bot.features.spending import NOTHING_SPENT, MonthOfServer
from bot.languages.language import Language
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import view_of
from cogs.kling_admin import words_spend as words
from cogs.kling_admin.spend_picture import Bar, draw_bars

PICTURE_NAME: Final = "spend.png"
_ACCENT: Final = discord.Colour.blurple()


async def show_spend(interaction: Interaction) -> None:
    """Show the month so far to whoever asked."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    language = language_of(interaction)
    month = await interaction.client.services.spending.month_of(interaction.guild_id or 0)
    if month.total == NOTHING_SPENT:
        await tell_privately(interaction, words.nothing_line(language, month))
        return
    picture = await asyncio.to_thread(draw_bars, bars_of(month), language.dollars)
    await interaction.followup.send(
        view=spend_view(month, language),
        file=discord.File(io.BytesIO(picture), filename=PICTURE_NAME),
        ephemeral=True,
        allowed_mentions=discord.AllowedMentions.none(),
    )


def bars_of(month: MonthOfServer) -> list[Bar]:
    """A bar for each day of the month, also for those that are yet to come."""
    return [
        Bar(str(day.day), spend.spent_microusd, spend.held_microusd)
        for day, spend in month.by_day.items()
    ]


def spend_view(month: MonthOfServer, language: Language) -> ui.LayoutView:
    """The sums in words, the picture with its own in its description, and both tables."""
    container = ui.Container[ui.LayoutView](accent_colour=_ACCENT)
    container.add_item(ui.TextDisplay(words.heading(language, month)))
    picture = discord.MediaGalleryItem(
        f"attachment://{PICTURE_NAME}", description=words.picture_alt(language, month)
    )
    container.add_item(ui.MediaGallery(picture))
    container.add_item(ui.TextDisplay(words.day_table(language, month)))
    container.add_item(ui.TextDisplay(words.user_table(language, month)))
    return view_of(container)
