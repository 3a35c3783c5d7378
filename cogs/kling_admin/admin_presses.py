"""What presses on the settings panel do: one change, and the panel as it then is."""

import asyncio
from collections.abc import Awaitable, Collection
from contextlib import suppress
from typing import assert_never
from zoneinfo import available_timezones

import discord

from bot.domain.ports import StoreUnavailable
from bot.domain.refused import Refused
from bot.domain.servers import RoleRule
from bot.domain.time_zones import zone_typed
from bot.features.server_settings import (
    CapsKind,
    CapsOf,
    SettingsAnswer,
    Several,
    WithinRule,
)
from bot.ui.context import Interaction, language_of, tell_privately
from cogs.kling_admin import admin_choices
from cogs.kling_admin import words_admin as words
from cogs.kling_admin.admin_choices import Choice
from cogs.kling_admin.admin_forms import (
    CapsForm,
    Unread,
    ZoneForm,
    caps_form,
    caps_typed,
    zone_form,
)
from cogs.kling_admin.admin_state import (
    PAGE_OF,
    Draw,
    Limits,
    Page,
    Panel,
    Single,
    gone_from,
    there,
)


async def open_panel(interaction: Interaction, *, draw: Draw) -> None:
    """Answer with a panel that only they see."""
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    view = draw(Panel(settings=settings, there=there(interaction)), language_of(interaction))
    await interaction.response.send_message(view=view, ephemeral=True)


async def turn_to(interaction: Interaction, page: Page, role_id: int = 0, *, draw: Draw) -> None:
    """Show another page."""
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    panel = Panel(settings=settings, there=there(interaction), page=page, role_id=role_id)
    await interaction.response.edit_message(view=draw(panel, language_of(interaction)))


async def open_caps_form(interaction: Interaction, target: CapsOf) -> None:
    """Ask for limits."""
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    await interaction.response.send_modal(caps_form(target, settings, language_of(interaction)))


async def open_zone_form(interaction: Interaction) -> None:
    """Ask for a time zone."""
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    await interaction.response.send_modal(zone_form(settings, language_of(interaction)))


async def choose(interaction: Interaction, choice: Choice, value: str, *, draw: Draw) -> None:
    """Write one setting."""
    await interaction.response.defer()
    change = interaction.client.services.server_settings.choose(
        interaction.guild_id or 0,
        admin_choices.change_of(choice, value),
        by_user_id=interaction.user.id,
    )
    await _shown(interaction, change, PAGE_OF[choice], draw=draw)


async def pick(
    interaction: Interaction,
    several: Several,
    *,
    seen: Collection[int],
    picked: Collection[int],
    draw: Draw,
) -> None:
    """Write what was added to a list and what was taken out."""
    await interaction.response.defer()
    change = interaction.client.services.server_settings.pick(
        interaction.guild_id or 0,
        several,
        seen=seen,
        picked=picked,
        by_user_id=interaction.user.id,
    )
    await _shown(interaction, change, PAGE_OF[several], draw=draw)


async def tidy(interaction: Interaction, several: Several, *, draw: Draw) -> None:
    """Take out of a list what is not there any more."""
    here = there(interaction)
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    gone = gone_from(several, settings, here)
    await pick(interaction, several, seen=gone, picked=(), draw=draw)


async def choose_channel(
    interaction: Interaction,
    single: Single,
    channel: discord.abc.GuildChannel | discord.Thread | None,
    channel_id: int | None,
    *,
    draw: Draw,
) -> None:
    """Write a channel that the bot will write in, if it may."""
    if channel is not None and not _may_write_in(channel):
        text = language_of(interaction).say(words.CANNOT_WRITE_THERE, channel=channel.mention)
        await turn_to(interaction, Page.MORE, draw=draw)
        await tell_privately(interaction, text)
        return
    await interaction.response.defer()
    change = interaction.client.services.server_settings.choose(
        interaction.guild_id or 0, {single.value: channel_id}, by_user_id=interaction.user.id
    )
    await _shown(interaction, change, Page.MORE, draw=draw)


async def choose_limits(
    interaction: Interaction, role_id: int, limits: Limits, *, draw: Draw
) -> None:
    """Write which limits hold for each with a role; for those of their own, ask for them."""
    match limits:
        case Limits.OWN:
            await open_caps_form(interaction, CapsOf(CapsKind.EACH, role_id))
        case Limits.USUAL | Limits.EXEMPT:
            update = {"is_exempt": limits is Limits.EXEMPT, "each": None}
            await change_rule(
                interaction, role_id, lambda rule: rule.model_copy(update=update), draw=draw
            )
        case _:
            assert_never(limits)


