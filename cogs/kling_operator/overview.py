"""What an operator sees: the overview, the servers, and the operators' audit log."""

from collections.abc import Callable, Sequence
from typing import Final

import discord
from discord import ui

from bot.domain.job import State
from bot.domain.servers import EVERYWHERE, REASON_MAX_CHARS, AuditEntry
from bot.features.drain import Drain
from bot.features.operations import Overview, ServerLine, Unlimited
from bot.features.spending import Spend
from bot.languages.language import Language, marked
from bot.ui.audit_lines import ENTRIES_MAX, audit_log, dollar_limits, entry_line, operators_words
from bot.ui.context import Interaction, language_of
from bot.ui.layout import fitting, note, row_of, view_of
from bot.ui.operator_news import SAFE_TO_STOP
from bot.ui.plain_text import as_text
from bot.ui.routes import Action, Route
from cogs.kling_operator.limit import LimitFrom, limit_button
from cogs.kling_operator.operator import answer, operator_only

LOOK: Final = Route("kling:operator:look")
_SERVERS_MAX_CHARS: Final = 3_800
"""Leaves room for the title and the number of further servers."""

NameOf = Callable[[int], str | None]
"""The name of a server that the bot is in."""


STATES: dict[State, str] = {
    State.ASKED: marked("being written down"),
    State.IN_REVIEW: marked("in review"),
    State.WAITING: marked("waiting"),
    State.SUBMITTING: marked("being sent"),
    State.QUEUED: marked("in the queue"),
    State.RENDERING: marked("rendering"),
    State.RENDERED: marked("being delivered"),
    State.UNSURE: marked("unsure"),
    State.DELIVERED: marked("delivered"),
    State.FAILED: marked("failed"),
    State.CANCELLED: marked("cancelled"),
}


async def show_overview(interaction: Interaction) -> None:
    """Everything at a glance."""
    guild_ids = [guild.id for guild in interaction.client.guilds]
    await answer(interaction, lambda operations: operations.overview(guild_ids), overview_card)


async def look_again(interaction: Interaction, _: Action) -> None:
    """Draw the overview again."""
    if not await operator_only(interaction):
        return
    await interaction.response.defer()
    await redraw_overview(interaction)


async def redraw_overview(interaction: Interaction) -> None:
    """Draw it as it is now, in the place of what the acknowledged interaction came from."""
    guild_ids = [guild.id for guild in interaction.client.guilds]
    overview = await interaction.client.services.operations.overview(guild_ids)
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
    balance = (
        language.say("RunComfy doesn't say") if left is None else f"**{language.dollars(left)}**"
    )
    by_operator = spend_line(language, overview.by_operator)
    by_servers = spend_line(language, overview.by_servers)
    lines = [
        language.say("Jobs: {states}", states=states_line(language, dict(overview.by_state))),
        language.say("This month by your key: {spend}", spend=by_operator),
        language.say("This month by servers' own keys: {spend}", spend=by_servers),
        language.say("Left at RunComfy: {balance}", balance=balance),
    ]
    if overview.total_caps.is_set:
        caps = dollar_limits(language, overview.total_caps)
        lines.append(language.say("Limit for everything: {limits}", limits=caps))
    if overview.unlimited is not None:
        lines += unlimited_lines(language, overview.unlimited, left)
    if overview.paused_because is not None:
        lines.append(paused_line(language, overview.paused_because))
    if overview.is_unread:
        lines.append(
            language.say(
                "⛔ I can't read your decisions about the whole bot, so I take and send "
                "nothing. They are damaged, or a newer version wrote them. "
                "`/kling-operator resume` goes on without them."
            )
        )
    if overview.drain is not None:
        lines.append(drain_line(language, overview.drain))
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(language.say("### The whole bot")))
    container.add_item(ui.TextDisplay("\n".join(f"- {line}" for line in lines)))
    container.add_item(
        row_of(
            ui.Button(label=language.say("Look again"), custom_id=LOOK.of()),
            limit_button(language, LimitFrom.OVERVIEW, is_urgent=overview.unlimited is not None),
        )
    )
    return view_of(container)


