"""What managers do on the settings panel: each action makes one change and redraws the panel.

A choice of several roles or channels is written as its difference from the panel as drawn. So of
two managers who choose at once, neither undoes what the other did.
"""

import asyncio
from collections.abc import Awaitable, Collection, Sequence
from typing import Any, Final, assert_never
from zoneinfo import available_timezones

import discord
from discord import ui

from bot.domain.denied import Denied
from bot.domain.money.policy import offered_qualities
from bot.domain.outages import unless_away
from bot.domain.servers import ServerSettings
from bot.domain.time_zones import zone_typed
from bot.features.servers.server_settings import (
    CapsKind,
    CapsOf,
    SettingsAnswer,
    Several,
    WithinRule,
)
from bot.features.spending import Counted
from bot.languages.language import Language, marked
from bot.ui.context import Interaction, is_manager, language_of, may_write_in, tell_privately
from bot.ui.routes import Action, Handler
from bot.ui.showcase_room import lacking
from cogs.kling_admin import panel as on_panel
from cogs.kling_admin import selects
from cogs.kling_admin import settings as table
from cogs.kling_admin import texts as words
from cogs.kling_admin.limits import (
    CAPS_MODAL,
    ZONE_INPUT,
    ZONE_MODAL,
    Unread,
    caps_form,
    caps_form_of,
    caps_typed,
    zone_form,
)
from cogs.kling_admin.panel import Limits, Panel, gone_from, panel, there
from cogs.kling_admin.settings import PanelPage


async def open_panel(interaction: Interaction) -> None:
    """Answer with a panel that only the manager sees."""
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    view = _drawn(interaction, settings, PanelPage.WHO)
    await interaction.response.send_message(view=view, ephemeral=True)


def _drawn(
    interaction: Interaction, settings: ServerSettings, page: PanelPage, role_id: int = 0
) -> ui.LayoutView:
    shown = Panel(
        settings=settings,
        there=there(interaction),
        offered=offered_qualities(settings, interaction.client.services.limits),
        page=page,
        role_id=role_id,
    )
    return panel(shown, language_of(interaction))


async def turn_page(interaction: Interaction, action: Action) -> None:
    """Show another page."""
    await _turn_to(interaction, PanelPage(action["page"]))


async def show_rules(interaction: Interaction, action: Action) -> None:
    """Show the rules of a role."""
    role_id = int(action.values[0]) if action.values else 0
    await _turn_to(interaction, PanelPage.WHO, role_id)


async def _turn_to(interaction: Interaction, page: PanelPage, role_id: int = 0) -> None:
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    view = _drawn(interaction, settings, page, role_id)
    await interaction.response.edit_message(view=view)


async def ask_for_caps(interaction: Interaction, action: Action) -> None:
    """Ask for limits."""
    target = CapsOf(CapsKind(action["kind"]), int(action["role_id"]))
    await _open_caps_form(interaction, target)


async def _open_caps_form(interaction: Interaction, target: CapsOf) -> None:
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    await interaction.response.send_modal(caps_form(target, settings, language_of(interaction)))


async def ask_for_zone(interaction: Interaction, _: Action) -> None:
    """Ask for a time zone."""
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    await interaction.response.send_modal(zone_form(settings, language_of(interaction)))


async def choose(interaction: Interaction, action: Action) -> None:
    """Write one setting."""
    await _choose(interaction, action["choice"], action.values[0])


async def _choose(interaction: Interaction, name: str, value: str) -> None:
    await interaction.response.defer()
    change = interaction.client.services.server_settings.choose(
        interaction.guild_id or 0,
        table.change_of(name, value),
        by_user_id=interaction.user.id,
    )
    await _shown(interaction, change, table.CHOICES[name].page or PanelPage.WHO)


async def pick(interaction: Interaction, action: Action) -> None:
    """Write a list of roles or channels."""
    several, picked = Several(action["several"]), [int(one) for one in action.values]
    await _pick(interaction, several, seen=_seen(action.item), picked=picked)


def _seen(item: ui.Item[Any] | None) -> frozenset[int]:
    """What the select showed as chosen when the panel was drawn."""
    is_pick = isinstance(item, ui.RoleSelect | ui.ChannelSelect)
    return frozenset(one.id for one in item.default_values) if is_pick else frozenset()


