"""The life of a job as a table: which event is allowed in which state, and which state follows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self, get_args

from bot.domain.generation.request import GenerationRequest
from bot.domain.job import Canceller, HoldReason, Job, Place, State
from bot.domain.outcomes import FailureReason, Media


@dataclass(frozen=True, slots=True)
class AskConfirmed:
    """The desk that asked confirms that it knows of the row; the job joins the line."""


@dataclass(frozen=True, slots=True)
class ReviewNeeded:
    """The desk that asked confirms that it knows of the row; a moderator has to decide first."""


@dataclass(frozen=True, slots=True)
class NeverConfirmed:
    """The desk never confirmed that it knows of the row: it crashed, or told its requester no.

    The interaction id becomes free again, so that a second try with it can buy.
    """

    interaction_id: int
    failure: FailureReason = FailureReason.NOT_CONFIRMED

    @classmethod
    def about(cls, job: Job) -> Self:
        """The event for this job; its interaction id is replaced by one that Discord never uses."""
        return cls(-job.interaction_id)


@dataclass(frozen=True, slots=True)
class ReviewAsked:
    """The moderators were asked, in a message that must later say how the review ended."""

    review_channel_id: int
    review_message_id: int


@dataclass(frozen=True, slots=True)
class ReviewApproved:
    """A moderator approved it; it joins the line."""

    reviewed_by: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewDeclined:
    """A moderator declined it, or the time for a decision ran out; nothing was sent."""

    failure: FailureReason = FailureReason.REVIEW_DECLINED
    reviewed_by: int | None = None
    declined_because: str | None = None


@dataclass(frozen=True, slots=True)
class KeyChanged:
    """Its server has a new key, which will pay for it."""

    key_id: int


@dataclass(frozen=True, slots=True)
class SteppedAside:
    """Its account accepts nothing for now: other jobs overtake it until it tries again."""

    held_until: datetime
    held_since: datetime | None = None
    held_because: HoldReason | None = None


@dataclass(frozen=True, slots=True)
class SendingBegan:
    """Written and committed before the paid POST is sent."""


@dataclass(frozen=True, slots=True)
class SendingHeldBack:
    """The POST certainly bought nothing (not sent, or 429): it may be sent again later."""

    held_until: datetime | None = None
    held_since: datetime | None = None
    held_because: HoldReason | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service gave the job a request id: in time, or late for a job that was given up."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The service refused it, uncharged: in time, or late for a job that was already unsure."""

    failure: FailureReason


@dataclass(frozen=True, slots=True)
class OutcomeLost:
    """It is unknown whether the service accepted the POST."""


@dataclass(frozen=True, slots=True)
class QueueMoved:
    """The position in the service's queue changed."""

    queue_position: int | None


@dataclass(frozen=True, slots=True)
class RenderingBegan:
    """The service started to render: from now on it is billed."""


@dataclass(frozen=True, slots=True)
class RenderingSucceeded:
    """There is a result to deliver."""

    media: tuple[Media, ...]
    cost_microusd: int | None
    is_timed: bool = True
    """Whether it was found soon after the end, so that others learn how long a video takes."""


@dataclass(frozen=True, slots=True)
class RenderingFailed:
    """The service's verdict: there will be no video."""

    failure: FailureReason
    cost_microusd: int | None = None


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """The service was asked to cancel it and has not confirmed; it may still confirm."""

    cancelled_by: Canceller