def unlimited_lines(
    language: Language, unlimited: Unlimited, left_microusd: int | None
) -> list[str]:
    """Says who can spend how much while there is no limit."""
    if left_microusd is None:
        said = language.plural(
            "⚠️ No limit is set: anyone in {number} server can spend the whole balance.",
            "⚠️ No limit is set: anyone in {number} servers can spend the whole balance.",
            unlimited.servers,
        )
    else:
        said = language.plural(
            "⚠️ No limit is set: anyone in {number} server can spend the whole balance ({balance}).",
            "⚠️ No limit is set: anyone in {number} servers can spend the whole balance "
            "({balance}).",
            unlimited.servers,
            balance=language.dollars(left_microusd),
        )
    if not unlimited.direct_messages:
        return [said]
    return [said, language.say("⚠️ So can anyone who writes to me in a direct message.")]


def servers_card(language: Language, lines: Sequence[ServerLine], name_of: NameOf) -> ui.LayoutView:
    """The servers, the largest spender first, as many as one message takes."""
    if not lines:
        return note(language.say("No server has done or decided anything this month."))
    told = fitting(
        (
            server_line(language, line, None if line.guild_id is None else name_of(line.guild_id))
            for line in lines
        ),
        _SERVERS_MAX_CHARS,
    )
    said = [language.say("### Servers this month"), *told]
    if left := len(lines) - len(told):
        said.append(language.plural("… and {number} more", "… and {number} more", left))
    return note("\n".join(said))


def operators_trail(language: Language, entries: Sequence[AuditEntry], name_of: NameOf) -> str:
    """The newest operators' decisions, as many as one message takes, each with its server."""
    if not entries:
        return language.say("No operator has decided anything yet.")

    def line(entry: AuditEntry) -> str:
        said = entry_line(language, entry, operators_words)
        if entry.guild_id == EVERYWHERE:
            return said
        server = server_name(language, entry.guild_id, name_of(entry.guild_id))
        return f"{said} · {server}"

    return audit_log(language, map(line, entries))


def states_line(language: Language, by_state: dict[State, int]) -> str:
    """The number of jobs in each state, in the order of the lifecycle."""
    said = [
        f"{language.say(name)} {language.number(by_state[state])}"
        for state, name in STATES.items()
        if by_state.get(state)
    ]
    return " · ".join(said) or language.say("no jobs yet")


def spend_line(language: Language, spend: Spend) -> str:
    """What was spent, how much of it is an estimate, and what is reserved."""
    videos = language.plural("{number} video", "{number} videos", spend.videos)
    said = [f"**{language.dollars(spend.spent_microusd)}**", videos]
    if spend.estimated_microusd:
        estimated = language.dollars(spend.estimated_microusd)
        said.append(language.say("{amount} of it estimated", amount=estimated))
    if spend.held_microusd:
        held = language.dollars(spend.held_microusd)
        said.append(language.say("{amount} reserved", amount=held))
    return " · ".join(said)


def paused_line(language: Language, because: str) -> str:
    """Says that everything is paused, and why."""
    reason = as_text(because, REASON_MAX_CHARS)
    return language.say("⏸️ Paused everywhere: {reason}", reason=reason)


def drain_line(language: Language, drain: Drain) -> str:
    """The progress of a drain."""
    if drain.is_safe_to_stop:
        return f"✅ {language.say(SAFE_TO_STOP)}"
    return language.plural(
        "⏳ Draining: {number} video is still under way.",
        "⏳ Draining: {number} videos are still under way.",
        drain.under_way,
    )


def server_line(language: Language, line: ServerLine, name: str | None) -> str:
    """One server: its jobs, its spending and its permissions."""
    if line.guild_id is None:
        who = language.say("direct messages")
    else:
        who = server_name(language, line.guild_id, name)
    said = [who, spend_line(language, line.by_operator)]
    if line.under_way or line.waiting:
        said.append(
            language.say(
                "{under_way} under way, {waiting} waiting",
                under_way=language.number(line.under_way),
                waiting=language.number(line.waiting),
            )
        )
    if line.has_key or line.by_itself.videos:
        own = spend_line(language, line.by_itself)
        said.append(language.say("🔑 by its own key: {spend}", spend=own))
    if line.is_blocked:
        said.append(language.say("⛔ blocked"))
    if line.is_paused:
        said.append(language.say("⏸️ paused by its managers"))
    return f"- {' · '.join(said)}"


def server_name(language: Language, guild_id: int, name: str | None) -> str:
    """A server's name, where the bot is in it, and its id."""
    shown = as_text(name, 60) if name else language.say("a server that I am not in")
    return f"{shown} `{guild_id}`"


ROUTES: Final = ((LOOK, look_again),)
