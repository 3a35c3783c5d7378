"""What moderators' presses do: of two who decide, one does, and the other is told."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Final, assert_never

import discord
from discord import ui

from bot.domain.job import Job, JobId
from bot.domain.refused import Refused
from bot.domain.servers import REASON_MAX_CHARS
from bot.features.reviews import (
    ReviewAnswer,
    Reviewed,
    ReviewedBefore,
)
from bot.languages.language import Language
from bot.ui import words_reviews as words
from bot.ui.context import Interaction, actor_of, card_language_of, language_of, tell_privately
from bot.ui.modals import Submission, paragraph, take_window, window_of
from bot.ui.moderators_card import full_text, reviewed
from bot.ui.review_buttons import ReviewPress, ReviewVerb

_WINDOW: Final = re.compile(r"kling:decline:(?P<job_id>[0-9a-z]+)")
_REASON: Final = "reason"


async def approve(interaction: Interaction, job_id: JobId) -> None:
    """Let it go on."""
    await interaction.response.defer()
    reviews = interaction.client.services.reviews
    await _tell(interaction, await reviews.approve(job_id, actor_of(interaction)))


async def decline(interaction: Interaction, job_id: JobId) -> None:
    """Ask for a reason, if there is still something to decide."""
    found = await interaction.client.services.reviews.awaiting(job_id, actor_of(interaction))
    if isinstance(found, Job):
        await interaction.response.send_modal(decline_form(job_id, language_of(interaction)))
    else:
        await interaction.response.defer()
        await _tell(interaction, found)


async def read(interaction: Interaction, job_id: JobId) -> None:
    """Show every word, as a file that only they see."""
    found = await interaction.client.services.reviews.awaiting(job_id, actor_of(interaction))
    if isinstance(found, Job):
        file = discord.File(BytesIO(full_text(found).encode()), filename="prompt.txt")
        await interaction.response.send_message(file=file, ephemeral=True)
    else:
        await interaction.response.defer()
        await _tell(interaction, found)


def decline_form(job_id: JobId, language: Language) -> ui.Modal:
    """Asks why."""
    reason = paragraph(_REASON, required=False, max_length=REASON_MAX_CHARS)
    return window_of(
        language.say(words.DECLINE_TITLE),
        f"kling:decline:{job_id}",
        ui.Label(text=language.say(words.REASON_LABEL), component=reason),
    )


async def take_decline(interaction: Interaction) -> None:
    """Decline for the reason that a submitted window says."""
    await take_window(interaction, _WINDOW, _decline)


async def _decline(interaction: Interaction, submission: Submission, match: re.Match[str]) -> None:
    await interaction.response.defer()
    reviews, by = interaction.client.services.reviews, actor_of(interaction)
    reason = submission.texts.get(_REASON, "")
    await _tell(interaction, await reviews.decline(match["job_id"], by, reason))


async def _tell(interaction: Interaction, answer: ReviewAnswer) -> None:
    language = language_of(interaction)
    match answer:
        case Reviewed():
            pass  # the job's watch redraws the question
        case ReviewedBefore(job):
            # What the question says may be old: nobody redraws it who has nothing else to do.
            view = reviewed(job, card_language_of(interaction, private=False))
            await interaction.edit_original_response(view=view)
            decision = words.decision_line(language, job)
            text = language.say(words.DECIDED_BEFORE, decision=decision)
            await tell_privately(interaction, text)
        case Refused(refusal):
            await tell_privately(interaction, language.say(words.REVIEW_REFUSALS[refusal]))
        case _:
            assert_never(answer)


REVIEW_PRESSES: Mapping[ReviewVerb, ReviewPress] = {
    ReviewVerb.APPROVE: approve,
    ReviewVerb.DECLINE: decline,
    ReviewVerb.READ: read,
}
"""What each verb does: the client carries them to the buttons."""
