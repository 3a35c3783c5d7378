"""From a message to a report: whose card it is, a window for the reason, and the thanks."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.cards import words_reviews as words
from bot.cards.askers import asker_behind
from bot.cards.language import Language, language_of
from bot.cards.replies import apologise, tell_privately
from bot.generation.job import JobId
from bot.generation.reports import (
    REPORT_REASON_MAX_CHARS,
    HasReports,
    NotPassedOn,
    ReportRefusal,
    Reports,
)

_OF_A_JOB: Final = re.compile(r"kling:(?:cancel|again|change|details|delete):(?P<job_id>[0-9a-z]+)")
"""The custom_ids of the buttons that a card has in every state in which it has any."""


def reports_of(client: discord.Client) -> Reports:
    """The use cases of reports.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasReports):
        raise TypeError("this Discord client carries no reports")
    return client.reports


async def report_message(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    """Open the window for a message that is a card of ours, else say what to do."""
    language = language_of(interaction)
    myself = interaction.client.user
    is_mine = myself is not None and message.author.id == myself.id
    job_id = job_of_message(message) if is_mine else None
    if job_id is None:
        await _refuse(interaction, ReportRefusal.NOT_MINE)
        return
    reports, asker = reports_of(interaction.client), asker_behind(interaction)
    found = await reports.reportable(job_id, message.id, asker)
    if isinstance(found, NotPassedOn):
        await _refuse(interaction, found.refusal)
    else:
        await interaction.response.send_modal(ReportForm(job_id, message.id, language))


def job_of_message(message: discord.Message) -> JobId | None:
    """The job that a card is about, by its buttons: they come along with the message."""
    for custom_id in _custom_ids(message.components):
        if (found := _OF_A_JOB.fullmatch(custom_id)) is not None:
            return found["job_id"]
    return None


def _custom_ids(components: Sequence[Any]) -> Iterator[str]:
    for component in components:
        custom_id: object = getattr(component, "custom_id", None)
        if isinstance(custom_id, str):
            yield custom_id
        yield from _custom_ids(getattr(component, "children", ()))


class ReportForm(ui.Modal):
    """Asks what is wrong with it."""

    def __init__(self, job_id: JobId, message_id: int, language: Language) -> None:
        super().__init__(title=language.say(words.REPORT_TITLE))
        self._job_id = job_id
        self._message_id = message_id
        self.reason = ui.TextInput[Any](
            custom_id="reason",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=REPORT_REASON_MAX_CHARS,
        )
        label = language.say(words.REPORT_REASON_LABEL)
        self.add_item(ui.Label(text=label, component=self.reason))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Pass it on, and say what came of it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        answer = await reports_of(interaction.client).report(
            self._job_id,
            self._message_id,
            asker_behind(interaction),
            because=self.reason.value,
        )
        if isinstance(answer, NotPassedOn):
            await _refuse(interaction, answer.refusal)
        else:
            await tell_privately(interaction, language_of(interaction).say(words.REPORTED))

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        """The library only logs what a window raises, so this is its gate."""
        await apologise(interaction, error)


async def _refuse(interaction: discord.Interaction[Any], refusal: ReportRefusal) -> None:
    text = language_of(interaction).say(words.REPORT_REFUSALS[refusal])
    await tell_privately(interaction, text)
