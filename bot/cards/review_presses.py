"""What moderators' presses do: of two who decide, one does, and the other is told."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final, assert_never

import discord
from discord import ui

from bot.cards import words_reviews as words
from bot.cards.buttons import person_behind
from bot.cards.carried import carrier
from bot.cards.language import Language, card_language_of, language_of
from bot.cards.moderators_card import full_text, reviewed
from bot.cards.pressed import answered
from bot.cards.replies import tell_privately
from bot.cards.review_buttons import ReviewPress, ReviewVerb
from bot.cards.submissions import submission_of
from bot.generation.front_desk import FrontDesk
from bot.generation.job import Job, JobId
from bot.generation.reviews import (
    HasReviews,
    NotReviewed,
    ReviewAnswer,
    Reviewed,
    ReviewedBefore,
    Reviews,
)
from bot.generation.servers import REASON_MAX_CHARS

_WINDOW: Final = "kling:decline:"


def reviews_of(client: discord.Client) -> Reviews:
    """The use cases of moderators.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasReviews, "reviews").reviews


async def approve(interaction: discord.Interaction[Any], job_id: JobId) -> None:
    """Let it go on."""
    await interaction.response.defer()
    reviews = reviews_of(interaction.client)
    await _tell(interaction, await reviews.approve(job_id, person_behind(interaction)))


async def decline(interaction: discord.Interaction[Any], job_id: JobId) -> None:
    """Ask for a reason, if there is still something to decide."""
    found = await reviews_of(interaction.client).awaiting(job_id, person_behind(interaction))
    if isinstance(found, Job):
        await interaction.response.send_modal(DeclineForm(job_id, language_of(interaction)))
    else:
        await interaction.response.defer()
        await _tell(interaction, found)


async def read(interaction: discord.Interaction[Any], job_id: JobId) -> None:
    """Show every word, as a file that only they see."""
    found = await reviews_of(interaction.client).awaiting(job_id, person_behind(interaction))
    if isinstance(found, Job):
        file = discord.File(BytesIO(full_text(found).encode()), filename="prompt.txt")
        await interaction.response.send_message(file=file, ephemeral=True)
    else:
        await interaction.response.defer()
        await _tell(interaction, found)


class DeclineForm(ui.Modal):
    """Asks why; `take_decline` reads the answer, also of a window that a restart left open."""

    def __init__(self, job_id: JobId, language: Language) -> None:
        title = language.say(words.DECLINE_TITLE)
        super().__init__(title=title, custom_id=f"{_WINDOW}{job_id}")
        reason = ui.TextInput[Any](
            custom_id="reason",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=REASON_MAX_CHARS,
        )
        self.add_item(ui.Label(text=language.say(words.REASON_LABEL), component=reason))


async def take_decline(interaction: discord.Interaction[Any]) -> None:
    """Carry out a submitted DeclineForm; anything else is left alone."""
    window = submission_of(interaction)
    if window is None or not window.custom_id.startswith(_WINDOW):
        return
    job_id, reason = window.custom_id.removeprefix(_WINDOW), window.texts.get("reason", "")

    async def take(_desk: FrontDesk, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        reviews, by = reviews_of(interaction.client), person_behind(interaction)
        await _tell(interaction, await reviews.decline(job_id, by, reason))

    await answered(interaction, take)


async def _tell(interaction: discord.Interaction[Any], answer: ReviewAnswer) -> None:
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
        case NotReviewed(refusal):
            await tell_privately(interaction, language.say(words.REVIEW_REFUSALS[refusal]))
        case _:
            assert_never(answer)


REVIEW_PRESSES: Mapping[ReviewVerb, ReviewPress] = {
    ReviewVerb.APPROVE: approve,
    ReviewVerb.DECLINE: decline,
    ReviewVerb.READ: read,
}
"""What each verb does: the client carries them to the buttons."""
