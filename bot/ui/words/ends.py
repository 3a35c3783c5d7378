"""Ends of jobs without a video, and what holds back a job that waits to be sent."""

from collections.abc import Mapping, Sequence
from typing import Final

import discord

from bot.domain.job import Canceller, HoldReason, Job, State
from bot.domain.outcomes import FailureReason
from bot.features.admission import Order
from bot.languages.language import Language, marked
from bot.ui.plain_text import as_text

QUOTED_CHARS: Final = 100
"""How much of the prompt a notification quotes."""

HOLDS: Mapping[HoldReason, str] = {
    HoldReason.NO_BALANCE: marked("The bot's RunComfy balance is used up."),
    HoldReason.KEY_REFUSED: marked("RunComfy doesn't accept the bot's key."),
    HoldReason.RATE_LIMITED: marked("RunComfy isn't taking requests right now."),
    HoldReason.UNREACHABLE: marked("I can't reach RunComfy right now."),
}
SERVER_HOLDS: Mapping[HoldReason, str] = {
    HoldReason.NO_BALANCE: marked("This server's RunComfy balance is used up."),
}
"""The same where the server's own key pays."""
TRIED_UNTIL: Final = marked(
    "I'll keep trying until {time}. If that doesn't work, it ends and costs nothing."
)
WILL_BE_TRIED: Final = marked(
    "I'll keep trying for 15 minutes. If that doesn't work, it ends and costs nothing."
)

CANCELLED_BY: Mapping[Canceller, Sequence[str]] = {
    Canceller.REQUESTER: (),
    Canceller.MODERATOR: (marked("A moderator cancelled this. Nothing was charged."),),
    Canceller.SERVICE: (
        marked(
            "RunComfy cancelled this by itself. It doesn't count toward any limit. You "
            "can try again."
        ),
    ),
}
"""A requester who cancelled knows it already."""
CANCEL_REFUSED: Final = marked("RunComfy didn't cancel this. It goes on, and it may be charged.")

_NO_VIDEO: Final = marked("I couldn't make this video. The card says why.")
_DECLINED: Final = marked("A moderator didn't approve this. The card says more.")
_UNCLEAR: Final = marked("I lost contact with RunComfy over this one. The card says more.")
_CANCELLED: Mapping[Canceller, str] = {
    Canceller.MODERATOR: marked("A moderator cancelled this."),
    Canceller.SERVICE: marked("RunComfy cancelled this."),
}


def hold_line(language: Language, reason: HoldReason, *, own_key: bool) -> str:
    """What a held job waits for."""
    holds = {**HOLDS, **SERVER_HOLDS} if own_key else HOLDS
    return language.say(holds[reason])


def held_lines(language: Language, job: Job) -> list[str]:
    """Why a waiting job is not sent, how long the bot will try, and what happens then."""
    if job.state is not State.WAITING or job.held_because is None or job.tried_until is None:
        return []
    why = hold_line(language, job.held_because, own_key=job.key_id is not None)
    until = discord.utils.format_dt(job.tried_until, "t")
    return [f"{why} {language.say(TRIED_UNTIL, time=until)}"]


def will_be_tried(order: Order, language: Language) -> str | None:
    """Says that a new order may not get through, before it is taken."""
    if order.held is None:
        return None
    why = hold_line(language, order.held, own_key=order.key_id is not None)
    return f"{why} {language.say(WILL_BE_TRIED)}"


def charged_line(language: Language, job: Job, *, prices_hidden: bool = False) -> str | None:
    """The cost of a job that failed after the service accepted it, and whether limits count it."""
    if job.request_id is None or job.counted_microusd is None:
        return None
    if prices_hidden and job.cost_microusd:
        return language.say("RunComfy charged for it, which counts toward the limits.")
    if prices_hidden and job.counted_microusd:
        return language.say("RunComfy didn't say what it cost. It counts toward the limits.")
    if job.cost_microusd:
        cost = language.dollars(job.cost_microusd)
        return language.say(
            "RunComfy charged {price} for it, which counts toward the limits.", price=cost
        )
    if job.counted_microusd:
        return language.say(
            "RunComfy didn't say what it cost. About {price} counts toward the limits.",
            price=language.dollars(job.counted_microusd),
        )
    if job.cost_microusd is not None:
        return language.say("RunComfy charged nothing for it.")
    return language.say("It doesn't count toward any limit.")


def news_line(language: Language, job: Job) -> str:
    """The news of an end without a video, with the job's prompt."""
    match job.state:
        case State.CANCELLED:
            news = _CANCELLED[job.cancelled_by or Canceller.SERVICE]
        case State.UNSURE:
            news = _UNCLEAR
        case _:
            was_declined = job.failure is FailureReason.REVIEW_DECLINED
            news = _DECLINED if was_declined else _NO_VIDEO
    return f"{language.say(news)}\n{notified_prompt(job)}"


def notified_prompt(job: Job) -> str:
    """The prompt as a notification quotes it; behind a spoiler like its video."""
    quoted = as_text(job.request.prompt, QUOTED_CHARS)
    return f"> ||{quoted}||" if job.spoiler else f"> {quoted}"
