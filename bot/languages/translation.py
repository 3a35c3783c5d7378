"""Translates names and descriptions of commands into all the bot's languages, for Discord clients.

When the commands are registered, discord.py asks for each text in each of Discord's languages.
"""

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, locale_str

from bot.languages.language import Languages

_NAMES = frozenset(
    {
        TranslationContextLocation.command_name,
        TranslationContextLocation.group_name,
        TranslationContextLocation.parameter_name,
    }
)


def is_typed_name(context: TranslationContextTypes) -> bool:
    """Whether people type the text: names of slash commands and options, which Discord restricts.

    A context menu's name is an ordinary label.
    """
    return context.location in _NAMES and not isinstance(context.data, app_commands.ContextMenu)


class CatalogueTranslator(app_commands.Translator):
    """Answers from the catalogues; missing texts are left out, so that they stay English."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        """The text in the language, or None if Discord's client should show the English one."""
        language = self._languages.spoken(locale)
        if language is None:
            return None
        english = string.message
        said = language.name(english) if is_typed_name(context) else language.say(english)
        return None if said == english else said
