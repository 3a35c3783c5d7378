"""`/kling-admin style`: the styles of a server."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
from discord import app_commands, ui
from pydantic import ValidationError

from bot.domain.generation.styles import (
    BUILT_IN,
    SNIPPET_MAX_CHARS,
    STYLE_NAME_MAX_CHARS,
    STYLES_PER_SERVER,
    OfferedStyle,
    ServerStyle,
    Style,
    folded,
    matching,
)
from bot.domain.visible import is_blank
from bot.features.styles import StyleOutcome
from bot.languages.language import Language, marked
from bot.ui.context import Interaction, is_manager, language_of, manager_of, tell_privately
from bot.ui.layout import MOST_CHARS, note
from bot.ui.modals import modal_of, paragraph
from bot.ui.routes import Action, Route
from bot.ui.words import personal as words
from bot.ui.words.personal import quoted_name

_NO_STYLES: Final = marked(
    "This server has no styles of its own yet. `/kling-admin style add` makes one."
)
STYLE_MODAL: Final = Route("kling:style-form:{name}:{version}", name=".*", version="[0-9]*")
"""With a version for an existing style. The longest name leaves room for both."""
_PROMPT: Final = "prompt"
_NEGATIVE: Final = "negative"
_TITLE_MAX_CHARS = 45
"""Discord's limit on a modal's title."""
_SHOWN_CHARS = 40
"""Characters shown of each text in the list."""


_StyleName = app_commands.Range[str, 1, STYLE_NAME_MAX_CHARS]


STYLE_OUTCOMES: Mapping[StyleOutcome, str] = {
    StyleOutcome.SAVED: marked("The style **{name}** is saved. Members can choose it in `/kling`."),
    StyleOutcome.REMOVED: marked(
        "The style **{name}** is removed. Videos made with it stay as they are."
    ),
    StyleOutcome.NAME_TAKEN: marked("This server already has a style of that name: **{name}**."),
    StyleOutcome.FULL: marked(
        "This server has {limit} styles, and there is no room for more. Remove one first."
    ),
    StyleOutcome.UNKNOWN: marked("This server has no style of its own called **{name}**."),
    StyleOutcome.CHANGED_MEANWHILE: marked(
        "Another manager just changed **{name}**, so I left it as it is. Open it again to "
        "see their text."
    ),
    StyleOutcome.NOT_NOW: marked("I couldn't save that. Please try again in a minute."),
}
STYLE_NEEDS_TEXT: Final = marked(
    "A style has a name of up to 32 characters and adds something to the prompt or to the negative "
    "prompt, up to 300 characters each. Nothing was changed."
)


class StyleCommands(app_commands.Group):
    """A part of `/kling-admin`."""

    def __init__(self) -> None:
        super().__init__(name="style", description=marked("The styles of this server."))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """A server can show commands to others than we declared, so check the permission."""
        return await is_manager(interaction)

    @app_commands.command(name="add", description="Add a style that everyone here can choose.")
    @app_commands.describe(name="What it is called, up to 32 characters.")
    async def add(self, interaction: Interaction, name: _StyleName) -> None:
        """Open the modal for its texts."""
        await interaction.response.send_modal(style_form(name, language_of(interaction)))

    @app_commands.command(name="edit", description="Change what a style of this server adds.")
    @app_commands.describe(name="Which one.")
    async def edit(self, interaction: Interaction, name: str) -> None:
        """Open the modal with its texts."""
        language, guild_id = language_of(interaction), interaction.guild_id or 0
        own = await interaction.client.services.styles.own(guild_id)
        wanted = next((one for one in own if folded(one.style.name) == folded(name)), None)
        if wanted is None:
            unknown = style_outcome(language, StyleOutcome.UNKNOWN, name[:100])
            await tell_privately(interaction, unknown)
            return
        form = style_form(wanted.style.name, language, edited=wanted)
        await interaction.response.send_modal(form)

    @app_commands.command(name="remove", description="Remove a style of this server.")
    @app_commands.describe(name="Which one.")
    async def remove(self, interaction: Interaction, name: str) -> None:
        """Remove it at once: it can be added again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        styles = interaction.client.services.styles
        outcome = await styles.remove(
            interaction.guild_id or 0, name, by_user_id=interaction.user.id
        )
        language = language_of(interaction)
        await tell_privately(interaction, style_outcome(language, outcome, name[:100]))

    @app_commands.command(name="list", description="The styles of this server, and what they add.")
    async def list_(self, interaction: Interaction) -> None:
        """Show the list to the manager."""
        language = language_of(interaction)
        own = await interaction.client.services.styles.own(interaction.guild_id or 0)
        view = note(style_list(language, own))
        await interaction.response.send_message(view=view, ephemeral=True)

    @edit.autocomplete("name")
    @remove.autocomplete("name")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """This server's own styles whose names begin with what was typed."""
        own = await interaction.client.services.styles.suggested(interaction.guild_id or 0)
        offered = [OfferedStyle(one.style, one.style.name) for one in own]
        return [
            app_commands.Choice(name=one.label, value=one.style.name)
            for one in matching(typed, offered)
        ]


