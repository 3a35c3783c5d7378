"""What whoever runs the bot sees: everything at a glance, the servers, and the unsure jobs."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Final, Self, assert_never

import discord
from discord import ui

from bot.domain.job import Job, JobId
from bot.domain.servers import EVERYWHERE, AuditEntry
from bot.features.operations_ports import REQUEST_ID_MAX_CHARS, Binding, Overview, ServerLine
from bot.features.ordering_ports import FrontDesk
from bot.languages.language import Language
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import MOST_CHARS, fitting, note, row_of, view_of
from bot.ui.modals import Submission, take_window, window_of
from bot.ui.pressed import Pressed, label_of
from cogs.kling_admin import words_audit
from cogs.kling_operator import words_operator as words

UNSURE_SHOWN: Final = 8
"""With a text and two buttons each, as many as one message takes."""
_SERVERS_MAX_CHARS: Final = 3_800
"""The rest is for the title, and for how many more there are."""
_NOBODY: Final = discord.AllowedMentions.none()
_WINDOW: Final = re.compile(r"kling:bind:(?P<job_id>[0-9a-z]+)")
_REQUEST: Final = "request"

NameOf = Callable[[int], str | None]
"""The name of a server that the bot is in."""


async def operator_only(interaction: Interaction) -> bool:
    """Whether an operator acts; anybody else is told, and nothing is done.

    Asked at every command, press and window: that Discord hides something protects nothing.
    """
    if await interaction.client.services.operators.include(interaction.user.id):
        return True
    if interaction.type is not discord.InteractionType.autocomplete:
        await tell_privately(interaction, language_of(interaction).say(words.ONLY_OPERATORS))
    return False


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
    container.add_item(row_of(LookButton(label=language.say(words.REFRESH_LABEL))))
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
    """What operators decided, as much as one message takes, with the server that it is about."""
    if not entries:
        return language.say(words.NO_DECISIONS)

    def line(entry: AuditEntry) -> str:
        said = words_audit.entry_line(language, entry, guild_id=entry.guild_id)
        if entry.guild_id == EVERYWHERE:
            return said
        server = words.server_name(language, entry.guild_id, name_of(entry.guild_id))
        return f"{said} · {server}"

    title = language.say(words_audit.TRAIL_TITLE)
    return "\n".join(fitting([title, *map(line, entries)], MOST_CHARS))


def unsure_card(language: Language, jobs: Sequence[Job]) -> ui.LayoutView:
    """The unsure jobs, the oldest first, each with both answers."""
    if not jobs:
        return note(language.say(words.NO_UNSURE))
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.orange())
    container.add_item(ui.TextDisplay(language.say(words.UNSURE_TITLE)))
    container.add_item(ui.TextDisplay(f"-# {language.say(words.UNSURE_NOTE)}"))
    for job in jobs[:UNSURE_SHOWN]:
        container.add_item(ui.TextDisplay(words.unsure_lines(language, job)))
        container.add_item(
            row_of(
                ResolveButton(Answer.THERE, job.id, label=language.say(words.THERE_LABEL)),
                ResolveButton(Answer.NOT_THERE, job.id, label=language.say(words.NOT_THERE_LABEL)),
            )
        )
    left = len(jobs) - UNSURE_SHOWN
    if left > 0:
        more = language.plural("… and {number} more", "… and {number} more", left)
        container.add_item(ui.TextDisplay(f"-# {more}"))
    return view_of(container)


class Answer(StrEnum):
    """What a person found in RunComfy's list."""

    THERE = "there"
    NOT_THERE = "not-there"


class ResolveButton(
    Pressed,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=rf"kling:unsure:(?P<answer>{'|'.join(Answer)}):(?P<job_id>[0-9a-z]+)",
):
    """Decides about one unsure job, for an operator."""

    def __init__(self, answer: Answer, job_id: JobId, *, label: str) -> None:
        is_there = answer is Answer.THERE
        super().__init__(
            ui.Button(
                style=discord.ButtonStyle.primary if is_there else discord.ButtonStyle.danger,
                label=label,
                custom_id=f"kling:unsure:{answer}:{job_id}",
            )
        )
        self.answer = answer
        self.job_id = job_id

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        return cls(Answer(match["answer"]), match["job_id"], label=label_of(item))

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Ask for the request id, or close the job."""
        del desk
        if not await operator_only(interaction):
            return
        match self.answer:
            case Answer.THERE:
                form = bind_form(self.job_id, language_of(interaction))
                await interaction.response.send_modal(form)
            case Answer.NOT_THERE:
                await _resolved(interaction, self.job_id, request_id=None)
            case _:
                assert_never(self.answer)


def bind_form(job_id: JobId, language: Language) -> ui.Modal:
    """Asks for the id under which an unsure job was found."""
    label = ui.Label[ui.LayoutView](
        text=language.say(words.REQUEST_LABEL),
        component=ui.TextInput(custom_id=_REQUEST, max_length=REQUEST_ID_MAX_CHARS),
    )
    return window_of(language.say(words.FORM_TITLE), f"kling:bind:{job_id}", label)


async def take_binding(interaction: Interaction) -> None:
    """Bind as a submitted window says, for whoever is still an operator."""
    await take_window(interaction, _WINDOW, _bind)


async def _bind(interaction: Interaction, submission: Submission, match: re.Match[str]) -> None:
    if await operator_only(interaction):
        request_id = submission.texts.get(_REQUEST, "")
        await _resolved(interaction, match["job_id"], request_id=request_id)


class LookButton(
    Pressed, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"kling:operator:look"
):
    """Draws the overview anew."""

    def __init__(self, *, label: str) -> None:
        super().__init__(ui.Button(label=label, custom_id="kling:operator:look"))

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        del match
        return cls(label=label_of(item))

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Look again."""
        del desk
        if not await operator_only(interaction):
            return
        await interaction.response.defer()
        language = language_of(interaction)
        overview = await interaction.client.services.operations.overview()
        view = overview_card(language, overview)
        await interaction.edit_original_response(view=view, allowed_mentions=_NOBODY)


async def _resolved(interaction: Interaction, job_id: JobId, *, request_id: str | None) -> None:
    """Carry out a decision, say what came of it, and draw the list anew."""
    await interaction.response.defer()
    language, operations = language_of(interaction), interaction.client.services.operations
    by_user_id = interaction.user.id
    if request_id is None:
        outcome = await operations.write_off(job_id, by_user_id=by_user_id)
    else:
        outcome = await operations.bind(job_id, request_id, by_user_id=by_user_id)
    left = await operations.unsure()
    if outcome is Binding.RESOLVED:
        said = words.WRITTEN_OFF if request_id is None else words.BOUND
    else:
        said = words.BINDINGS[outcome]
    view = unsure_card(language, left)
    await interaction.edit_original_response(view=view, allowed_mentions=_NOBODY)
    await tell_privately(interaction, language.say(said))


OPERATOR_ITEMS = (ResolveButton, LookButton)
"""What a client registers so that presses on old cards find their way."""
