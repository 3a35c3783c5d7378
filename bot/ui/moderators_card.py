"""What moderators see of a job: the question, the decision, or a report.

Discord's limit is 4,000 characters for all texts of a message; each text here has its share.
"""

from collections.abc import Sequence
from typing import Final

import discord
from discord import ui

from bot.domain.generation.models import Option
from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from bot.domain.ports import REVIEW_LIFE
from bot.domain.servers import REASON_MAX_CHARS
from bot.features.reports import REPORT_REASON_MAX_CHARS, Report
from bot.languages.language import Language, marked
from bot.ui.attachments import ShownPicture
from bot.ui.buttons import DELETE, DETAILS, JobButton
from bot.ui.layout import row_of, view_of
from bot.ui.plain_text import as_text
from bot.ui.routes import Route
from bot.ui.words import cards as words
from bot.ui.words import requests as words_requests
from bot.ui.words.library import JUMP_LABEL, NEGATIVE_LABEL, jump_link

_PROMPT_ERASED: Final = marked("Its prompt was erased here; its message may still show it.")
_REPORT_HEADING: Final = marked("🚩 A video was reported")
_REVIEW_HEADING: Final = marked("🛂 A video needs your approval")
_NOT_SHOWN: Final = marked("⚠️ A picture of this video can't be shown: I no longer have it.")
_WHICH_PICTURE: Final = {
    Option.START_FRAME: marked("The picture that the video begins with"),
    Option.END_FRAME: marked("The picture that the video ends with"),
}
PROMPT_SHOWN_CHARS: Final = 600
SHOT_SHOWN_CHARS: Final = 100
NEGATIVE_SHOWN_CHARS: Final = 150
"""With every character escaped, these and a reason leave an eighth of the limit to the rest."""

APPROVE: Final = JobButton(
    Route("kling:review:approve:{job_id}"),
    marked("Approve"),
    discord.ButtonStyle.success,
)
DECLINE: Final = JobButton(
    Route("kling:review:decline:{job_id}"), marked("Decline"), discord.ButtonStyle.danger
)
READ: Final = JobButton(Route("kling:review:read:{job_id}"), marked("Read it all"))


def to_be_reviewed(job: Job, language: Language, pictures: Sequence[ShownPicture]) -> ui.LayoutView:
    """The question, with all that helps to decide it."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.gold())
    container.add_item(ui.TextDisplay(f"### {language.say(_REVIEW_HEADING)}"))
    _add_request(container, job, language, pictures)
    container.add_item(ui.TextDisplay(f"-# {without_answer_line(language, job)}"))
    offered = [APPROVE, DECLINE, READ] if is_shortened(job) else [APPROVE, DECLINE]
    container.add_item(row_of(*(button.of(job.id, language) for button in offered)))
    return view_of(container)


def reviewed(job: Job, language: Language, pictures: Sequence[ShownPicture]) -> ui.LayoutView:
    """The question with its answer."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.dark_grey())
    container.add_item(ui.TextDisplay(f"### {decision_line(language, job)}"))
    _add_request(container, job, language, pictures)
    return view_of(container)


def reported(report: Report, language: Language, pictures: Sequence[ShownPicture]) -> ui.LayoutView:
    """A report: the request, its requester, who reports it and why, and what can be done."""
    job = report.job
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.red())
    container.add_item(ui.TextDisplay(f"### {language.say(_REPORT_HEADING)}"))
    by = language.say("Reported by {reporter}", reporter=f"<@{report.by_user_id}>")
    because = as_text(report.because, REPORT_REASON_MAX_CHARS)
    container.add_item(ui.TextDisplay(f"{by}: {because}" if because else by))
    _add_request(container, job, language, pictures)
    if job.erased:
        container.add_item(ui.TextDisplay(f"-# {language.say(_PROMPT_ERASED)}"))
    container.add_item(row_of(DETAILS.of(job.id, language), DELETE.of(job.id, language)))
    return view_of(container)


