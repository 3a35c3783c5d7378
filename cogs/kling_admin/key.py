"""A server's own key as one private card: its status, and the modal that takes a key.

What is typed there goes to the use case in a `SecretStr`, and nowhere else.
"""

from typing import Final, assert_never

import discord
from discord import app_commands, ui
from pydantic import SecretStr

from bot.domain.denied import Denied
from bot.domain.money.keys import KEY_MAX_CHARS, KeyRefusal, ServerKey
from bot.domain.outages import unless_away
from bot.features.servers.server_keys import KeyGiven
from bot.languages.language import Language, marked
from bot.ui.buttons import no
from bot.ui.context import Interaction, is_manager, language_of, manager_of, tell_privately
from bot.ui.layout import add_buttons, row_of, view_of
from bot.ui.modals import modal_of
from bot.ui.routes import Action, Route

GIVE: Final = Route("kling:key:give")
REMOVE: Final = Route("kling:key:remove")
REMOVE_NOW: Final = Route("kling:key:remove-now")
KEEP_KEY: Final = Route("kling:key:keep")
KEY_MODAL: Final = Route("kling:key-form")
"""They name no server: each handler checks that the person manages this one."""
_KEY: Final = "key"


NOT_OFFERED = marked(
    "This bot isn't set up to take keys. Its owner can change that with `SECRET_KEY`."
)
NO_KEY: Final = marked("This server has no key.")
NOT_PAID_FOR = marked(
    "The bot's owner doesn't pay for videos in this server: it needs a RunComfy key of its own."
)
REMOVED: Final = {
    True: marked(
        "Removed. The bot's owner pays for new videos. I still watch those under way with the key "
        "that bought them, and then erase its last copy."
    ),
    False: marked(
        "Removed. I make nothing new here until you give me another key: the bot's owner doesn't "
        "pay for this server. I still watch videos under way with the key that bought them, and "
        "then erase its last copy."
    ),
}
"""By whether the bot's owner pays for the server."""
NOT_TAKEN: dict[KeyRefusal, str] = {
    KeyRefusal.NOT_OFFERED: NOT_OFFERED,
    KeyRefusal.MALFORMED: marked(
        "That isn't a RunComfy key. Please copy the whole key again. Nothing was changed."
    ),
    KeyRefusal.REFUSED: marked(
        "RunComfy doesn't accept this key. Please copy it again from your RunComfy "
        "profile. Nothing was changed."
    ),
    KeyRefusal.SILENT: marked(
        "RunComfy didn't answer about this key, so I didn't keep it. Please try again in a minute."
    ),
}


async def show_key_card(interaction: Interaction) -> None:
    """Show the card to a manager of the server."""
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    view = await _card_of(interaction, guild_id)
    await interaction.response.send_message(
        view=view, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
    )


def key_card(
    language: Language, key: ServerKey | None, *, are_offered: bool, operator_pays: bool
) -> ui.LayoutView:
    """The key's status, with buttons for what can be done about it."""
    broken = key is not None and key.broken_at is not None
    colour = discord.Colour.red() if broken else None
    container = ui.Container[ui.LayoutView](accent_colour=colour)
    container.add_item(ui.TextDisplay(language.say("### This server's own RunComfy key")))
    lines = _state_lines(language, key, operator_pays=operator_pays)
    container.add_item(ui.TextDisplay("\n".join(lines)))
    container.add_item(ui.TextDisplay(f"-# {language.say(_note(are_offered=are_offered))}"))
    buttons: list[ui.Button[ui.LayoutView]] = []
    if are_offered:
        label = marked("Give a key…") if key is None else marked("Replace it…")
        buttons.append(
            ui.Button(
                style=discord.ButtonStyle.primary,
                label=language.say(label),
                custom_id=GIVE.of(),
            )
        )
    if key is not None:
        buttons.append(
            ui.Button(
                style=discord.ButtonStyle.danger,
                label=language.say("Remove it"),
                custom_id=REMOVE.of(),
            )
        )
    if buttons:
        container.add_item(row_of(*buttons))
    return view_of(container)


def _state_lines(language: Language, key: ServerKey | None, *, operator_pays: bool) -> list[str]:
    if key is None and not operator_pays:
        return [language.say(NOT_PAID_FOR)]
    if key is None:
        return [
            language.say(
                "This server has none: the bot's owner pays for its videos, within the "
                "owner's limits."
            )
        ]
    if key.broken_at is not None:
        return [key_line(language, key), broken_line(language, key)]
    return [
        key_line(language, key),
        language.say("It pays for every video made here."),
    ]


def _note(*, are_offered: bool) -> str:
    return (
        marked("I check the key without spending anything, encrypt it, and never show it again.")
        if are_offered
        else NOT_OFFERED
    )


async def ask_for_key(interaction: Interaction, _: Action) -> None:
    """Open the modal for a key, for a manager."""
    if await is_manager(interaction):
        await interaction.response.send_modal(key_form(language_of(interaction)))


def key_form(language: Language, *, custom_id: str = "") -> ui.Modal:
    """Asks for a key. Discord shows it only to the manager, and only while they type.

    Without a custom_id of another window, the card of the key is drawn again afterwards.
    """
    label = ui.Label[ui.LayoutView](
        text=language.say("RunComfy API key"),
        description=language.say(
            "From your RunComfy profile. Its balance pays for this server's videos."
        ),
        component=ui.TextInput(custom_id=_KEY, max_length=KEY_MAX_CHARS),
    )
    title = language.say("RunComfy key of this server")
    return modal_of(title, custom_id or KEY_MODAL.of(), label)


