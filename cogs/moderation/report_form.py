"""From a message to a report: whose card it is, a window for the reason, and the thanks."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.domain.job import JobId
from bot.domain.refused import Refused
from bot.features.reports import REPORT_REASON_MAX_CHARS, ReportRefusal
from bot.languages.language import Language
from bot.ui import words_reviews as words
from bot.ui.context import Interaction, asking_actor, language_of, tell_privately
from bot.ui.modals import Submission, paragraph, take_window, window_of

_OF_A_JOB: Final = re.compile(r"kling:(?:cancel|again|change|details|delete):(?P<job_id>[0-9a-z]+)")
"""The custom_ids of the buttons that a card has in every state in which it has any."""
_WINDOW: Final = re.compile(r"kling:report:(?P<job_id>[0-9a-z]+):(?P<message_id>[0-9]{1,20})")
_REASON: Final = "reason"


async def report_message(interaction: Interaction, message: discord.Message) -> None:
    """Open the window for a message that is a card of ours, else say what to do."""
    language = language_of(interaction)
    myself = interaction.client.user
    is_mine = myself is not None and message.author.id == myself.id
    job_id = job_of_message(message) if is_mine else None
    if job_id is None:
        await _refuse(interaction, ReportRefusal.NOT_MINE)
        return
    reports, asker = interaction.client.services.reports, await asking_actor(interaction)
    found = await reports.reportable(job_id, message.id, asker)
    if isinstance(found, Refused):
        await _refuse(interaction, found.why)
    else:
        await interaction.response.send_modal(report_form(job_id, message.id, language))


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


def report_form(job_id: JobId, message_id: int, language: Language) -> ui.Modal:
    """Asks what is wrong with the video of a card."""
    reason = paragraph(_REASON, required=False, max_length=REPORT_REASON_MAX_CHARS)
    return window_of(
        language.say(words.REPORT_TITLE),
        f"kling:report:{job_id}:{message_id}",
        ui.Label(text=language.say(words.REPORT_REASON_LABEL), component=reason),
    )


async def take_report(interaction: Interaction) -> None:
    """Pass on what a submitted window says."""
    await take_window(interaction, _WINDOW, _report)


async def _report(interaction: Interaction, submission: Submission, match: re.Match[str]) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    reports, asker = interaction.client.services.reports, await asking_actor(interaction)
    answer = await reports.report(
        match["job_id"],
        int(match["message_id"]),
        asker,
        because=submission.texts.get(_REASON, ""),
    )
    if isinstance(answer, Refused):
        await _refuse(interaction, answer.why)
    else:
        await tell_privately(interaction, language_of(interaction).say(words.REPORTED))


async def _refuse(interaction: Interaction, refusal: ReportRefusal) -> None:
    text = language_of(interaction).say(words.REPORT_REFUSALS[refusal])
    await tell_privately(interaction, text)
