"""Styles where people type: suggested while they do, and found by what they typed in the end."""

from discord import app_commands

from bot.domain.styles import OfferedStyle, Style, UnknownStyle, find, matching
from bot.languages.language import Language
from bot.ui import words_personal as words
from bot.ui.context import Interaction, language_of, tell_privately

CHOICES_OFFERED = 25
"""Discord's limit of choices."""


async def suggested_styles(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The styles of this place whose names begin like what was typed."""
    offered = await _offered(interaction, language_of(interaction))
    return [
        app_commands.Choice(name=one.label, value=one.style.name)
        for one in matching(typed, offered)[:CHOICES_OFFERED]
    ]


async def chosen_style(interaction: Interaction, wanted: str) -> Style | None:
    """The style that was typed or chosen; None when there is none, and they were told."""
    language = language_of(interaction)
    found = find(wanted, await _offered(interaction, language))
    if isinstance(found, UnknownStyle):
        await tell_privately(interaction, words.unknown_style(language, found))
        return None
    return found


async def _offered(interaction: Interaction, language: Language) -> list[OfferedStyle]:
    styles = await interaction.client.services.styles.offered(interaction.guild_id)
    return [OfferedStyle(style, words.style_label(language, style)) for style in styles]
