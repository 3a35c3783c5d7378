"""Every word that a person reads, in one place: short, friendly and true."""

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from bot.domain.servers import REASON_MAX_CHARS
from bot.features.ordering import BringRefusal, CancelRefusal
from bot.languages.language import Language, marked
from bot.ui.plain_text import as_text, excerpt
from bot.ui.words.ends import CANCEL_REFUSED, charged_line, news_line, notified_prompt

PROMPT_SHOWN_CHARS = 300
ALT_MAX_CHARS = 1_000

HEADINGS: dict[State, str] = {
    State.ASKED: marked("🕓 In line"),
    State.IN_REVIEW: marked("🛂 Waiting for a moderator"),
    State.WAITING: marked("🕓 In line"),
    State.SUBMITTING: marked("📤 Sending to RunComfy"),
    State.QUEUED: marked("🕓 In the queue"),
    State.RENDERING: marked("🎬 Rendering"),
    State.RENDERED: marked("📥 Rendered, fetching your video"),
    State.DELIVERED: marked("✅ Your video is ready"),
    State.FAILED: marked("❌ Couldn't make this video"),
    State.CANCELLED: marked("🚫 Cancelled"),
    State.UNSURE: marked("⚠️ Lost contact with RunComfy"),
}

PICTURE_HEADINGS: dict[State, str] = {
    State.RENDERED: marked("📥 Rendered, fetching your picture"),
    State.DELIVERED: marked("✅ Your picture is ready"),
}
ONLY_A_PICTURE = marked("RunComfy made a picture instead of a video.")
ONLY_A_LINK = marked(
    "There's a link where a file is too large for Discord, doesn't play there, or "
    "couldn't be fetched. If I can fetch it later, the file replaces the link."
)

FAILURES: dict[FailureReason, str] = {
    FailureReason.INPUT_REFUSED: marked(
        "RunComfy didn't accept these settings. Nothing was charged. Change the prompt or "
        "an option and try again."
    ),
    FailureReason.KEY_REFUSED: marked(
        "RunComfy didn't accept the bot's key. Nothing was charged. Please let the bot's "
        "owner know."
    ),
    FailureReason.PICTURE_GONE: marked(
        "I no longer have the picture for this video, so I never sent it. Nothing was "
        "charged. Please attach it again."
    ),
    FailureReason.PICTURE_REFUSED: marked(
        "RunComfy didn't accept the picture. Nothing was charged. Please try another one."
    ),
    FailureReason.KEY_REMOVED: marked(
        "This server's RunComfy key was removed before I could send this. Nothing was "
        "charged. Please try again."
    ),
    FailureReason.NO_BALANCE: marked(
        "The bot's RunComfy balance is used up. Nothing was charged. Please let the bot's "
        "owner know."
    ),
    FailureReason.MODEL_MISSING: marked(
        "RunComfy doesn't offer this model now. Nothing was charged. Please let the bot's "
        "owner know."
    ),
    FailureReason.SERVICE_BUSY: marked(
        "RunComfy took no requests for 15 minutes. Nothing was charged. Please try again later."
    ),
    FailureReason.GENERATION_FAILED: marked(
        "RunComfy couldn't render this one. Try again or tweak the prompt."
    ),
    FailureReason.CONTENT_REFUSED: marked(
        "RunComfy's content filter refused this prompt. It doesn't say why, and it can't "
        "be switched off here. Please reword it: names, brands, nudity and violence are the "
        "usual reasons."
    ),
    FailureReason.NOTHING_PRODUCED: marked(
        "RunComfy says it finished, but there's no video. Please try again."
    ),
    FailureReason.REQUEST_LOST: marked(
        "RunComfy no longer knows this request. It may have been charged: please let the "
        "bot's owner know before you try again."
    ),
    FailureReason.WRITTEN_OFF: marked(
        "What happened to this stayed unclear, so the bot's owner closed it. Please try again."
    ),
    FailureReason.NOT_CONFIRMED: marked(
        "I was interrupted before this was saved, so I never sent it. Nothing was "
        "charged. Please try again."
    ),
    FailureReason.REVIEW_DECLINED: marked(
        "A moderator didn't approve this. Nothing was charged. Please try something else."
    ),
    FailureReason.REVIEW_EXPIRED: marked(
        "No moderator decided within a day. Nothing was charged. Please try again."
    ),
    FailureReason.REVIEW_IMPOSSIBLE: marked(
        "A moderator has to approve this, and I can't post in their channel. Nothing was "
        "charged. Please let this server's managers know."
    ),
}

