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
from bot.ui.words_ends import CANCEL_REFUSED, charged_line, news_line, notified_prompt

PROMPT_SHOWN_CHARS = 300
ALT_MAX_CHARS = 1_000

HEADINGS: dict[State, str] = {
    State.ASKED: marked("🕓 Waiting to be sent"),
    State.IN_REVIEW: marked("🛂 Waiting for a moderator"),
    State.WAITING: marked("🕓 Waiting to be sent"),
    State.SUBMITTING: marked("📤 Sending to RunComfy"),
    State.QUEUED: marked("🕓 In the queue"),
    State.RENDERING: marked("🎬 Rendering"),
    State.RENDERED: marked("📥 Rendered, fetching your video"),
    State.DELIVERED: marked("✅ Your video is ready"),
    State.FAILED: marked("❌ No video this time"),
    State.CANCELLED: marked("🚫 Cancelled"),
    State.UNSURE: marked("⚠️ Not sure what happened"),
}

PICTURE_HEADINGS: dict[State, str] = {
    State.RENDERED: marked("📥 Rendered, fetching your picture"),
    State.DELIVERED: marked("✅ Your picture is ready"),
}
ONLY_A_PICTURE = marked("RunComfy made a picture of this, and no video.")
ONLY_A_LINK = marked(
    "A link stands for a file that is too large for Discord, does not play there, or could not be "
    "fetched. A file that can be fetched later replaces its link."
)

FAILURES: dict[FailureReason, str] = {
    FailureReason.INPUT_REFUSED: marked(
        "The service did not accept these settings. Nothing was charged. "
        "Change the prompt or an option and try again."
    ),
    FailureReason.KEY_REFUSED: marked(
        "The bot's RunComfy key was not accepted. Nothing was charged. Please tell the operator of "
        "this bot."
    ),
    FailureReason.PICTURE_GONE: marked(
        "The picture for this video is no longer kept, so it was never sent. Nothing was charged; "
        "please attach it again."
    ),
    FailureReason.PICTURE_REFUSED: marked(
        "RunComfy did not accept the picture. Nothing was charged. Please try another picture."
    ),
    FailureReason.KEY_REMOVED: marked(
        "This server's RunComfy key was removed before this was sent. Nothing was charged; "
        "please ask again."
    ),
    FailureReason.NO_BALANCE: marked(
        "The bot's RunComfy balance is used up. Nothing was charged. Please tell the operator of "
        "this bot."
    ),
    FailureReason.MODEL_MISSING: marked(
        "The service does not offer this model now. Nothing was charged. Please tell the operator "
        "of this bot."
    ),
    FailureReason.SERVICE_BUSY: marked(
        "The service took no requests for a quarter of an hour. Nothing was charged. "
        "Please try again later."
    ),
    FailureReason.GENERATION_FAILED: marked(
        "The service could not make this video. Try again, or change the prompt a little."
    ),
    FailureReason.CONTENT_REFUSED: marked(
        "RunComfy's own content filter refused this. It is not a list of this server, it cannot be "
        "switched off here, and it does not say what it minds. Please word the prompt differently: "
        "look at names and brands, and at anything about nudity or violence."
    ),
    FailureReason.NOTHING_PRODUCED: marked(
        "The service said that it finished, but it made no video. Please try again."
    ),
    FailureReason.REQUEST_LOST: marked(
        "The service no longer knows this request. Please try again, and tell the operator of this "
        "bot: it may have been charged."
    ),
    FailureReason.WRITTEN_OFF: marked(
        "It stayed unclear what became of this request, and it was closed. Please try again."
    ),
    FailureReason.NOT_CONFIRMED: marked(
        "I was interrupted before this was safely written down, so it was never sent. "
        "Nothing was charged; please ask again."
    ),
    FailureReason.REVIEW_DECLINED: marked(
        "A moderator did not approve this. Nothing was charged. Please ask for something else."
    ),
    FailureReason.REVIEW_EXPIRED: marked(
        "No moderator decided about this within a day. Nothing was charged; please try again."
    ),
    FailureReason.REVIEW_IMPOSSIBLE: marked(
        "A moderator has to approve this, and I cannot reach their channel. Nothing was charged. "
        "Please tell the managers of this server."
    ),
}

