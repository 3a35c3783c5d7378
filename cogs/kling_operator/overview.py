"""What an operator sees: the overview, the servers, and the operators' audit log."""

from collections.abc import Callable, Sequence
from typing import Final

import discord
from discord import ui

from bot.domain.servers import EVERYWHERE, AuditEntry
from bot.features.operations import Overview, ServerLine
from bot.languages.language import Language
from bot.ui.audit_lines import ENTRIES_MAX, audit_log, entry_line, operators_words
from bot.ui.context import Interaction, language_of
from bot.ui.layout import fitting, note, row_of, view_of
from bot.ui.routes import Action, Route
from cogs.kling_operator import texts as words
from cogs.kling_operator.operator import answer, operator_only

LOOK: Final = Route("kling:operator:look")
_SERVERS_MAX_CHARS: Final = 3_800
"""Leaves room for the title and the number of further servers."""

NameOf = Callable[[int], str | None]
"""The name of a server that the bot is in."""


async def show_overview(interaction: Interaction) -> None:
    """Everything at a glance."""
    await answer(interaction, lambda operations: operations.overview(), overview_card)


async def look_again(interaction: Interaction, _: Action) -> None:
    """Draw the overview again."""
    if not await operator_only(interaction):
        return
    await interaction.response.defer()
    overview = await interaction.client.services.operations.overview()
    await interaction.edit_original_response(
        view=overview_card(language_of(interaction), overview),
        allowed_mentions=discord.AllowedMentions.none(),
    )


async def show_servers(interaction: Interaction) -> None:
    """All servers."""
    name_of = _names_of(interaction)
    await answer(
        interaction,
        lambda operations: operations.servers(),
        lambda language, lines: servers_card(language, lines, name_of),
    )


async def show_trail(interaction: Interaction) -> None:
    """Show what operators decided, about the whole bot and about single servers."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    language = language_of(interaction)
    entries = await interaction.client.services.servers.audit(EVERYWHERE, limit=ENTRIES_MAX)
    text = operators_trail(language, entries, _names_of(interaction))
    await interaction.followup.send(
        view=note(text), ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
    )


def _names_of(interaction: Interaction) -> NameOf:
    def name_of(guild_id: int) -> str | None:
        guild = interaction.client.get_guild(guild_id)
        return None if guild is None else guild.name

    return name_of


def overview_card(language: Language, overview: Overview) -> ui.LayoutView:
    """Everything at a glance."""
    left = overview.balance_microusd
    balance = language.say(words.NOBODY_SAYS) if left is None else f"**{language.dollars(left)}**"
    by_operator = words.spend_line(language, overview.by_operator)
    by_servers = words.spend_line(language, overview.by_servers)
    lines = [
        language.say("Jobs: {states}", states=words.states_line(language, dict(overview.by_state))),
        language.say("This month by your key: {spend}", spend=by_operator),
        language.say("This month by servers' own keys: {spend}", spend=by_servers),
        language.say("Left at RunComfy: {balance}", balance=balance),
    ]
    if overview.paused_because is not None:
        lines.append(words.paused_line(language, overview.paused_because))
    if overview.is_unread:
        lines.append(language.say(words.UNREAD))
    if overview.drain is not None:
        lines.append(words.drain_line(language, overview.drain))
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(language.say(words.OVERVIEW_TITLE)))
    container.add_item(ui.TextDisplay("\n".join(f"- {line}" for line in lines)))
    container.add_item(
        row_of(ui.Button(label=language.say(words.REFRESH_LABEL), custom_id=LOOK.of()))
    )
    return view_of(container)


def servers_card(language: Language, lines: Sequence[ServerLine], name_of: NameOf) -> ui.LayoutView:
    """The servers, the largest spender first, as many as one message takes."""
    if not lines:
        return note(language.say(words.NO_SERVERS))
    told = fitting(
        (
            words.server_line(
                language, line, None if line.guild_id is None else name_of(line.guild_id)
            )
            for line in lines
        ),
        _SERVERS_MAX_CHARS,
    )
    said = [language.say(words.SERVERS_TITLE), *told]
    if left := len(lines) - len(told):
        said.append(language.plural("… and {number} more", "… and {number} more", left))
    return note("\n".join(said))


def operators_trail(language: Language, entries: Sequence[AuditEntry], name_of: NameOf) -> str:
    """The newest operators' decisions, as many as one message takes, each with its server."""
    if not entries:
        return language.say(words.NO_DECISIONS)

    def line(entry: AuditEntry) -> str:
        said = entry_line(language, entry, operators_words)
        if entry.guild_id == EVERYWHERE:
            return said
        server = words.server_name(language, entry.guild_id, name_of(entry.guild_id))
        return f"{said} · {server}"

    return audit_log(language, map(line, entries))


ROUTES: Final = ((LOOK, look_again),)