SERVER_KEY_FAILURES: dict[FailureReason, str] = {
    FailureReason.KEY_REFUSED: marked(
        "RunComfy didn't accept this server's key. Nothing was charged. Its managers can "
        "add a new one with `/kling-admin key`."
    ),
    FailureReason.NO_BALANCE: marked(
        "This server's RunComfy balance is used up. Nothing was charged. Please let its "
        "managers know."
    ),
}
"""The same where the server's own key pays: its managers can solve it."""

DECLINED_BECAUSE = marked(
    "A moderator didn't approve this: {reason}\nNothing was charged. Please try something else."
)
AWAITS_REVIEW = marked(
    "A moderator has to approve this first. Until then it costs nothing, and you can cancel it."
)

ASK_UNCLEAR = marked(
    "My database stopped answering in the middle of this. Please don't try again yet: in "
    "a few minutes the card says whether this is made, or ends at no cost."
)
NOTHING_CHARGED = marked("Nothing was charged.")

UNSURE_UNSENT = marked(
    "The connection broke while I sent this, so I don't know whether RunComfy took it. It "
    "may have been charged, so I did **not** send it again. The bot's owner can look it "
    "up in RunComfy's list."
)
UNSURE_LOST = marked(
    "RunComfy took this, and now says it doesn't know it. It may have been charged, so I "
    "did **not** send it again. The bot's owner can ask RunComfy about it."
)
UNSURE_RESTORED = marked(
    "The bot was restored from a backup. This may have been made and charged since, so I "
    "did **not** send it again. The bot's owner can look it up in RunComfy's list."
)
UNSURE_UNSEEN = marked(
    "RunComfy hasn't said anything about this video for a whole day. The bot's owner can "
    "look it up in RunComfy's list."
)
SERVICE_SILENT = marked("RunComfy isn't answering right now. I'll keep trying.")
TAKES_LONG = marked("This is taking longer than usual. I'm still watching.")
BILLED_FROM_HERE = marked("Rendering has started, so it can't be cancelled.")

NOT_CERTAIN = marked(
    "My database isn't answering, so I don't know whether that worked. The card will show "
    "it in a moment."
)
BRING_REFUSALS: dict[BringRefusal, str] = {
    BringRefusal.NOT_YOURS: marked("Only this video's requester can have it sent here."),
    BringRefusal.NOTHING_KEPT: marked(
        "This video was already delivered, or I don't know it any more."
    ),
    BringRefusal.STORE_DOWN: NOT_CERTAIN,
}
KEPT = marked("I have a finished video for you that I couldn't post in its channel. Send it here?")
NEVER_SENT = marked(
    "🚫 I was restarted at that very moment and never sent this. Nothing was charged. "
    "Please try again."
)
BRINGING = marked("It is on its way.")

CANCELLED = marked("Cancelled. It costs nothing.")
CANCEL_REFUSALS: dict[CancelRefusal, str] = {
    CancelRefusal.UNKNOWN_JOB: marked(
        "I was restarted at that very moment and never sent this. Nothing was charged. "
        "Please try again."
    ),
    CancelRefusal.NOT_YOURS: marked("Only this video's requester or a moderator can cancel it."),
    CancelRefusal.BEING_SENT: marked("I'm sending it right now. Try again in a few seconds."),
    CancelRefusal.TOO_LATE: marked("Too late: it's already rendering and will be charged."),
    CancelRefusal.SERVICE_REFUSED: CANCEL_REFUSED,
    CancelRefusal.ALREADY_CANCELLED: marked("It's already cancelled."),
    CancelRefusal.ALREADY_OVER: marked("It's finished. There's nothing left to cancel."),
    CancelRefusal.UNSURE: marked("I don't know whether RunComfy took it, so I can't cancel it."),
    CancelRefusal.SERVICE_SILENT: marked(
        "RunComfy didn't confirm the cancel, so it's still running. Try again in a moment."
    ),
    CancelRefusal.STORE_DOWN: NOT_CERTAIN,
}

LINK_LABEL = marked("Open video")
IMAGE_LINK_LABEL = marked("Open image")
ORIGINAL_LABEL = marked("Open in full quality")
SENT_DIRECTLY = marked(
    "Discord didn't take it here, so I sent it to its requester in a direct message."
)