SERVER_KEY_FAILURES: dict[FailureReason, str] = {
    FailureReason.KEY_REFUSED: marked(
        "This server's RunComfy key was not accepted. Nothing was charged. "
        "Its managers can give a new one with `/kling-admin key`."
    ),
    FailureReason.NO_BALANCE: marked(
        "The balance of this server's RunComfy key is used up. Nothing was charged. "
        "Please tell the managers of this server."
    ),
}
"""The same where the server's own key pays: its managers can solve it."""

DECLINED_BECAUSE = marked(
    "A moderator did not approve this: {reason}\nNothing was charged. Please ask for something "
    "else."
)
AWAITS_REVIEW = marked(
    "A moderator of this server has to approve it first. Nothing is charged until then, and you "
    "can still cancel it."
)

ASK_UNCLEAR = marked(
    "The database stopped answering in the middle of this. Please do not ask again yet: within "
    "some minutes the card says whether this is made, or ends uncharged."
)
NOTHING_CHARGED = marked("Nothing was charged.")

UNSURE_UNSENT = marked(
    "RunComfy itself gave no answer when this was sent: the connection broke, the bot was stopped, "
    "or something in between answered. It may have been accepted and charged, so it was **not** "
    "sent again. The operator of this bot can find it in RunComfy's list of generations."
)
UNSURE_LOST = marked(
    "RunComfy accepted this and says now that it does not know it any more. It may have been "
    "charged, so it was **not** sent again. The operator of this bot can ask RunComfy about it."
)
UNSURE_RESTORED = marked(
    "The bot had to go back to an earlier copy of its memory. This may have been made and charged "
    "since then, so it was **not** sent again. The operator of this bot can find it in RunComfy's "
    "list of generations."
)
UNSURE_UNSEEN = marked(
    "The service gave no answer about this video for a whole day. The operator of this bot can "
    "find it in RunComfy's list of generations."
)
SERVICE_SILENT = marked("The service does not answer at the moment. I keep trying.")
TAKES_LONG = marked("This takes longer than usual. I keep watching.")
BILLED_FROM_HERE = marked("It can no longer be cancelled.")

NOT_CERTAIN = marked(
    "The database does not answer, so I cannot say whether that was done. Please look again in a "
    "moment: the card says how it stands."
)
BRING_REFUSALS: dict[BringRefusal, str] = {
    BringRefusal.NOT_YOURS: marked(
        "Only the person who asked for this video can have it sent here."
    ),
    BringRefusal.NOTHING_KEPT: marked(
        "This video was delivered already, or I do not know it any more."
    ),
    BringRefusal.STORE_DOWN: NOT_CERTAIN,
}
KEPT = marked(
    "I have a finished video for you that I could not deliver where you asked for it. "
    "Shall I send it here?"
)
NEVER_SENT = marked(
    "🚫 This was never sent: the bot was restarted at that very moment. Nothing was charged; "
    "please ask again."
)
BRINGING = marked("It is on its way.")

CANCELLED = marked("Cancelled. It costs nothing.")
CANCEL_REFUSALS: dict[CancelRefusal, str] = {
    CancelRefusal.UNKNOWN_JOB: marked(
        "I never sent this: I was restarted at that very moment. Nothing was charged; please ask "
        "again."
    ),
    CancelRefusal.NOT_YOURS: marked(
        "Only the person who asked for this video, or a moderator, can cancel it."
    ),
    CancelRefusal.BEING_SENT: marked(
        "It is being sent this very moment. Try again in a few seconds."
    ),
    CancelRefusal.TOO_LATE: marked("Too late: it is already rendering and will be billed."),
    CancelRefusal.SERVICE_REFUSED: CANCEL_REFUSED,
    CancelRefusal.ALREADY_CANCELLED: marked("It was cancelled already."),
    CancelRefusal.ALREADY_OVER: marked("It is over already; there is nothing left to cancel."),
    CancelRefusal.UNSURE: marked("It is unclear whether it was accepted, so I cannot cancel it."),
    CancelRefusal.SERVICE_SILENT: marked(
        "I asked, but the service did not confirm. It is still running; try again in a moment."
    ),
    CancelRefusal.STORE_DOWN: NOT_CERTAIN,
}

LINK_LABEL = marked("Open video")
IMAGE_LINK_LABEL = marked("Open image")
ORIGINAL_LABEL = marked("Open in full quality")
SENT_DIRECTLY = marked(
    "Discord did not take it here, so I sent it in a direct message to the person who asked."
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
        "I could not deliver a video here: I lack the permission {names} in this channel. Nothing "
        "was charged. Please ask a moderator, or use another channel.",
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
