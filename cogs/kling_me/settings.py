"""A person's own settings as one private card of selects, redrawn after every choice.

Seven selects with their titles are 24 components of the 40 that Discord allows, and no select has
more than 25 options as long as the bot speaks at most 24 languages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import discord
from babel import Locale
from discord import ui

from bot.domain.generation.models import PRO, qualities
from bot.domain.generation.request import DURATION_DEFAULT_S, DURATION_MAX_S, DURATION_MIN_S, Aspect
from bot.domain.preferences import ASK_ABOVE_CHOICES_MICROUSD, Notify, Preferences
from bot.languages.language import Language, Languages, marked
from bot.ui.context import Interaction, language_of
from bot.ui.layout import row_of, view_of
from bot.ui.routes import Action, Route
from bot.ui.words.personal import ask_above

NOT_CHOSEN = "-"
"""The value of the option that leaves the choice to Discord or to the model."""
_MAX_OPTIONS = 25


Options = Callable[[Language, Languages], Mapping[str, str]]
"""The labels of a setting's options by their values: the fields of Preferences as text."""


@dataclass(frozen=True, slots=True)
class OwnSetting:
    """A choice that members make for themselves."""

    title: str
    options: Options


def _notify(language: Language, _: Languages) -> dict[str, str]:
    labels: Mapping[Notify, str] = {
        Notify.MENTION: marked("Mention me in the channel"),
        Notify.DIRECT: marked("Send me a direct message"),
        Notify.NONE: marked("Do not notify me"),
    }
    ways = {way.value: language.say(label) for way, label in labels.items()}
    return {NOT_CHOSEN: language.say("As the server does it, usually a mention")} | ways


def _languages(language: Language, languages: Languages) -> dict[str, str]:
    """Each language in its own name, so that its speakers find it."""
    named = {
        code: (Locale.parse(code, sep="-").get_display_name(code.replace("-", "_")) or code)
        for code in languages.codes[: _MAX_OPTIONS - 1]
    }
    titled = {code: name[:1].upper() + name[1:] for code, name in named.items()}
    return {NOT_CHOSEN: language.say("Same as my Discord")} | titled


def _aspects(language: Language, _: Languages) -> dict[str, str]:
    labels: Mapping[Aspect, str] = {
        Aspect.LANDSCAPE: marked("16:9 (landscape)"),
        Aspect.PORTRAIT: marked("9:16 (portrait)"),
        Aspect.SQUARE: marked("1:1 (square)"),
    }
    shapes = {shape.value: language.say(label) for shape, label in labels.items()}
    return _or_the_usual(language, Aspect.LANDSCAPE.value, shapes)


def _lengths(language: Language, _: Languages) -> dict[str, str]:
    lengths = {
        str(seconds): language.say("{seconds} s", seconds=seconds)
        for seconds in range(DURATION_MIN_S, DURATION_MAX_S + 1)
    }
    return _or_the_usual(language, str(DURATION_DEFAULT_S), lengths)


def _qualities(language: Language, _: Languages) -> dict[str, str]:
    return _or_the_usual(language, PRO, qualities())


def _sounds(language: Language, _: Languages) -> dict[str, str]:
    sounds = {"True": language.say("with sound"), "False": language.say("silent")}
    return _or_the_usual(language, "True", sounds)


def _prices(language: Language, _: Languages) -> dict[str, str]:
    above = {str(price): ask_above(language, price) for price in ASK_ABOVE_CHOICES_MICROUSD}
    return {NOT_CHOSEN: ask_above(language, None)} | above


def _or_the_usual(language: Language, usual: str, labels: Mapping[str, str]) -> dict[str, str]:
    """What can be chosen, after the option to leave it to the model, whose own is `usual`."""
    return {NOT_CHOSEN: language.say("The usual: {choice}", choice=labels[usual]), **labels}


SETTINGS: Final[Mapping[str, OwnSetting]] = {
    "notify": OwnSetting(marked("How you're notified"), _notify),
    "language": OwnSetting(marked("Language of private replies"), _languages),
    "aspect": OwnSetting(marked("Default shape"), _aspects),
    "duration_s": OwnSetting(marked("Default length"), _lengths),
    "quality": OwnSetting(marked("Default quality for you"), _qualities),
    "sound": OwnSetting(marked("Default sound"), _sounds),
    "ask_above_microusd": OwnSetting(marked("Ask me before a video is made"), _prices),
}
"""The settings by the names of the fields of Preferences, in the order of the card."""

SELECT: Final = Route("kling:me:{setting}", setting="|".join(SETTINGS))


def settings_card(choices: Preferences, language: Language, languages: Languages) -> ui.LayoutView:
    """All settings, each with its current value."""
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(language.say("### Your own settings")))
    note = language.say("Only you see this. Changes apply at once.")
    container.add_item(ui.TextDisplay(f"-# {note}"))
    for name, setting in SETTINGS.items():
        container.add_item(ui.TextDisplay(f"**{language.say(setting.title)}**"))
        chosen = value_of(choices, name)
        options = [
            discord.SelectOption(label=label, value=value, default=value == chosen)
            for value, label in setting.options(language, languages).items()
        ]
        container.add_item(row_of(ui.Select(custom_id=SELECT.of(setting=name), options=options)))
    return view_of(container)


def value_of(choices: Preferences, name: str) -> str:
    """The current setting, as the value of its option."""
    chosen = choices.model_dump(mode="json")[name]
    return NOT_CHOSEN if chosen is None else str(chosen)


def change_of(name: str, value: str) -> dict[str, object]:
    """The change to Preferences that choosing an option means; pydantic reads the value."""
    return {name: None if value == NOT_CHOSEN else value}


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
    change = change_of(action["setting"], action.values[0])
    choices = await interaction.client.services.preferences.change(interaction.user.id, change)
    view = settings_card(choices, language_of(interaction), interaction.client.languages)
    await interaction.edit_original_response(view=view)


ROUTES: Final = ((SELECT, choose),)