@dataclass(frozen=True, slots=True)
class CancelRefused:
    """The service refused to cancel it although it is not rendering yet."""

    cancel_refused_at: datetime


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Certainly cancelled: it was never sent, or the service confirmed."""

    cancelled_by: Canceller | None = None


@dataclass(frozen=True, slots=True)
class LinkShown:
    """Discord confirmed that the card has a link, while a file cannot be fetched."""

    told: bool = True


@dataclass(frozen=True, slots=True)
class Delivered:
    """Discord confirmed that the requester can see the result."""


@dataclass(frozen=True, slots=True)
class WatchGivenUp:
    """No verdict after a day and an hour of polling, or the service no longer knows the request."""

    failure: FailureReason | None = None


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """A person decided that an unsure job is lost."""

    failure: FailureReason = FailureReason.WRITTEN_OFF


@dataclass(frozen=True, slots=True)
class BackupRestored:
    """The row comes from a backup: it is unknown whether the job was sent since then."""


@dataclass(frozen=True, slots=True)
class CardMoved:
    """The card was posted again, in another message or channel."""

    place: Place


@dataclass(frozen=True, slots=True)
class EndTold:
    """Discord confirmed that the card says how the job ended, or there is no one left to tell."""

    told: bool = True


@dataclass(frozen=True, slots=True)
class CardDeleted:
    """The card and the kept copy were deleted on request: there is no one left to tell."""

    deleted: bool = True
    told: bool = True


@dataclass(frozen=True, slots=True)
class Erased:
    """Its content was erased; the row remains for the accounts."""

    requester_id: int
    request: GenerationRequest
    place: Place
    reviewed_by: int | None
    media: tuple[Media, ...] = ()
    request_id: str | None = None
    declined_because: str | None = None
    review_channel_id: int | None = None
    review_message_id: int | None = None
    erased: bool = True
    told: bool = True


@dataclass(frozen=True, slots=True)
class PromptErased:
    """Its prompt was erased; everything needed to deliver its video or resolve it stays."""

    request: GenerationRequest
    erased: bool = True


Event = (
    AskConfirmed
    | ReviewNeeded
    | NeverConfirmed
    | ReviewAsked
    | ReviewApproved
    | ReviewDeclined
    | KeyChanged
    | SteppedAside
    | SendingBegan
    | SendingHeldBack
    | Accepted
    | Refused
    | OutcomeLost
    | QueueMoved
    | RenderingBegan
    | RenderingSucceeded
    | RenderingFailed
    | CancelAsked
    | CancelRefused
    | Cancelled
    | LinkShown
    | Delivered
    | WatchGivenUp
    | WrittenOff
    | BackupRestored
    | CardMoved
    | EndTold
    | CardDeleted
    | Erased
    | PromptErased
)

EVENTS: tuple[type[Event], ...] = get_args(Event)

S = State
TABLE: Mapping[tuple[State, type[Event]], State] = {
    (S.ASKED, AskConfirmed): S.WAITING,
    (S.ASKED, ReviewNeeded): S.IN_REVIEW,
    (S.ASKED, NeverConfirmed): S.FAILED,
    (S.ASKED, Cancelled): S.CANCELLED,
    (S.ASKED, BackupRestored): S.UNSURE,
    (S.IN_REVIEW, ReviewAsked): S.IN_REVIEW,
    (S.IN_REVIEW, ReviewApproved): S.WAITING,
    (S.IN_REVIEW, ReviewDeclined): S.FAILED,
    (S.IN_REVIEW, Cancelled): S.CANCELLED,
    (S.IN_REVIEW, BackupRestored): S.UNSURE,
    (S.WAITING, KeyChanged): S.WAITING,
    (S.WAITING, SteppedAside): S.WAITING,
    (S.WAITING, SendingBegan): S.SUBMITTING,
    (S.WAITING, Refused): S.FAILED,
    (S.WAITING, Cancelled): S.CANCELLED,
    (S.WAITING, BackupRestored): S.UNSURE,
    (S.SUBMITTING, SendingHeldBack): S.WAITING,
    (S.SUBMITTING, Accepted): S.QUEUED,
    (S.SUBMITTING, Refused): S.FAILED,
    (S.SUBMITTING, OutcomeLost): S.UNSURE,
    (S.QUEUED, QueueMoved): S.QUEUED,
    (S.QUEUED, RenderingBegan): S.RENDERING,
    (S.QUEUED, RenderingSucceeded): S.RENDERED,
    (S.QUEUED, RenderingFailed): S.FAILED,
    (S.QUEUED, CancelAsked): S.QUEUED,
    (S.QUEUED, CancelRefused): S.QUEUED,
    (S.QUEUED, Cancelled): S.CANCELLED,
    (S.QUEUED, WatchGivenUp): S.UNSURE,
    # A service may put a rendering job back into its queue: its latest answer counts.
    (S.RENDERING, QueueMoved): S.QUEUED,
    (S.RENDERING, RenderingSucceeded): S.RENDERED,
    (S.RENDERING, RenderingFailed): S.FAILED,
    (S.RENDERING, Cancelled): S.CANCELLED,
    (S.RENDERING, WatchGivenUp): S.UNSURE,
    (S.RENDERED, LinkShown): S.RENDERED,
    (S.RENDERED, Delivered): S.DELIVERED,
    # A frozen process that wakes, or a person who found the request id, rescues an unsure job.
    (S.UNSURE, Accepted): S.QUEUED,
    (S.UNSURE, Refused): S.FAILED,
    (S.UNSURE, WrittenOff): S.FAILED,
    # Only jobs that were written off: see `after`.
    (S.FAILED, Accepted): S.QUEUED,
    (S.FAILED, EndTold): S.FAILED,
    (S.CANCELLED, EndTold): S.CANCELLED,
    (S.UNSURE, EndTold): S.UNSURE,
    (S.DELIVERED, CardDeleted): S.DELIVERED,
    (S.FAILED, CardDeleted): S.FAILED,
    (S.CANCELLED, CardDeleted): S.CANCELLED,
    (S.DELIVERED, Erased): S.DELIVERED,
    (S.FAILED, Erased): S.FAILED,
    (S.CANCELLED, Erased): S.CANCELLED,
    (S.RENDERED, PromptErased): S.RENDERED,
    (S.UNSURE, PromptErased): S.UNSURE,
    **{(state, CardMoved): state for state in S},
}
"""The whole lifecycle. A pair that is not listed is not allowed."""


def after(job: Job, event: Event, at: datetime) -> Job | None:
    """The job after `event`, or None if the table does not allow it."""
    target = TABLE.get((job.state, type(event)))
    if target is None:
        return None
    if job.state is State.FAILED and isinstance(event, Accepted) and not _may_yet_come(job):
        return None
    # An event's fields have the same names as the job's, so they are copied unchanged.
    changes: dict[str, Any] = {field.name: getattr(event, field.name) for field in fields(event)}
    changes |= {"state": target, "version": job.version + 1}
    if target is not job.state:
        changes |= {"state_since": at, "told": False}
    if target is not State.QUEUED:
        changes["queue_position"] = None
    if target is not State.WAITING or isinstance(event, KeyChanged):
        changes["held_until"] = None
    if target is State.QUEUED:
        changes |= {"failure": None, "deleted": False}
    if target not in (State.WAITING, State.SUBMITTING) or isinstance(event, KeyChanged):
        changes |= {"held_since": None, "held_because": None}
    if isinstance(event, SendingBegan):
        changes["sent_at"] = at
    elif isinstance(event, SendingHeldBack):
        changes["sent_at"] = None
    moved = job.model_copy(update=changes)
    if target is job.state:
        return moved
    return moved.model_copy(update={"counted_microusd": _counted(job.state, moved)})


def _counted(before: State, moved: Job) -> int | None:
    """The amount that a job counts against the limits from now on; None while it only reserves.

    A job that failed while rendering may have been charged: it counts with the estimate unless the
    service told the cost.
    """
    cost_microusd = moved.cost_microusd
    by_estimate = moved.estimate_microusd if cost_microusd is None else cost_microusd
    match moved.state:
        case State.RENDERED:
            return by_estimate
        case State.DELIVERED:
            return moved.counted_microusd
        case State.FAILED:
            return by_estimate if before is State.RENDERING else cost_microusd or 0
        case State.CANCELLED:
            return 0
        case _:
            return None


def _may_yet_come(failed: Job) -> bool:
    """Whether its failure is only a person's assumption and its requester is still known."""
    return failed.failure is FailureReason.WRITTEN_OFF and not failed.erased