def decision_line(language: Language, job: Job) -> str:
    """The outcome of a job's review."""
    moderator = f"<@{job.reviewed_by}>" if job.reviewed_by else language.say("a moderator")
    if job.failure is FailureReason.REVIEW_DECLINED:
        if job.declined_because is None:
            return language.say("❌ Declined by {moderator}", moderator=moderator)
        reason = as_text(job.declined_because, REASON_MAX_CHARS)
        return language.say(
            "❌ Declined by {moderator}: {reason}", moderator=moderator, reason=reason
        )
    if job.reviewed_by is not None:
        return language.say("✅ Approved by {moderator}", moderator=moderator)
    return language.say(
        marked("🚫 Cancelled before a moderator decided")
        if job.state is State.CANCELLED
        else marked("⌛ No moderator decided in time, so it was declined")
    )


def without_answer_line(language: Language, job: Job) -> str:
    """Until when a moderator has to decide."""
    when = discord.utils.format_dt(job.state_since + REVIEW_LIFE, "R")
    return language.say("Without an answer it is declined {when}.", when=when)


def full_text(job: Job) -> str:
    """All texts of the request, for a file."""
    request = job.request
    parts = [request.prompt, *(f"{shot.duration_s}s: {shot.prompt}" for shot in request.shots)]
    if request.style is not None:
        parts += [f"[{request.style.name}] {request.style.prompt}"]
    if request.sent_negative_prompt:
        parts += [f"- {request.sent_negative_prompt}"]
    return "\n\n".join(parts)


def is_shortened(job: Job) -> bool:
    """Whether the card leaves out some of the words."""
    request = job.request
    return (
        len(request.prompt) > PROMPT_SHOWN_CHARS
        or any(len(shot.prompt) > SHOT_SHOWN_CHARS for shot in request.shots)
        or len(request.negative_prompt or "") > NEGATIVE_SHOWN_CHARS
        or request.style is not None
    )


def _add_request(
    container: ui.Container[ui.LayoutView],
    job: Job,
    language: Language,
    pictures: Sequence[ShownPicture],
) -> None:
    request = job.request
    lines = [words.quoted_prompt(request.prompt, shown_chars=PROMPT_SHOWN_CHARS)]
    lines += [
        f"{number}. {as_text(shot.prompt, SHOT_SHOWN_CHARS)}"
        for number, shot in enumerate(request.shots, start=1)
    ]
    if request.negative_prompt:
        lines.append(f"{language.say(NEGATIVE_LABEL)}:")
        negative = words.quoted_prompt(request.negative_prompt, shown_chars=NEGATIVE_SHOWN_CHARS)
        lines.append(negative)
    container.add_item(ui.TextDisplay("\n".join(lines)))
    _add_pictures(container, job, language, pictures)
    small = [
        words_requests.settings_line(language, request, private=job.private),
        words.price_line(language, job.estimate_microusd, job.cost_microusd),
        words.asked_line(job.requester_id, job.created_at),
    ]
    if (link := jump_link(job)) is not None:
        small.append(f"[{language.say(JUMP_LABEL)}]({link})")
    container.add_item(ui.TextDisplay(f"-# {' · '.join(small)}"))


def _add_pictures(
    container: ui.Container[ui.LayoutView],
    job: Job,
    language: Language,
    pictures: Sequence[ShownPicture],
) -> None:
    gallery = ui.MediaGallery[ui.LayoutView]()
    for one in pictures:
        if one.data is not None:
            gallery.add_item(
                media=f"attachment://{one.file_name}",
                description=language.say(_WHICH_PICTURE[one.option]),
                spoiler=job.spoiler,
            )
    if gallery.items:
        container.add_item(gallery)
    if any(one.data is None for one in pictures):
        container.add_item(ui.TextDisplay(language.say(_NOT_SHOWN)))
