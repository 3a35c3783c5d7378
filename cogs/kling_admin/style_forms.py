"""The window in which a server's manager writes a style, and the list of all of them."""

import re
from collections.abc import Sequence
from typing import Any, Final

from discord import ui
from pydantic import ValidationError

from bot.domain.styles import BUILT_IN, SNIPPET_MAX_CHARS, ServerStyle, Style
from bot.domain.visible import is_blank
from bot.languages.language import Language
from bot.ui import words_personal as words
from bot.ui.context import Interaction, language_of, manager_of, tell_privately
from bot.ui.layout import MOST_CHARS
from bot.ui.modals import Submission, paragraph, take_window, window_of

_WINDOW: Final = re.compile(r"kling:style-form:(?P<name>.*):(?P<version>[0-9]*)", flags=re.DOTALL)
"""With a version: of a style that is there already. The longest name leaves room for both."""
_PROMPT: Final = "prompt"
_NEGATIVE: Final = "negative"
_TITLE_MAX_CHARS = 45
"""Discord's limit of a window's title."""
_SHOWN_CHARS = 40
"""Of each text in the list."""


def style_form(name: str, language: Language, *, edited: ServerStyle | None = None) -> ui.Modal:
    """Asks for both texts of a style; `edited` is the one that is there already."""
    title, version, former = language.say(words.ADD_TITLE), "", None
    if edited is not None:
        title = language.say(words.EDIT_TITLE, name=name)
        version, former = str(edited.version), edited.style
    added = _snippet(_PROMPT, former.prompt if former else None)
    unwanted = _snippet(_NEGATIVE, former.negative_prompt if former else None)
    return window_of(
        title[:_TITLE_MAX_CHARS],
        f"kling:style-form:{name}:{version}",
        ui.Label(text=language.say(words.ADDS_TO_PROMPT), component=added),
        ui.Label(text=language.say(words.ADDS_TO_NEGATIVE), component=unwanted),
    )


async def take_style(interaction: Interaction) -> None:
    """Write the style of a submitted window, for whoever still manages the server."""
    await take_window(interaction, _WINDOW, _save)


async def _save(interaction: Interaction, submission: Submission, match: re.Match[str]) -> None:
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    language, styles = language_of(interaction), interaction.client.services.styles
    texts = submission.texts
    typed = (match["name"], texts.get(_PROMPT, ""), texts.get(_NEGATIVE, ""))
    if any(text and is_blank(text) for text in typed):
        await tell_privately(interaction, language.say(words.STYLE_NEEDS_TEXT))
        return
    try:
        style = Style(
            name=match["name"],
            prompt=texts.get(_PROMPT, ""),
            negative_prompt=texts.get(_NEGATIVE, ""),
        )
    except ValidationError:
        await tell_privately(interaction, language.say(words.STYLE_NEEDS_TEXT))
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    by_user_id = interaction.user.id
    if match["version"]:
        version = int(match["version"])
        outcome = await styles.edit(guild_id, style, version=version, by_user_id=by_user_id)
    else:
        outcome = await styles.add(guild_id, style, by_user_id=by_user_id)
    await tell_privately(interaction, words.style_outcome(language, outcome, style.name))


def style_list(language: Language, own: Sequence[ServerStyle]) -> str:
    """A server's own styles with the beginnings of their texts, then the built-in ones."""
    names = ", ".join(f"**{words.style_label(language, style)}**" for style in BUILT_IN)
    built_in = language.say(words.BUILT_IN_STYLES, names=names)
    if not own:
        return f"{language.say(words.NO_STYLES)}\n{built_in}"
    heading, footing = language.say(words.OWN_STYLES), f"-# {built_in}"
    full = "\n".join([heading, *(_line(one.style) for one in own), footing])
    if len(full) <= MOST_CHARS:
        return full
    # Texts full of marks that have to be escaped: their names alone always fit.
    names_only = (f"**{words.quoted_name(one.style.name)}**" for one in own)
    return "\n".join([heading, *names_only, footing])


def _line(style: Style) -> str:
    texts = " / ".join(
        words.quoted_name(_beginning(text))
        for text in (style.prompt, style.negative_prompt)
        if text
    )
    return f"**{words.quoted_name(style.name)}** · {texts}"


def _beginning(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN_CHARS else plain[: _SHOWN_CHARS - 1] + "…"


def _snippet(custom_id: str, former: str | None) -> ui.TextInput[Any]:
    return paragraph(custom_id, default=former, required=False, max_length=SNIPPET_MAX_CHARS)