def style_form(name: str, language: Language, *, edited: ServerStyle | None = None) -> ui.Modal:
    """Asks for both texts of a style; `edited` is the existing style, if any."""
    title, version, former = language.say("A new style"), "", None
    if edited is not None:
        title = language.say("Edit the style {name}", name=name)
        version, former = str(edited.version), edited.style
    added = _snippet(_PROMPT, former.prompt if former else None)
    unwanted = _snippet(_NEGATIVE, former.negative_prompt if former else None)
    return modal_of(
        title[:_TITLE_MAX_CHARS],
        STYLE_MODAL.of(name=name, version=version),
        ui.Label(text=language.say("Add to the prompt"), component=added),
        ui.Label(text=language.say("Add to the negative prompt"), component=unwanted),
    )


async def save(interaction: Interaction, action: Action) -> None:
    """Write the style of a submitted modal, if the person still manages the server."""
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    language, styles = language_of(interaction), interaction.client.services.styles
    texts = action.texts
    typed = (action["name"], texts.get(_PROMPT, ""), texts.get(_NEGATIVE, ""))
    if any(text and is_blank(text) for text in typed):
        await tell_privately(interaction, language.say(STYLE_NEEDS_TEXT))
        return
    try:
        style = Style(
            name=action["name"],
            prompt=texts.get(_PROMPT, ""),
            negative_prompt=texts.get(_NEGATIVE, ""),
        )
    except ValidationError:
        await tell_privately(interaction, language.say(STYLE_NEEDS_TEXT))
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    by_user_id = interaction.user.id
    if action["version"]:
        version = int(action["version"])
        outcome = await styles.edit(guild_id, style, version=version, by_user_id=by_user_id)
    else:
        outcome = await styles.add(guild_id, style, by_user_id=by_user_id)
    await tell_privately(interaction, style_outcome(language, outcome, style.name))


def style_list(language: Language, own: Sequence[ServerStyle]) -> str:
    """A server's own styles with the beginnings of their texts, then the built-in ones."""
    names = ", ".join(f"**{words.style_label(language, style)}**" for style in BUILT_IN)
    built_in = language.say("Everyone also has these: {names}.", names=names)
    if not own:
        return f"{language.say(_NO_STYLES)}\n{built_in}"
    heading, footing = language.say("### Styles of this server"), f"-# {built_in}"
    full = "\n".join([heading, *(_line(one.style) for one in own), footing])
    if len(full) <= MOST_CHARS:
        return full
    # Escaping can make the texts too long: the names alone always fit.
    names_only = (f"**{words.quoted_name(one.style.name)}**" for one in own)
    return "\n".join([heading, *names_only, footing])


def style_outcome(language: Language, outcome: StyleOutcome, name: str) -> str:
    """The result of a change to a server's styles."""
    return language.say(
        STYLE_OUTCOMES[outcome], name=quoted_name(name), limit=language.number(STYLES_PER_SERVER)
    )


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


ROUTES: Final = ((STYLE_MODAL, save),)