def key_in(action: Action) -> SecretStr:
    """The key that was typed into the window."""
    return SecretStr(action.texts.get(_KEY, ""))


async def give(interaction: Interaction, action: Action) -> None:
    """Check a submitted key and keep it, if the person still manages the server."""
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    await interaction.response.defer()
    outcome = await interaction.client.services.server_keys.give(
        guild_id, key_in(action), by_user_id=interaction.user.id
    )
    await _redraw(interaction, guild_id)
    await tell_privately(interaction, outcome_words(language_of(interaction), outcome))


def outcome_words(language: Language, outcome: KeyGiven | Denied[KeyRefusal]) -> str:
    """What came of giving a key."""
    match outcome:
        case KeyGiven():
            return given_line(language, outcome)
        case Denied(why):
            return language.say(NOT_TAKEN[why])
        case _:
            assert_never(outcome)


async def ask_to_remove(interaction: Interaction, _: Action) -> None:
    """Put a question in the card's place: a key that is removed has to be given again."""
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    await interaction.response.defer()
    language = language_of(interaction)
    key = await interaction.client.services.server_keys.of_server(guild_id)
    if key is None:
        await _redraw(interaction, guild_id)
        await tell_privately(interaction, language.say(NO_KEY))
        return
    await interaction.edit_original_response(view=removal_question(language, key))


def removal_question(language: Language, key: ServerKey) -> ui.LayoutView:
    """Says what becomes of the videos, and takes the card's place until it is answered."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.red())
    container.add_item(
        ui.TextDisplay(
            language.say("### Remove this server's own key `…{tail}`?", tail=key.tail)
            + "\n"
            + language.say(
                "It buys nothing more. What still waits in my line fails without a charge; "
                "videos under way are finished."
            )
        )
    )
    remove_it = ui.Button[ui.LayoutView](
        style=discord.ButtonStyle.danger,
        label=language.say("Yes, remove the key"),
        custom_id=REMOVE_NOW.of(),
    )
    keep_it = no(language, marked("Keep the key"), KEEP_KEY.of())
    add_buttons(container, row_of(remove_it, keep_it))
    return view_of(container)


async def keep(interaction: Interaction, _: Action) -> None:
    """Change nothing, and put the card back."""
    guild_id = await manager_of(interaction)
    if guild_id is not None:
        await interaction.response.defer()
        await _redraw(interaction, guild_id)


async def remove(interaction: Interaction, _: Action) -> None:
    """Remove the key, for a manager."""
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    await interaction.response.defer()
    language = language_of(interaction)
    removed = await interaction.client.services.server_keys.remove(
        guild_id, by_user_id=interaction.user.id
    )
    await _redraw(interaction, guild_id)
    operator_pays = interaction.client.services.limits.pays_for(guild_id)
    said = NO_KEY if removed is None else REMOVED[operator_pays]
    await tell_privately(interaction, language.say(said))


async def _redraw(interaction: Interaction, guild_id: int) -> None:
    # What came of the action is told all the same.
    view = await unless_away(_card_of(interaction, guild_id), None, "couldn't redraw a key's card")
    if view is not None:
        await interaction.edit_original_response(
            view=view, allowed_mentions=discord.AllowedMentions.none()
        )


async def _card_of(interaction: Interaction, guild_id: int) -> ui.LayoutView:
    services = interaction.client.services
    return key_card(
        language_of(interaction),
        await services.server_keys.of_server(guild_id),
        are_offered=services.server_keys.are_offered,
        operator_pays=services.limits.pays_for(guild_id),
    )


def key_line(language: Language, key: ServerKey) -> str:
    """Which key it is, who gave it, and when."""
    return language.say(
        "Ends in `…{tail}`, given by {who} {when}.",
        tail=key.tail,
        who=f"<@{key.set_by}>",
        when=discord.utils.format_dt(key.set_at, "R"),
    )


def broken_line(language: Language, key: ServerKey) -> str:
    """Since when the key is no longer accepted, and what to do."""
    since = "" if key.broken_at is None else discord.utils.format_dt(key.broken_at, "R")
    return language.say(
        "⚠️ RunComfy stopped accepting it {when}. I make nothing here until you give me a new one.",
        when=since,
    )


def given_line(language: Language, given: KeyGiven) -> str:
    """Says that the key counts from now on, and its account's balance."""
    said = [
        language.say("RunComfy accepted the key. It pays for this server's videos from now on.")
    ]
    if given.left_microusd is not None:
        left = language.dollars(given.left_microusd)
        said.append(language.say("{amount} is left on its account.", amount=left))
    return " ".join(said)


def add_to(group: app_commands.Group) -> None:
    """Add `key` to `/kling-admin`."""

    @group.command(name="key", description="This server's own RunComfy key, which pays here.")
    async def key(interaction: Interaction) -> None:
        """Show the key's status, with buttons to give, replace or remove it."""
        await show_key_card(interaction)


ROUTES: Final = (
    (GIVE, ask_for_key),
    (REMOVE, ask_to_remove),
    (REMOVE_NOW, remove),
    (KEEP_KEY, keep),
    (KEY_MODAL, give),
)
