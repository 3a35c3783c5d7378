"""Every word that a person reads, in one place: short, friendly and true."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import discord
from pydantic import ValidationError

from bot.generation.answers import BringRefusal, CancelRefusal, DeclineReason
from bot.generation.job import Job, State
from bot.generation.outcomes import FailureReason
from bot.generation.request import GenerationRequest

PROMPT_SHOWN_CHARS = 300

# Letters joined and coloured by these are one picture to a reader; other format characters hide
# text or turn its direction, and are not shown.
_KEPT_FORMAT_CHARS = {"\u200d", "\ufe0f"}

HEADINGS: dict[State, str] = {
    State.WAITING: "🕓 Waiting to be sent",
    State.SUBMITTING: "📤 Sending to RunComfy",
    State.QUEUED: "🕓 In the queue",
    State.RENDERING: "🎬 Rendering",
    State.RENDERED: "📥 Rendered, fetching your video",
    State.DELIVERED: "✅ Your video is ready",
    State.FAILED: "❌ No video this time",
    State.CANCELLED: "🚫 Cancelled",
    State.UNSURE: "⚠️ Not sure what happened",
}

FAILURES: dict[FailureReason, str] = {
    FailureReason.INPUT_REFUSED: (
        "The service did not accept these settings. Nothing was charged. "
        "Change the prompt or an option and try again."
    ),
    FailureReason.KEY_REFUSED: (
        "The bot's RunComfy key was not accepted. Nothing was charged. "
        "Please tell whoever runs this bot."
    ),
    FailureReason.NO_BALANCE: (
        "The bot's RunComfy balance is used up. Nothing was charged. "
        "Please tell whoever runs this bot."
    ),
    FailureReason.MODEL_MISSING: (
        "The service does not offer this model now. Nothing was charged. "
        "Please tell whoever runs this bot."
    ),
    FailureReason.SERVICE_BUSY: (
        "The service took no requests for a quarter of an hour. Nothing was charged. "
        "Please try again later."
    ),
    FailureReason.GENERATION_FAILED: (
        "The service could not make this video. Try again, or change the prompt a little."
    ),
    FailureReason.CONTENT_REFUSED: (
        "The service's content filter did not allow this. Please word the prompt differently."
    ),
    FailureReason.NOTHING_PRODUCED: (
        "The service said that it finished, but it made no video. Please try again."
    ),
    FailureReason.REQUEST_LOST: (
        "The service no longer knows this request. Please try again, and tell whoever runs this "
        "bot: it may have been charged."
    ),
    FailureReason.WRITTEN_OFF: (
        "It stayed unclear what became of this request, and it was closed. Please try again."
    ),
}

UNSURE_UNSENT = (
    "The connection broke while this was being sent. It may have been accepted and charged, so "
    "it was **not** sent again. Whoever runs this bot can find it in RunComfy's list of "
    "generations."
)
UNSURE_UNSEEN = (
    "The service gave no answer about this video for a whole day. Whoever runs this bot can find "
    "it in RunComfy's list of generations."
)
SERVICE_SILENT = "The service does not answer at the moment. I keep trying."
TAKES_LONG = "This takes unusually long. I keep watching."
BILLED_FROM_HERE = "It can no longer be cancelled."

DECLINES: dict[DeclineReason, str] = {
    DeclineReason.RESTARTING: (
        "I am just restarting. Please try again in a minute; nothing was charged."
    ),
    DeclineReason.STORE_DOWN: (
        "I could not write this down, so I did not send it. Nothing was charged; please try again "
        "in a minute."
    ),
}

BRING_REFUSALS: dict[BringRefusal, str] = {
    BringRefusal.NOT_YOURS: "Only the person who asked for this video can have it sent here.",
    BringRefusal.NOTHING_KEPT: "This video was delivered already, or I do not know it any more.",
    BringRefusal.STORE_DOWN: "I could not do that just now. Please try again in a moment.",
}
KEPT = (
    "I have a finished video for you that I could not deliver where you asked for it. "
    "Shall I send it here?"
)
BRING_LABEL = "Send it here"
BRINGING = "It is on its way."

CANCELLED = "Cancelled. It costs nothing."
CANCEL_REFUSALS: dict[CancelRefusal, str] = {
    CancelRefusal.UNKNOWN_JOB: "I do not know this video any more.",
    CancelRefusal.NOT_YOURS: (
        "Only the person who asked for this video, or a moderator, can cancel it."
    ),
    CancelRefusal.BEING_SENT: "It is being sent this very moment. Try again in a few seconds.",
    CancelRefusal.TOO_LATE: "Too late: it is already rendering and will be billed.",
    CancelRefusal.ALREADY_CANCELLED: "It was cancelled already.",
    CancelRefusal.ALREADY_OVER: "It is over already; there is nothing left to cancel.",
    CancelRefusal.UNSURE: "It is unclear whether it was accepted, so I cannot cancel it.",
    CancelRefusal.SERVICE_SILENT: (
        "I asked, but the service did not confirm. It is still running; try again in a moment."
    ),
    CancelRefusal.STORE_DOWN: "I could not do that just now. Please try again in a moment.",
}

CANCEL_LABEL = "Cancel"
LINK_LABEL = "Open video"
IMAGE_LINK_LABEL = "Open image"
ORIGINAL_LABEL = "Open in full quality"


def missing_permissions(names: Sequence[str]) -> str:
    """What somebody who runs the server has to change before a video can be delivered there."""
    return (
        f"I could not deliver a video here: I lack the permission {', '.join(names)} in this "
        "channel. Nothing was charged. Please ask a moderator, or use another channel."
    )


def went_wrong(reference: str) -> str:
    """The one sentence for whatever nobody foresaw; the log carries the same reference."""
    return f"Something went wrong on my side. Please try again later. (Reference: {reference})"


def bad_request(refusal: ValidationError) -> str:
    """A request that Discord let through and the model would refuse: what to change."""
    problems = {
        str(error["loc"][0]).removesuffix("_s").replace("_", " ") for error in refusal.errors()
    }
    if problems == {"prompt"}:
        return "Please write a prompt of 1 to 2,500 characters. Nothing was charged."
    return f"Please change the {' and the '.join(sorted(problems))}. Nothing was charged."


def quoted_prompt(prompt: str) -> str:
    """The prompt as it may stand on a card: one paragraph, shortened, and nothing but text."""
    plain = "".join(
        character
        for character in prompt
        if character.isspace()
        or character in _KEPT_FORMAT_CHARS
        or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs"}
    )
    short = " ".join(plain.split())
    if len(short) > PROMPT_SHOWN_CHARS:
        short = short[: PROMPT_SHOWN_CHARS - 1].rstrip() + "…"
    # `<` begins mentions, emoji, timestamps and command links, which the library leaves alone.
    escaped = discord.utils.escape_markdown(short, as_needed=False, ignore_links=False)
    return f"> {escaped.replace('<', chr(92) + '<')}"


def settings_line(request: GenerationRequest, *, private: bool) -> str:
    """All that was chosen, in one line."""
    parts = [
        f"{request.duration_s} s",
        request.aspect.value,
        "with sound" if request.sound else "silent",
        f"guidance {request.guidance:g}",
    ]
    if request.negative_prompt:
        parts.append("negative prompt")
    if private:
        parts.append("private")
    return " · ".join(parts)


def dollars(microusd: int) -> str:
    """Money for people: rounded to the cent, half up."""
    cents = (Decimal(microusd) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"${cents}"


def price_line(estimate_microusd: int, cost_microusd: int | None) -> str:
    """The estimate until the service has named the cost."""
    if cost_microusd is not None:
        return f"cost {dollars(cost_microusd)}"
    return f"about {dollars(estimate_microusd)}"


def asked_line(requester_id: int, asked_at: datetime) -> str:
    """Who asked and when; each reader's own client counts the time up."""
    return f"<@{requester_id}> · {discord.utils.format_dt(asked_at, 'R')}"


def position_line(position: int) -> str:
    """The place in the service's queue."""
    return f"Position in RunComfy's queue: {position}"


def failure_line(job: Job) -> str:
    """Why there is no video, in one sentence, with what to do next."""
    return FAILURES[job.failure or FailureReason.GENERATION_FAILED]


def unsure_line(job: Job) -> str:
    """What is not known, and that nothing was done twice."""
    return UNSURE_UNSENT if job.request_id is None else UNSURE_UNSEEN


def ping(requester_id: int) -> str:
    """The short message that notifies, since an edit does not."""
    return f"<@{requester_id}> your video is ready."


def video_alt(prompt: str) -> str:
    """What a screen reader says of the video; Discord allows 1,024 characters."""
    return f"Video: {' '.join(prompt.split())}"[:1_000]
