"""Names and descriptions of commands in every language that the bot speaks, for Discord's clients.

discord.py asks for each text in each of Discord's languages when the commands are registered.
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

    A context menu's name is a label like any other.
    """
    return context.location in _NAMES and not isinstance(context.data, app_commands.ContextMenu)


class CatalogueTranslator(app_commands.Translator):
    """Answers from the catalogues; a text that they do not have stays English by being left out."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        """The text in the language, or None where Discord's client shall show the English one."""
        language = self._languages.spoken(locale)
        if language is None:
            return None
        english = string.message
        said = language.name(english) if is_typed_name(context) else language.say(english)
        return None if said == english else said