def heading(language: Language, job: Job) -> str:
    """A job's state in words."""
    return state_heading(language, job.state, is_picture=job.is_picture)


def state_heading(language: Language, state: State, *, is_picture: bool) -> str:
    """A present or past state of a job, in words."""
    headings = HEADINGS | PICTURE_HEADINGS if is_picture else HEADINGS
    return language.say(headings[state])


def missing_permissions(language: Language, names: Sequence[str]) -> str:
    """What a manager has to change before a video can be delivered there."""
    return language.say(
        "I need {names} in this channel before I can post a video. Ask a moderator, or "
        "use another channel. Nothing was charged.",
        names=", ".join(language.say(name) for name in names),
    )


def quoted_prompt(prompt: str, *, shown_chars: int = PROMPT_SHOWN_CHARS) -> str:
    """The prompt for a card: one paragraph, shortened, as plain text."""
    return f"> {as_text(prompt, shown_chars)}"


def price_line(language: Language, estimate_microusd: int, cost_microusd: int | None) -> str:
    """The cost; until the service has named it, the estimate."""
    if cost_microusd is not None:
        return language.say("cost {price}", price=language.dollars(cost_microusd))
    return language.say("about {price}", price=language.dollars(estimate_microusd))


def asked_line(requester_id: int, asked_at: datetime) -> str:
    """The requester, if still known, and the time; each reader's own client counts it up."""
    asker = f"<@{requester_id}> · " if requester_id else ""
    return f"{asker}{discord.utils.format_dt(asked_at, 'R')}"


def position_line(language: Language, position: int) -> str:
    """The place in the service's queue."""
    return language.say(
        "Position in RunComfy's queue: {position}", position=language.number(position)
    )


def failure_line(language: Language, job: Job, *, prices_hidden: bool = False) -> str:
    """Why there is no video, in one sentence, with what to do next."""
    if job.declined_because is not None:
        reason = as_text(job.declined_because, REASON_MAX_CHARS)
        return language.say(DECLINED_BECAUSE, reason=reason)
    failure = job.failure or FailureReason.GENERATION_FAILED
    if job.key_id is not None and failure in SERVER_KEY_FAILURES:
        return language.say(SERVER_KEY_FAILURES[failure])
    why = language.say(FAILURES[failure])
    if failure is FailureReason.CONTENT_REFUSED and job.request_id is None:
        return f"{why} {language.say(NOTHING_CHARGED)}"
    charged = charged_line(language, job, prices_hidden=prices_hidden)
    return why if charged is None else f"{why} {charged}"


def unsure_line(language: Language, job: Job) -> str:
    """Says what is not known, and that nothing was done twice."""
    if job.request_id is not None:
        is_lost = job.failure is FailureReason.REQUEST_LOST
        return language.say(UNSURE_LOST if is_lost else UNSURE_UNSEEN)
    return language.say(UNSURE_RESTORED if job.sent_at is None else UNSURE_UNSENT)


def ping(language: Language, job: Job) -> str:
    """The short message that notifies, since an edit does not."""
    mention = f"<@{job.requester_id}>"
    if job.ends_in_bad_news:
        return f"{mention} {news_line(language, job)}"
    said = (
        language.say("{mention} your picture is ready.", mention=mention)
        if job.is_picture
        else language.say("{mention} your video is ready.", mention=mention)
    )
    return f"{said}\n{notified_prompt(job)}"


def direct_ping(language: Language, job: Job, link: str) -> str:
    """The direct message for requesters who chose that."""
    if job.ends_in_bad_news:
        return f"{news_line(language, job)}\n{link}"
    said = (
        language.say("Your picture is ready: {link}", link=link)
        if job.is_picture
        else language.say("Your video is ready: {link}", link=link)
    )
    return f"{said}\n{notified_prompt(job)}"


def video_alt(language: Language, prompt: str, *, is_picture: bool = False) -> str:
    """The video's description for screen readers; Discord allows 1,024 characters."""
    short = excerpt(prompt, ALT_MAX_CHARS)
    if is_picture:
        return language.say("Picture: {prompt}", prompt=short)[:ALT_MAX_CHARS]
    return language.say("Video: {prompt}", prompt=short)[:ALT_MAX_CHARS]