async def change_rule(
    interaction: Interaction, role_id: int, change: WithinRule | None, *, draw: Draw
) -> None:
    """Change the rules of a role, or take them away; of one that was deleted only the latter."""
    if change is not None and not there(interaction).has_role(role_id):
        await turn_to(interaction, Page.WHO, role_id, draw=draw)
        await tell_privately(interaction, language_of(interaction).say(words.ROLE_GONE))
        return
    await interaction.response.defer()
    ruling = interaction.client.services.server_settings.rule(
        interaction.guild_id or 0, role_id, change, by_user_id=interaction.user.id
    )
    back_to = 0 if change is None else role_id
    await _shown(interaction, ruling, Page.WHO, back_to, draw=draw)


def reviewed(*, is_reviewed: bool) -> WithinRule:
    """A rule with or without review."""

    def within(rule: RoleRule) -> RoleRule:
        return rule.model_copy(update={"is_reviewed": is_reviewed})

    return within


async def submit(interaction: Interaction, form: CapsForm | ZoneForm, *, draw: Draw) -> None:
    """Write what was typed, or say what of it cannot be read."""
    match form:
        case CapsForm():
            await _limit(interaction, form, draw=draw)
        case ZoneForm(typed):
            await _choose_zone(interaction, typed, draw=draw)


async def _limit(interaction: Interaction, form: CapsForm, *, draw: Draw) -> None:
    typed = caps_typed(form, language_of(interaction))
    if isinstance(typed, Unread):
        await tell_privately(interaction, typed.said)
        return
    await interaction.response.defer()
    change = interaction.client.services.server_settings.limit(
        interaction.guild_id or 0,
        form.target,
        seen=form.seen,
        typed=typed,
        by_user_id=interaction.user.id,
    )
    page = Page.WHO if form.target.is_of_role else Page.MUCH
    answer = await _shown(interaction, change, page, form.target.role_id, draw=draw)
    if not isinstance(answer, Refused) and typed.is_set:
        await _tell_counted(interaction, form.target)


async def _tell_counted(interaction: Interaction, target: CapsOf) -> None:
    """Say what a new limit counts already: else it may be over before anybody knows."""
    spendings = interaction.client.services.spending
    # The limits are written and shown; that this cannot be read now changes nothing about them.
    with suppress(StoreUnavailable):
        counted = await spendings.counted(interaction.guild_id or 0, target)
        language = language_of(interaction)
        await tell_privately(interaction, words.counted_line(language, target.kind, counted))


async def _choose_zone(interaction: Interaction, typed: str, *, draw: Draw) -> None:
    # Reads 600 files; Discord waits meanwhile, the loop must not.
    zone = zone_typed(typed, await asyncio.to_thread(available_timezones))
    if isinstance(zone, str):
        await choose(interaction, Choice.ZONE, f'"{zone}"', draw=draw)
        return
    language = language_of(interaction)
    if not zone:
        text = language.say(words.UNKNOWN_ZONE, typed=words.quoted(typed))
    else:
        nearest = ", ".join(f"`{one}`" for one in zone)
        text = language.say(words.WHICH_ZONE, typed=words.quoted(typed), nearest=nearest)
    await tell_privately(interaction, text)


async def _shown(
    interaction: Interaction,
    change: Awaitable[SettingsAnswer],
    page: Page,
    role_id: int = 0,
    *,
    draw: Draw,
) -> SettingsAnswer:
    """Make a change, and draw the panel as the settings are then.

    Else a choice that was refused or could not be written would still stand on it.
    """
    try:
        answer = await change
    finally:
        now = interaction.client.services.servers.known(interaction.guild_id)
        panel = Panel(settings=now, there=there(interaction), page=page, role_id=role_id)
        await interaction.edit_original_response(view=draw(panel, language_of(interaction)))
    if isinstance(answer, Refused):
        await tell_privately(interaction, language_of(interaction).say(words.REFUSALS[answer.why]))
    return answer


def _may_write_in(channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    granted = channel.permissions_for(channel.guild.me)
    may_send = (
        granted.send_messages_in_threads
        if isinstance(channel, discord.Thread)
        else granted.send_messages
    )
    return granted.view_channel and may_send