async def _pick(
    interaction: Interaction,
    several: Several,
    *,
    seen: Collection[int],
    picked: Collection[int],
) -> None:
    await interaction.response.defer()
    change = interaction.client.services.server_settings.pick(
        interaction.guild_id or 0,
        several,
        seen=seen,
        picked=picked,
        by_user_id=interaction.user.id,
    )
    await _shown(interaction, change, table.LISTS[several].page)


async def tidy(interaction: Interaction, action: Action) -> None:
    """Remove deleted roles or channels from a list."""
    several = Several(action["several"])
    here = there(interaction)
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    gone = gone_from(several, settings, here)
    await _pick(interaction, several, seen=gone, picked=())


async def choose_channel(interaction: Interaction, action: Action) -> None:
    """Save the channel that the bot is to write in, if it may write there."""
    channel_id = int(action.values[0]) if action.values else None
    guild, single = interaction.guild, action["single"]
    page = table.CHANNELS[single].page
    channel = None if guild is None or channel_id is None else guild.get_channel(channel_id)
    refusal = None if channel is None else _not_usable(interaction, single, channel)
    if refusal is not None:
        await _turn_to(interaction, page)
        await tell_privately(interaction, refusal)
        return
    await interaction.response.defer()
    change = interaction.client.services.server_settings.choose(
        interaction.guild_id or 0, {single: channel_id}, by_user_id=interaction.user.id
    )
    await _shown(interaction, change, page)


async def choose_limits(interaction: Interaction, action: Action) -> None:
    """Write which limits hold for each member with a role; for custom ones, open the modal."""
    role_id, limits = int(action["role_id"]), Limits(action.values[0])
    match limits:
        case Limits.OWN:
            await _open_caps_form(interaction, CapsOf(CapsKind.EACH, role_id))
        case Limits.USUAL | Limits.EXEMPT:
            update = {"is_exempt": limits is Limits.EXEMPT, "each": None}
            await _change_rule(interaction, role_id, lambda rule: rule.model_copy(update=update))
        case _:
            assert_never(limits)


async def choose_review(interaction: Interaction, action: Action) -> None:
    """Write whether requests of members with a role are reviewed first."""
    update = {"is_reviewed": action.values[0] == "yes"}
    role_id = int(action["role_id"])
    await _change_rule(interaction, role_id, lambda rule: rule.model_copy(update=update))


async def drop_rule(interaction: Interaction, action: Action) -> None:
    """Delete the rules of a role."""
    await _change_rule(interaction, int(action["role_id"]), None)


async def _change_rule(interaction: Interaction, role_id: int, change: WithinRule | None) -> None:
    """Change or delete the rules of a role; of a deleted role, only delete them."""
    if change is not None and not there(interaction).has_role(role_id):
        await _turn_to(interaction, PanelPage.WHO, role_id)
        await tell_privately(interaction, language_of(interaction).say(words.ROLE_GONE))
        return
    await interaction.response.defer()
    ruling = interaction.client.services.server_settings.rule(
        interaction.guild_id or 0, role_id, change, by_user_id=interaction.user.id
    )
    back_to = 0 if change is None else role_id
    await _shown(interaction, ruling, PanelPage.WHO, back_to)


async def limit(interaction: Interaction, action: Action) -> None:
    """Write the limits that were typed, or say which of them cannot be read."""
    form = caps_form_of(action)
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
    page = PanelPage.WHO if form.target.is_of_role else PanelPage.MUCH
    answer = await _shown(interaction, change, page, form.target.role_id)
    if not isinstance(answer, Denied) and typed.is_set:
        await _tell_counted(interaction, form.target)


async def _tell_counted(interaction: Interaction, target: CapsOf) -> None:
    """Say what a new limit counts already: else it may be used up before anybody knows."""
    spendings = interaction.client.services.spending
    # The limits are written and shown; failing to read this now changes nothing about them.
    counting = spendings.counted(interaction.guild_id or 0, target)
    counted = await unless_away(counting, None, "couldn't say what a new limit counts")
    if counted is not None:
        language = language_of(interaction)
        await tell_privately(interaction, counted_line(language, target.kind, counted))


