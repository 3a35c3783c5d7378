"""Operators' decisions by command: pause, drain, and blocked servers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import discord
from discord import app_commands

from bot.domain.money.calendar import Span
from bot.domain.money.typed_amounts import UnreadableAmount, microusd_in
from bot.domain.servers import EVERYWHERE
from bot.domain.visible import is_blank, without_hidden
from bot.features.operations import Operations
from bot.languages.language import marked
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import note
from bot.ui.plain_text import as_text, excerpt
from bot.ui.routes import Action
from cogs.kling_operator.limit import (
    AMOUNT,
    LIMIT_MODAL,
    PERIOD,
    SET_LIMIT,
    LimitFrom,
    limit_form,
    limit_said,
    unread_said,
)
from cogs.kling_operator.operator import answer, operator_only
from cogs.kling_operator.overview import drain_line, redraw_overview

_DRAINING: Final = marked(
    "Draining: I take and send nothing new. I'll tell you in a direct message when it's "
    "safe to stop me. The drain ends when I'm stopped (with several processes: the last "
    "one), or with `/kling-operator resume`."
)
CHOICES_MAX: Final = 25
_NAME_MAX_CHARS: Final = 80


async def pause(interaction: Interaction, reason: str) -> None:
    """Pause everything."""
    by_user_id = interaction.user.id
    given = without_hidden(reason).strip()
    because = "…" if is_blank(given) else given
    await answer(
        interaction,
        lambda operations: operations.pause(because, by_user_id=by_user_id),
        lambda language, _: note(
            language.say(
                "Paused everywhere: I take and send nothing new, and show members your "
                "reason. What is under way goes on. `/kling-operator resume` ends it."
            )
        ),
    )


async def resume(interaction: Interaction) -> None:
    """End a pause and a drain."""
    by_user_id = interaction.user.id
    await answer(
        interaction,
        lambda operations: operations.resume(by_user_id=by_user_id),
        lambda language, was_held: note(
            language.say(
                marked("Back on: taking requests again.")
                if was_held
                else marked("Nothing is paused or draining.")
            )
        ),
    )


async def drain(interaction: Interaction) -> None:
    """Take nothing new, and let the jobs under way finish."""
    by_user_id = interaction.user.id
    await answer(
        interaction,
        lambda operations: operations.drain(by_user_id=by_user_id),
        lambda language, so_far: note(f"{language.say(_DRAINING)}\n{drain_line(language, so_far)}"),
    )


async def block(interaction: Interaction, server: str) -> None:
    """Stop a server from asking for videos."""
    await _about_server(
        interaction,
        server,
        lambda operations, guild_id: operations.block(guild_id, by_user_id=interaction.user.id),
        marked("Blocked: {server} can't make any more videos. What is under way goes on."),
        marked("{server} is already blocked."),
    )


async def unblock(interaction: Interaction, server: str) -> None:
    """Let a blocked server ask again."""
    await _about_server(
        interaction,
        server,
        lambda operations, guild_id: operations.unblock(guild_id, by_user_id=interaction.user.id),
        marked("{server} can make videos again."),
        marked("{server} isn't blocked."),
    )


async def ask_for_limit(interaction: Interaction, action: Action) -> None:
    """Ask how much everything may cost, and in which time."""
    if await operator_only(interaction):
        await interaction.response.send_modal(limit_form(action["at"], language_of(interaction)))


async def set_limit(interaction: Interaction, action: Action) -> None:
    """Write the limit of everything, and say what holds now."""
    if not await operator_only(interaction):
        return
    language, typed = language_of(interaction), action.texts.get(AMOUNT, "")
    microusd = microusd_in(typed)
    if isinstance(microusd, UnreadableAmount):
        await tell_privately(interaction, unread_said(language, typed))
        return
    is_on_overview = action["at"] == LimitFrom.OVERVIEW
    await interaction.response.defer(ephemeral=True, thinking=not is_on_overview)
    caps = await interaction.client.services.operations.limit(
        Span(action.choices[PERIOD][0]), microusd, by_user_id=interaction.user.id
    )
    if is_on_overview:
        await redraw_overview(interaction)
    await tell_privately(interaction, limit_said(language, caps))


async def _about_server(
    interaction: Interaction,
    server: str,
    decide: Callable[[Operations, int], Awaitable[bool]],
    said: str,
    said_before: str,
) -> None:
    guild_id = guild_id_meant(server, interaction.client.guilds)
    if guild_id is None:
        text = language_of(interaction).say(
            "I know no server by that name, or more than one. Pick one from the list, or "
            "paste its id."
        )
        await interaction.response.send_message(view=note(text), ephemeral=True)
        return
    guild = interaction.client.get_guild(guild_id)
    shown = f"`{guild_id}`" if guild is None else f"**{as_text(guild.name, _NAME_MAX_CHARS)}**"
    await answer(
        interaction,
        lambda operations: decide(operations, guild_id),
        lambda language, is_new: note(language.say(said if is_new else said_before, server=shown)),
    )


def guild_id_meant(typed: str, guilds: Sequence[discord.Guild]) -> int | None:
    """The server with that id, or the only one with that name; none where several have it."""
    if (guild_id := guild_id_in(typed)) is not None:
        return guild_id
    name = typed.strip().casefold()
    called = [guild.id for guild in guilds if guild.name.casefold() == name]
    return called[0] if len(called) == 1 else None


def guild_id_in(typed: str) -> int | None:
    """A server's id as typed or chosen; the number that stands for the whole bot is not one."""
    digits = typed.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(2**63))):
        return None
    guild_id = int(digits)
    return guild_id if EVERYWHERE < guild_id < 2**63 else None


def suggested_servers(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The bot's servers whose names or ids contain what was typed."""
    wanted = typed.casefold().strip()
    found: Sequence[discord.Guild] = [
        guild
        for guild in interaction.client.guilds
        if wanted in guild.name.casefold() or wanted in str(guild.id)
    ]
    return [
        app_commands.Choice(
            name=excerpt(guild.name, _NAME_MAX_CHARS) or str(guild.id), value=str(guild.id)
        )
        for guild in found[:CHOICES_MAX]
    ]


ROUTES: Final = ((SET_LIMIT, ask_for_limit), (LIMIT_MODAL, set_limit))
