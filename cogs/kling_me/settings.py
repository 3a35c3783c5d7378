"""A person's own settings as one private card of selects, redrawn after every choice.

Six selects with their titles are 20 components of the 40 that Discord allows, and no select has
more than 25 options as long as the bot speaks at most 24 languages.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import discord
from babel import Locale
from discord import ui

from bot.domain.preferences import ASK_ABOVE_CHOICES_MICROUSD, Notify, Preferences
from bot.domain.request import DURATION_DEFAULT_S, DURATION_MAX_S, DURATION_MIN_S, Aspect
from bot.languages.language import Language, Languages
from bot.ui import words_personal as words
from bot.ui.context import Interaction, language_of
from bot.ui.layout import row_of, view_of
from bot.ui.routes import Action, Route

NOT_CHOSEN = "-"
"""The value of the option that leaves the choice to Discord or to the model."""
_MAX_OPTIONS = 25


class Setting(StrEnum):
    """The settings, by the names of the fields of Preferences."""

    NOTIFY = "notify"
    LANGUAGE = "language"
    ASPECT = "aspect"
    DURATION = "duration_s"
    SOUND = "sound"
    ASK_ABOVE = "ask_above_microusd"


SELECT: Final = Route("kling:me:{setting}", setting="|".join(Setting))
_TITLES: Mapping[Setting, str] = {
    Setting.NOTIFY: words.NOTIFY_TITLE,
    Setting.LANGUAGE: words.LANGUAGE_TITLE,
    Setting.ASPECT: words.ASPECT_TITLE,
    Setting.DURATION: words.DURATION_TITLE,
    Setting.SOUND: words.SOUND_TITLE,
    Setting.ASK_ABOVE: words.ASK_TITLE,
}


def settings_card(choices: Preferences, language: Language, languages: Languages) -> ui.LayoutView:
    """All settings, each with its current value."""
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(language.say(words.SETTINGS_TITLE)))
    container.add_item(ui.TextDisplay(f"-# {language.say(words.SETTINGS_NOTE)}"))
    for setting in Setting:
        container.add_item(ui.TextDisplay(f"**{language.say(_TITLES[setting])}**"))
        labels = _labels(setting, language, languages)
        chosen = value_of(choices, setting)
        options = [
            discord.SelectOption(label=label, value=value, default=value == chosen)
            for value, label in labels.items()
        ]
        container.add_item(row_of(ui.Select(custom_id=SELECT.of(setting=setting), options=options)))
    return view_of(container)


def value_of(choices: Preferences, setting: Setting) -> str:
    """The current setting, as the value of its option."""
    chosen = choices.model_dump(mode="json")[setting]
    return NOT_CHOSEN if chosen is None else str(chosen)


def change_of(setting: Setting, value: str) -> dict[str, object]:
    """The change to Preferences that choosing an option means; pydantic reads the value."""
    return {setting.value: None if value == NOT_CHOSEN else value}


def _labels(setting: Setting, language: Language, languages: Languages) -> dict[str, str]:
    """The options of a setting: their labels by their values."""
    match setting:
        case Setting.NOTIFY:
            ways = {way.value: language.say(words.NOTIFY_LABELS[way]) for way in Notify}
            return {NOT_CHOSEN: language.say(words.NOTIFY_UNCHOSEN)} | ways
        case Setting.LANGUAGE:
            return _languages(language, languages)
        case Setting.ASPECT:
            shapes = {shape.value: language.say(words.ASPECT_LABELS[shape]) for shape in Aspect}
            return {NOT_CHOSEN: _usual(language, shapes[Aspect.LANDSCAPE.value])} | shapes
        case Setting.DURATION:
            lengths = {str(s): _length(language, s) for s in _lengths()}
            return {NOT_CHOSEN: _usual(language, _length(language, DURATION_DEFAULT_S))} | lengths
        case Setting.SOUND:
            with_sound, silent = language.say(words.WITH_SOUND), language.say(words.SILENT)
            return {NOT_CHOSEN: _usual(language, with_sound), "True": with_sound, "False": silent}
        case Setting.ASK_ABOVE:
            return _sums(language)


def _languages(language: Language, languages: Languages) -> dict[str, str]:
    """Each language in its own name, so that its speakers find it."""
    named = {
        code: (Locale.parse(code, sep="-").get_display_name(code.replace("-", "_")) or code)
        for code in languages.codes[: _MAX_OPTIONS - 1]
    }
    titled = {code: name[:1].upper() + name[1:] for code, name in named.items()}
    return {NOT_CHOSEN: language.say(words.DISCORDS_LANGUAGE)} | titled


def _sums(language: Language) -> dict[str, str]:
    above = {
        str(microusd): language.say(words.ASK_ABOVE, price=language.dollars(microusd))
        if microusd
        else language.say(words.ALWAYS_ASK)
        for microusd in ASK_ABOVE_CHOICES_MICROUSD
    }
    return {NOT_CHOSEN: language.say(words.NEVER_ASK)} | above


def _lengths() -> range:
    return range(DURATION_MIN_S, DURATION_MAX_S + 1)


def _length(language: Language, seconds: int) -> str:
    return language.say("{seconds} s", seconds=seconds)


def _usual(language: Language, choice: str) -> str:
    return language.say(words.THE_USUAL, choice=choice)


async def show(interaction: Interaction) -> None:
    """Answer with the card, which only the member sees."""
    choices = await interaction.client.services.preferences.current(interaction.user.id)
    view = settings_card(choices, language_of(interaction), interaction.client.languages)
    await interaction.response.send_message(view=view, ephemeral=True)


async def choose(interaction: Interaction, action: Action) -> None:
    """Save a choice for the person who makes it: the card names no member.

    The card is redrawn in the language that now counts.
    """
    await interaction.response.defer()
    change = change_of(Setting(action["setting"]), action.values[0])
    choices = await interaction.client.services.preferences.change(interaction.user.id, change)
    view = settings_card(choices, language_of(interaction), interaction.client.languages)
    await interaction.edit_original_response(view=view)


ROUTES: Final = ((SELECT, choose),)
