"""The words for reviews and reports: what moderators read, and what others read about them."""

from typing import Final

import discord

from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from bot.domain.reviews import REVIEW_LIFE
from bot.domain.servers import REASON_MAX_CHARS
from bot.features.reports import ReportRefusal
from bot.features.reviews import ReviewRefusal
from bot.languages.language import Language, marked
from bot.ui.plain_text import as_text

REVIEW_HEADING: Final = marked("🛂 A video waits for your approval")
APPROVE_LABEL: Final = marked("Approve")
DECLINE_LABEL: Final = marked("Decline")
READ_ALL_LABEL: Final = marked("Read it all")
DECLINE_TITLE: Final = marked("Decline this video")
REASON_LABEL: Final = marked("Why (its requester will read it)")
WITHOUT_ANSWER: Final = marked("Without an answer it is declined {when}.")

REVIEW_REFUSALS: dict[ReviewRefusal, str] = {
    ReviewRefusal.UNKNOWN_JOB: marked("I do not know this video any more."),
    ReviewRefusal.NOT_A_MODERATOR: marked(
        "Only who may manage messages in this channel can decide about videos."
    ),
    ReviewRefusal.NOT_PAID_FOR: marked(
        "My operator pays for videos in this server no more, so I cannot send this one. Please "
        "decline it; nothing was charged."
    ),
    ReviewRefusal.STORE_DOWN: marked(
        "The database does not answer, so I cannot say whether that was written down. You may "
        "decide again in a minute: what counts is what the message says then."
    ),
}
APPROVED: Final = marked("✅ Approved by {moderator}")
DECLINED: Final = marked("❌ Declined by {moderator}")
DECLINED_WITH_REASON: Final = marked("❌ Declined by {moderator}: {reason}")
A_MODERATOR: Final = marked("a moderator")
EXPIRED: Final = marked("⌛ Nobody decided in time, so it was declined")
WITHDRAWN: Final = marked("🚫 Cancelled before anybody decided")
DECIDED_BEFORE: Final = marked("It was decided before you:\n{decision}")
ROOM_CLOSED: Final = marked(
    "⚠️ A video of {requester} has to be approved by a moderator, and I cannot post in the review "
    "channel {channel}. So it was declined; nothing was charged. Please let me see that channel "
    "and write in it, or choose another one in `/kling-admin`."
)
NO_ROOM: Final = marked("which is not chosen any more")

REPORT_TITLE: Final = marked("Report this video")
REPORT_REASON_LABEL: Final = marked("What is wrong with it (optional)")
REPORT_HEADING: Final = marked("🚩 A video was reported")
REPORTED_BY: Final = marked("Reported by {reporter}")
PROMPT_ERASED: Final = marked("Its prompt was erased here; its message may still show it.")
REPORTED: Final = marked("Thank you. The moderators of this server have your report.")
REPORT_REFUSALS: dict[ReportRefusal, str] = {
    ReportRefusal.NOT_MINE: marked(
        "That message is no video of mine. Please choose the message with the video itself."
    ),
    ReportRefusal.NO_LOG_CHANNEL: marked(
        "This server has no channel for reports, so I cannot pass it on. Please tell a moderator "
        "or a manager of this server yourself."
    ),
    ReportRefusal.NOT_IN_A_SERVER: marked(
        "There are no moderators here that I could tell. What you see here is yours to delete."
    ),
    ReportRefusal.NOT_ALLOWED: marked("You cannot report videos in this server."),
    ReportRefusal.ALREADY: marked("You reported this video already. Thank you."),
    ReportRefusal.TOO_SOON: marked("That was quick. Please report the next one in a minute."),
    ReportRefusal.CLOSED: marked(
        "I cannot write in this server's channel for reports. Please tell a moderator or a "
        "manager of this server yourself."
    ),
    ReportRefusal.NOT_NOW: marked(
        "I could not pass that on just now. Please try again in a minute."
    ),
}


def decision_line(language: Language, job: Job) -> str:
    """The outcome of a job's review."""
    moderator = f"<@{job.reviewed_by}>" if job.reviewed_by else language.say(A_MODERATOR)
    if job.failure is FailureReason.REVIEW_DECLINED:
        if job.declined_because is None:
            return language.say(DECLINED, moderator=moderator)
        reason = as_text(job.declined_because, REASON_MAX_CHARS)
        return language.say(DECLINED_WITH_REASON, moderator=moderator, reason=reason)
    if job.reviewed_by is not None:
        return language.say(APPROVED, moderator=moderator)
    return language.say(WITHDRAWN if job.state is State.CANCELLED else EXPIRED)


def without_answer_line(language: Language, job: Job) -> str:
    """Until when a moderator has to decide."""
    when = discord.utils.format_dt(job.state_since + REVIEW_LIFE, "R")
    return language.say(WITHOUT_ANSWER, when=when)


def room_closed_line(language: Language, job: Job, channel_id: int | None) -> str:
    """Says that no moderator could be asked about a job, and what to do."""
    channel = language.say(NO_ROOM) if channel_id is None else f"<#{channel_id}>"
    return language.say(ROOM_CLOSED, requester=f"<@{job.requester_id}>", channel=channel)