async def choose_zone(interaction: Interaction, action: Action) -> None:
    """Write the time zone that was typed, or say which it may be."""
    typed = action.texts.get(ZONE_INPUT, "")
    # Reads 600 files: Discord may wait for that, the event loop must not.
    zone = zone_typed(typed, await asyncio.to_thread(available_timezones))
    if isinstance(zone, str):
        await _choose(interaction, "time_zone", f'"{zone}"')
        return
    language = language_of(interaction)
    if not zone:
        text = language.say(
            "I know no time zone for “{typed}”. Please type a large city near you. "
            "Nothing was changed.",
            typed=words.quoted(typed),
        )
    else:
        nearest = ", ".join(f"`{one}`" for one in zone)
        text = language.say(
            "I'm not sure which time zone “{typed}” is. Did you mean {nearest}? Nothing "
            "was changed.",
            typed=words.quoted(typed),
            nearest=nearest,
        )
    await tell_privately(interaction, text)


async def _shown(
    interaction: Interaction, change: Awaitable[SettingsAnswer], page: PanelPage, role_id: int = 0
) -> SettingsAnswer:
    """Make a change, and redraw the panel from the settings as they are then.

    Otherwise the panel would still show a choice that was refused or could not be written.
    """
    try:
        answer = await change
    finally:
        now = interaction.client.services.servers.known(interaction.guild_id)
        view = _drawn(interaction, now, page, role_id)
        await interaction.edit_original_response(view=view)
    if isinstance(answer, Denied):
        await tell_privately(interaction, language_of(interaction).say(words.REFUSALS[answer.why]))
    return answer


def counted_line(language: Language, kind: CapsKind, counted: Counted) -> str:
    """What a new limit counts already."""
    today, this_month = (
        language.plural(
            "{number} video ({amount})",
            "{number} videos ({amount})",
            balance.videos,
            amount=language.dollars(balance.taken_microusd),
        )
        for balance in (counted.today, counted.this_month)
    )
    is_of_each = kind in (CapsKind.MEMBERS, CapsKind.EACH)
    said = (
        marked(
            "The limits apply at once. The busiest member so far: {today} today, {month} "
            "this month."
        )
        if is_of_each
        else marked("The limits apply at once. So far: {today} today, {month} this month.")
    )
    return language.say(said, today=today, month=this_month)


def _not_usable(
    interaction: Interaction, single: str, channel: discord.abc.GuildChannel
) -> str | None:
    """Why the bot cannot use a channel for that, and what helps; None if it can."""
    language = language_of(interaction)
    if isinstance(channel, discord.TextChannel | discord.ForumChannel) and (
        table.CHANNELS[single].may_be_forum
    ):
        missing = lacking(channel)
        return showcase_needs(language, channel.mention, missing) if missing else None
    if may_write_in(channel):
        return None
    return language.say(
        "I can't write in {channel} yet. Let me view it and send messages there, then "
        "choose it again. Nothing was changed.",
        channel=channel.mention,
    )


def showcase_needs(language: Language, channel: str, missing: Sequence[str]) -> str:
    """What the bot still needs in a channel before it can be a showcase."""
    return language.say(
        "I can't show videos in {channel} yet. Give me these permissions there, then choose it "
        "again: {permissions}. Nothing was changed.",
        channel=channel,
        permissions=", ".join(f"**{language.say(one)}**" for one in missing),
    )


def of_managers(handler: Handler) -> Handler:
    """Restricts a handler to people who may manage the server at this moment."""

    async def checked(interaction: Interaction, action: Action) -> None:
        if await is_manager(interaction):
            await handler(interaction, action)

    return checked


ROUTES: Final = tuple(
    (route, of_managers(handler))
    for route, handler in (
        (on_panel.PAGE, turn_page),
        (on_panel.CAPS, ask_for_caps),
        (on_panel.ZONE, ask_for_zone),
        (on_panel.TIDY, tidy),
        (on_panel.DROP, drop_rule),
        (on_panel.CHOOSE, choose),
        (on_panel.LIMITS, choose_limits),
        (on_panel.REVIEW, choose_review),
        (selects.ROLES, pick),
        (on_panel.RULES, show_rules),
        (selects.CHANNELS, pick),
        (selects.CHANNEL, choose_channel),
        (CAPS_MODAL, limit),
        (ZONE_MODAL, choose_zone),
    )
)
