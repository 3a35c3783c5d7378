"""Everything the rendering service can answer, as closed unions that callers must match fully."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class FailureReason(StrEnum):
    """Why a job ended without a video, in this bot's terms, not the service's."""

    INPUT_REFUSED = "input_refused"
    KEY_REFUSED = "key_refused"
    KEY_REMOVED = "key_removed"
    NO_BALANCE = "no_balance"
    PICTURE_GONE = "picture_gone"
    """Its first or last frame is no longer kept, so it was never sent."""
    PICTURE_REFUSED = "picture_refused"
    """The service refused its first or last frame before it accepted anything."""
    MODEL_MISSING = "model_missing"
    SERVICE_BUSY = "service_busy"
    GENERATION_FAILED = "generation_failed"
    CONTENT_REFUSED = "content_refused"
    NOTHING_PRODUCED = "nothing_produced"
    REQUEST_LOST = "request_lost"
    WRITTEN_OFF = "written_off"
    NOT_CONFIRMED = "not_confirmed"
    """The desk never confirmed its row, so it could not be sent."""
    REVIEW_DECLINED = "review_declined"
    REVIEW_EXPIRED = "review_expired"
    REVIEW_IMPOSSIBLE = "review_impossible"
    """Its server requires a review, and the moderators cannot be asked."""


class MediaKind(StrEnum):
    """The kind of a result file; people ask for videos, but images are better than nothing."""

    VIDEO = "video"
    IMAGE = "image"


class Media(BaseModel):
    """One file of a result. Its URL contains the account's identifier: never show it publicly."""

    model_config = ConfigDict(frozen=True)

    kind: MediaKind
    url: str


# --- answers to the paid POST ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SubmitAccepted:
    """The service accepted the request and gave it an id: from now on it costs money."""

    request_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing left this machine (no connection): sending again is safe."""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """429 before acceptance: sending again is safe, after `retry_after_s` if it is given."""

    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class SubmitRefused:
    """A definite refusal, not charged. The reason is ours; the service's text is not kept."""

    reason: FailureReason


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The request may have been accepted and charged. It is never sent again automatically.

    `what_happened` is a short phrase of ours for the log, such as "read timeout".
    """

    what_happened: str


SubmitOutcome = SubmitAccepted | NotSent | RateLimited | SubmitRefused | OutcomeUnknown


# --- what a poll of an accepted request shows -------------------------------------------------


@dataclass(frozen=True, slots=True)
class StillQueued:
    """Waiting at the service; `position` is often missing."""

    position: int | None = None


@dataclass(frozen=True, slots=True)
class StillRendering:
    """Being rendered: it can no longer be cancelled and will be billed."""


@dataclass(frozen=True, slots=True)
class Succeeded:
    """Done, with at least one file; `cost_microusd` is None if the service gave no cost."""

    media: tuple[Media, ...]
    cost_microusd: int | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The service's verdict: no video will come."""

    reason: FailureReason
    cost_microusd: int | None = None


@dataclass(frozen=True, slots=True)
class CancelledThere:
    """The service says that the request was cancelled."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The service's own "not found": unknown, deleted or expired. It may be wrong: poll again."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """An answer without a verdict: an unknown word, or an unreadable body."""

    what_happened: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No usable answer: network trouble, 5xx, 429. Never ends a job; poll again later."""

    what_happened: str
    retry_after_s: float | None = None
    key_refused: bool = False
    """Whether the key is the reason; then this says nothing about the service."""
    rate_limited: bool = False
    """Whether there were too many requests with this key; the service publishes no limit."""


Sighting = (
    StillQueued | StillRendering | Succeeded | Failed | CancelledThere | Gone | Unclear | Unanswered
)


# --- answers to a request to cancel -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CancelConfirmed:
    """The service confirmed: it will not be rendered and not be billed."""


@dataclass(frozen=True, slots=True)
class CancelTooLate:
    """The service refused: it is rendering or done, and will be billed."""


@dataclass(frozen=True, slots=True)
class CancelDeclined:
    """The service refused, but did not say that it renders: it goes on, and may be billed."""


CancelOutcome = CancelConfirmed | CancelTooLate | CancelDeclined | Unanswered


# --- answers to fetching a result file ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fetched:
    """The whole file lies at the requested path."""

    size_bytes: int
    content_type: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Larger than the download limit; the partial file was removed."""


@dataclass(frozen=True, slots=True)
class NotFetched:
    """Not downloaded; the partial file was removed. `passing` says that a retry may help."""

    what_happened: str
    passing: bool
    is_missing: bool = False
    """The service has no such file: not yet, right after rendering, or no longer."""


FetchOutcome = Fetched | TooLarge | NotFetched
