"""The window in which a server's manager writes a style, and the list of all of them."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui
from pydantic import ValidationError

from bot.cards import words_personal as words
from bot.cards.carried import styles_of
from bot.cards.language import Language, language_of
from bot.cards.replies import apologise, tell_privately
from bot.generation.styles import (
    BUILT_IN,
    SNIPPET_MAX_CHARS,
    ServerStyle,
    Style,
)

_TITLE_MAX_CHARS = 45
"""Discord's limit of a window's title."""
_SHOWN_CHARS = 40
"""Of each text in the list."""
_LIST_MAX_CHARS = 4_000
"""Discord's limit of all texts of one message."""


class StyleForm(ui.Modal):
    """Asks for both texts of a style; `edited` is the one that is there already."""

    def __init__(
        self, name: str, *, guild_id: int, language: Language, edited: ServerStyle | None = None
    ) -> None:
        title = language.say(words.ADD_TITLE)
        if edited is not None:
            title = language.say(words.EDIT_TITLE, name=name)
        super().__init__(title=title[:_TITLE_MAX_CHARS])
        self._style_name = name
        self._guild_id = guild_id
        self._edited = edited
        former = None if edited is None else edited.style
        self.added = _text_input("prompt", former.prompt if former else "")
        self.unwanted = _text_input("negative", former.negative_prompt if former else "")
        self.add_item(ui.Label(text=language.say(words.ADDS_TO_PROMPT), component=self.added))
        self.add_item(ui.Label(text=language.say(words.ADDS_TO_NEGATIVE), component=self.unwanted))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Check the texts and write them, and say what came of it."""
        language, styles = language_of(interaction), styles_of(interaction.client)
        try:
            style = Style(
                name=self._style_name, prompt=self.added.value, negative_prompt=self.unwanted.value
            )
        except ValidationError:
            await tell_privately(interaction, language.say(words.STYLE_NEEDS_TEXT))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        if self._edited is None:
            outcome = await styles.add(self._guild_id, style)
        else:
            outcome = await styles.edit(self._guild_id, style, version=self._edited.version)
        await tell_privately(interaction, words.style_outcome(language, outcome, style.name))

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        """The library only logs what a window raises, so this is its gate."""
        await apologise(interaction, error)


def style_list(language: Language, own: Sequence[ServerStyle]) -> str:
    """A server's own styles with the beginnings of their texts, then the built-in ones."""
    names = ", ".join(f"**{words.style_label(language, style)}**" for style in BUILT_IN)
    built_in = language.say(words.BUILT_IN_STYLES, names=names)
    if not own:
        return f"{language.say(words.NO_STYLES)}\n{built_in}"
    heading, footing = language.say(words.OWN_STYLES), f"-# {built_in}"
    full = "\n".join([heading, *(_line(one.style) for one in own), footing])
    if len(full) <= _LIST_MAX_CHARS:
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


def _text_input(custom_id: str, default: str) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=SNIPPET_MAX_CHARS,
        default=default,
    )
