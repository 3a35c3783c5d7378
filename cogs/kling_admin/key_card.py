"""A server's own key as one private card: how it stands, and the window that takes one.

What is typed there goes to the use case in a `SecretStr`, and nowhere else.
"""

import re
from enum import StrEnum
from typing import Any, Final, Self, assert_never

import discord
from discord import ui
from pydantic import SecretStr

from bot.domain.keys import KEY_MAX_CHARS, KeyRefusal, ServerKey
from bot.domain.ports import StoreUnavailable
from bot.domain.refused import Refused
from bot.features.ordering import Ordering
from bot.features.server_keys import KeyGiven
from bot.languages.language import Language
from bot.ui import words_keys as words
from bot.ui.context import Interaction, language_of, manager_of, tell_privately
from bot.ui.layout import row_of, view_of
from bot.ui.modals import Submission, take_window, window_of
from bot.ui.pressed import Pressed, label_of

_WINDOW: Final = re.compile("kling:key-form")
_KEY: Final = "key"


class Act(StrEnum):
    """What the card's buttons do."""

    GIVE = "give"
    REMOVE = "remove"


async def show_key_card(interaction: Interaction) -> None:
    """Answer with the card, to a manager of the server."""
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    view = await _card_of(interaction, guild_id)
    await interaction.response.send_message(
        view=view, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
    )


def key_card(language: Language, key: ServerKey | None, *, are_offered: bool) -> ui.LayoutView:
    """How it stands, with what can be done about it."""
    broken = key is not None and key.broken_at is not None
    colour = discord.Colour.red() if broken else None
    container = ui.Container[ui.LayoutView](accent_colour=colour)
    container.add_item(ui.TextDisplay(language.say(words.TITLE)))
    container.add_item(ui.TextDisplay("\n".join(_state_lines(language, key))))
    container.add_item(ui.TextDisplay(f"-# {language.say(_note(are_offered=are_offered))}"))
    buttons: list[KeyButton] = []
    if are_offered:
        label = words.GIVE_LABEL if key is None else words.REPLACE_LABEL
        buttons.append(KeyButton(Act.GIVE, label=language.say(label)))
    if key is not None:
        buttons.append(KeyButton(Act.REMOVE, label=language.say(words.REMOVE_LABEL)))
    if buttons:
        container.add_item(row_of(*buttons))
    return view_of(container)


def _state_lines(language: Language, key: ServerKey | None) -> list[str]:
    if key is None:
        return [language.say(words.NO_KEY)]
    if key.broken_at is not None:
        return [words.key_line(language, key), words.broken_line(language, key)]
    return [words.key_line(language, key), language.say(words.PAYS)]


def _note(*, are_offered: bool) -> str:
    return words.HOW_IT_IS_KEPT if are_offered else words.NOT_OFFERED


class KeyButton(
    Pressed,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=rf"kling:key:(?P<act>{'|'.join(Act)})",
):
    """Opens the window for a key, or removes the key; it names no server, and asks again who."""

    def __init__(self, act: Act, *, label: str) -> None:
        is_give = act is Act.GIVE
        super().__init__(
            ui.Button(
                style=discord.ButtonStyle.primary if is_give else discord.ButtonStyle.danger,
                label=label,
                custom_id=f"kling:key:{act}",
            )
        )
        self.act = act

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        return cls(Act(match["act"]), label=label_of(item))

    async def pressed(self, desk: Ordering, interaction: Interaction) -> None:
        """Do it, for a manager."""
        del desk
        guild_id = await manager_of(interaction)
        if guild_id is None:
            return
        match self.act:
            case Act.GIVE:
                await interaction.response.send_modal(key_form(language_of(interaction)))
            case Act.REMOVE:
                await _remove(interaction, guild_id)
            case _:
                assert_never(self.act)


def key_form(language: Language) -> ui.Modal:
    """Asks for a key. Discord shows it to whoever types it, and to nobody afterwards."""
    label = ui.Label[ui.LayoutView](
        text=language.say(words.KEY_LABEL),
        description=language.say(words.KEY_HINT),
        component=ui.TextInput(custom_id=_KEY, max_length=KEY_MAX_CHARS),
    )
    return window_of(language.say(words.FORM_TITLE), _WINDOW.pattern, label)


async def take_key(interaction: Interaction) -> None:
    """Check a submitted key and keep it, for whoever still manages the server."""
    await take_window(interaction, _WINDOW, _give)


async def _give(interaction: Interaction, submission: Submission, _: re.Match[str]) -> None:
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    await interaction.response.defer()
    key = SecretStr(submission.texts.get(_KEY, ""))
    outcome = await interaction.client.services.server_keys.give(
        guild_id, key, by_user_id=interaction.user.id
    )
    await _redraw(interaction, guild_id)
    await tell_privately(interaction, outcome_words(language_of(interaction), outcome))


def outcome_words(language: Language, outcome: KeyGiven | Refused[KeyRefusal]) -> str:
    """What came of giving a key."""
    match outcome:
        case KeyGiven():
            return words.given_line(language, outcome)
        case Refused(why):
            return language.say(words.NOT_TAKEN[why])
        case _:
            assert_never(outcome)


async def _remove(interaction: Interaction, guild_id: int) -> None:
    await interaction.response.defer()
    language = language_of(interaction)
    removed = await interaction.client.services.server_keys.remove(
        guild_id, by_user_id=interaction.user.id
    )
    await _redraw(interaction, guild_id)
    said = words.NOTHING_TO_REMOVE if removed is None else words.REMOVED
    await tell_privately(interaction, language.say(said))


async def _redraw(interaction: Interaction, guild_id: int) -> None:
    try:
        view = await _card_of(interaction, guild_id)
    except StoreUnavailable:
        return
    await interaction.edit_original_response(
        view=view, allowed_mentions=discord.AllowedMentions.none()
    )


async def _card_of(interaction: Interaction, guild_id: int) -> ui.LayoutView:
    keys = interaction.client.services.server_keys
    key = await keys.of_server(guild_id)
    return key_card(language_of(interaction), key, are_offered=keys.are_offered)


KEY_ITEMS = (KeyButton,)
"""What a client registers so that presses on old cards find their way."""
