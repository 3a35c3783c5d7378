"""Everything the rendering service can say, as closed unions that callers must match whole."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class FailureReason(StrEnum):
    """Why a job ended without a video, in the words of this bot and not of the service."""

    INPUT_REFUSED = "input_refused"
    KEY_REFUSED = "key_refused"
    KEY_REMOVED = "key_removed"
    NO_BALANCE = "no_balance"
    MODEL_MISSING = "model_missing"
    SERVICE_BUSY = "service_busy"
    GENERATION_FAILED = "generation_failed"
    CONTENT_REFUSED = "content_refused"
    NOTHING_PRODUCED = "nothing_produced"
    REQUEST_LOST = "request_lost"
    WRITTEN_OFF = "written_off"
    NOT_CONFIRMED = "not_confirmed"
    """It was never confirmed that its row stands, so nothing could send it."""
    REVIEW_DECLINED = "review_declined"
    REVIEW_EXPIRED = "review_expired"
    REVIEW_IMPOSSIBLE = "review_impossible"
    """Its server wants a review, and its moderators cannot be asked."""


class MediaKind(StrEnum):
    """What a result file is; videos are what people asked for, images are better than nothing."""

    VIDEO = "video"
    IMAGE = "image"


class Media(BaseModel):
    """One file of a result. Its URL carries the account's identifier: not for public eyes."""

    model_config = ConfigDict(frozen=True)

    kind: MediaKind
    url: str


# --- answers to the paid POST ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SubmitAccepted:
    """The service took the request and gave it an id: from here on it costs money."""

    request_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing left this machine (no connection): sending again is safe."""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """429 before acceptance: sending again is safe, after `retry_after_s` if the service said."""

    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class SubmitRefused:
    """A definite refusal, not charged. The reason is ours; the upstream text is not kept."""

    reason: FailureReason


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The request may have been accepted and charged. It is never sent again by itself.

    `what_happened` is a short phrase of ours for the log, such as "read timeout".
    """

    what_happened: str


SubmitOutcome = SubmitAccepted | NotSent | RateLimited | SubmitRefused | OutcomeUnknown


# --- what a look at an accepted request shows -------------------------------------------------


@dataclass(frozen=True, slots=True)
class StillQueued:
    """Waiting at the service; `position` is missing as often as not."""

    position: int | None = None


@dataclass(frozen=True, slots=True)
class StillRendering:
    """Being rendered: it can no longer be cancelled and will be billed."""


@dataclass(frozen=True, slots=True)
class Succeeded:
    """Done, with at least one file; `cost_microusd` is None when the service did not say."""

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
    """The service's own "not found": unknown, deleted or expired. It may be a slip: look again."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """An answer without a verdict: a word that we do not know, or an unreadable body."""

    what_happened: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No usable answer: network trouble, 5xx, 429. Never ends a job; ask again later."""

    what_happened: str
    retry_after_s: float | None = None
    key_refused: bool = False
    """Whether it is for the key's sake that nothing is said, and says nothing of the service."""
    rate_limited: bool = False
    """Whether more was asked than the service answers: with this key, as no limit is published."""


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
    """The service refused, and nothing says that it renders: it goes on, and may be billed."""


CancelOutcome = CancelConfirmed | CancelTooLate | CancelDeclined | Unanswered


# --- answers to fetching a result file ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file lies at the path that was asked for, whole."""

    size_bytes: int
    content_type: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Over the download's size cap; the partial file was removed."""


@dataclass(frozen=True, slots=True)
class NotFetched:
    """Not downloaded; the partial file was removed. `passing` says that a retry may help."""

    what_happened: str
    passing: bool
    is_missing: bool = False
    """The service has no such file: not yet, right after the rendering, and later no more."""


FetchOutcome = Fetched | TooLarge | NotFetched
