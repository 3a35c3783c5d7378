"""Moderators' decisions about a job: of two at once, the first counts, and the other is told."""

from io import BytesIO
from typing import Final, assert_never

import discord
from discord import ui

from bot.domain.denied import Denied
from bot.domain.job import Job, JobId
from bot.domain.servers import REASON_MAX_CHARS
from bot.features.reviews import ReviewAnswer, Reviewed, ReviewedBefore, ReviewRefusal
from bot.languages.language import Language, marked
from bot.ui.attachments import files_of, pictures_of
from bot.ui.context import Interaction, actor_of, card_language_of, language_of, tell_privately
from bot.ui.modals import modal_of, paragraph
from bot.ui.moderators_card import APPROVE, DECLINE, READ, decision_line, full_text, reviewed
from bot.ui.routes import Action, Route

DECLINE_MODAL: Final = Route("kling:decline:{job_id}")
_REASON: Final = "reason"


REVIEW_REFUSALS: dict[ReviewRefusal, str] = {
    ReviewRefusal.UNKNOWN_JOB: marked("I don't know this video any more."),
    ReviewRefusal.NOT_A_MODERATOR: marked(
        "You need the Manage Messages permission here to decide about videos."
    ),
    ReviewRefusal.NOT_PAID_FOR: marked(
        "The bot's owner no longer pays for videos in this server, so I can't send this "
        "one. Please decline it. Nothing was charged."
    ),
}


async def approve(interaction: Interaction, action: Action) -> None:
    """Let it go on."""
    await interaction.response.defer()
    reviews, by = interaction.client.services.reviews, actor_of(interaction)
    await _tell(interaction, await reviews.approve(action["job_id"], by))


async def decline(interaction: Interaction, action: Action) -> None:
    """Ask for a reason, if there is still something to decide."""
    reviews, by = interaction.client.services.reviews, actor_of(interaction)
    found = await reviews.awaiting(action["job_id"], by)
    if isinstance(found, Job):
        form = decline_form(found.id, language_of(interaction))
        await interaction.response.send_modal(form)
    else:
        await interaction.response.defer()
        await _tell(interaction, found)


async def read(interaction: Interaction, action: Action) -> None:
    """Show every word, as a file that only the moderator sees."""
    reviews, by = interaction.client.services.reviews, actor_of(interaction)
    found = await reviews.awaiting(action["job_id"], by)
    if isinstance(found, Job):
        file = discord.File(BytesIO(full_text(found).encode()), filename="prompt.txt")
        await interaction.response.send_message(file=file, ephemeral=True)
    else:
        await interaction.response.defer()
        await _tell(interaction, found)


def decline_form(job_id: JobId, language: Language) -> ui.Modal:
    """Asks the moderator for the reason."""
    reason = paragraph(_REASON, required=False, max_length=REASON_MAX_CHARS)
    return modal_of(
        language.say("Decline this video"),
        DECLINE_MODAL.of(job_id=job_id),
        ui.Label(text=language.say("Why (its requester will read it)"), component=reason),
    )


async def decline_because(interaction: Interaction, action: Action) -> None:
    """Decline for the reason that a submitted modal says."""
    await interaction.response.defer()
    reviews, by = interaction.client.services.reviews, actor_of(interaction)
    reason = action.texts.get(_REASON, "")
    await _tell(interaction, await reviews.decline(action["job_id"], by, reason))


async def _tell(interaction: Interaction, answer: ReviewAnswer) -> None:
    language = language_of(interaction)
    match answer:
        case Reviewed():
            pass  # the job's watch redraws the question
        case ReviewedBefore(job):
            # The question may be out of date: no watch may be left to redraw it.
            pictures = await pictures_of(job, interaction.client.services.pictures)
            view = reviewed(job, card_language_of(interaction, private=False), pictures)
            await interaction.edit_original_response(view=view, attachments=files_of(pictures))
            decision = decision_line(language, job)
            text = language.say("Someone decided before you:\n{decision}", decision=decision)
            await tell_privately(interaction, text)
        case Denied(refusal):
            await tell_privately(interaction, language.say(REVIEW_REFUSALS[refusal]))
        case _:
            assert_never(answer)


ROUTES: Final = (
    (APPROVE.route, approve),
    (DECLINE.route, decline),
    (READ.route, read),
    (DECLINE_MODAL, decline_because),
)
