"""What people ask of the desk, and everything that it can answer them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.generation.job import Job, JobId, Place
from bot.generation.price import estimate_microusd
from bot.generation.request import GenerationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A checked request with its asker, before anything was written or shown."""

    job_id: JobId
    interaction_id: int
    requester_id: int
    request: GenerationRequest
    private: bool
    locale: str
    asked_at: datetime

    @property
    def estimate_microusd(self) -> int:
        """What it is expected to cost."""
        return estimate_microusd(self.request)

    def placed(self, place: Place) -> Job:
        """The job that this wish becomes once its card is at `place`."""
        return Job(
            id=self.job_id,
            interaction_id=self.interaction_id,
            requester_id=self.requester_id,
            request=self.request,
            private=self.private,
            locale=self.locale,
            place=place,
            estimate_microusd=self.estimate_microusd,
            created_at=self.asked_at,
            state_since=self.asked_at,
        )


class DeclineReason(StrEnum):
    """Why a wish was not accepted. Nothing was sent and nothing is charged."""

    RESTARTING = "restarting"
    STORE_DOWN = "store_down"


@dataclass(frozen=True, slots=True)
class Declined:
    """Not accepted."""

    reason: DeclineReason


@dataclass(frozen=True, slots=True)
class Asked:
    """Accepted and written; the engine watches it from here."""

    job: Job


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """The same interaction came twice; the first one's job stands."""

    job: Job


AskOutcome = Asked | AskedBefore | Declined


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who pressed a button, and what they may do in that place."""

    user_id: int
    may_moderate: bool


@dataclass(frozen=True, slots=True)
class CancelledForCertain:
    """It was never sent, or the service confirmed: it costs nothing."""

    job: Job


class CancelRefusal(StrEnum):
    """Why a press of Cancel did not cancel: each is told in its own words."""

    UNKNOWN_JOB = "unknown_job"
    NOT_YOURS = "not_yours"
    BEING_SENT = "being_sent"
    TOO_LATE = "too_late"
    ALREADY_CANCELLED = "already_cancelled"
    ALREADY_OVER = "already_over"
    UNSURE = "unsure"
    SERVICE_SILENT = "service_silent"
    STORE_DOWN = "store_down"


@dataclass(frozen=True, slots=True)
class NotCancelled:
    """It goes on as it was, for this reason."""

    refusal: CancelRefusal


CancelAnswer = CancelledForCertain | NotCancelled


@dataclass(frozen=True, slots=True)
class Bringing:
    """It is on its way to the new place."""

    job: Job


class BringRefusal(StrEnum):
    """Why a kept video is not brought."""

    NOT_YOURS = "not_yours"
    NOTHING_KEPT = "nothing_kept"
    STORE_DOWN = "store_down"


@dataclass(frozen=True, slots=True)
class NotBrought:
    """It stays as it was."""

    refusal: BringRefusal


BringAnswer = Bringing | NotBrought


class ResolveOutcome(StrEnum):
    """What came of a person's decision about an unsure job."""

    RESOLVED = "resolved"
    UNKNOWN_JOB = "unknown_job"
    NOT_UNSURE = "not_unsure"
