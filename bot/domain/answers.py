"""What people ask of the desk, and everything that it can answer them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.job import HoldReason, Job, JobId, Place, State
from bot.domain.ledger import OverCap, TooSoon
from bot.domain.price import estimate_microusd
from bot.domain.request import GenerationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A checked request with its asker, before anything was written or shown."""

    job_id: JobId
    interaction_id: int
    asker: Actor
    request: GenerationRequest
    private: bool
    locale: str
    asked_at: datetime
    key_id: int | None = None
    """The server's own key that will pay; None is the operator's."""
    spoiler: bool = False
    is_reviewed: bool = False
    """Whether a moderator has to approve it first."""
    held: HoldReason | None = None
    """What would keep it from being sent now: it is taken, and that is tried for a while."""
    ask_above_microusd: int | None = None
    """The sum above which this server has everybody asked first."""

    @property
    def requester_id(self) -> int:
        """Who asks."""
        return self.asker.user_id

    @property
    def estimate_microusd(self) -> int:
        """What it is expected to cost."""
        return estimate_microusd(self.request)

    @property
    def begins_as(self) -> State:
        """The state of the job that it becomes once it is confirmed."""
        return State.IN_REVIEW if self.is_reviewed else State.WAITING

    def placed(self, place: Place) -> Job:
        """The job that this wish becomes once its card is at `place`."""
        return Job(
            id=self.job_id,
            interaction_id=self.interaction_id,
            requester_id=self.requester_id,
            request=self.request,
            private=self.private,
            locale=self.locale,
            server_id=self.asker.guild_id,
            place=place,
            estimate_microusd=self.estimate_microusd,
            key_id=self.key_id,
            spoiler=self.spoiler,
            created_at=self.asked_at,
            state=State.ASKED,
            state_since=self.asked_at,
        )


class DeclineReason(StrEnum):
    """Why a wish was not accepted. Nothing was sent and nothing is charged."""

    RESTARTING = "restarting"
    DRAINING = "draining"
    """The operator lets the bot finish what is under way, to stop it then."""
    STORE_DOWN = "store_down"
    NOT_A_PERSON = "not_a_person"
    """Bots and webhooks may not ask."""
    PENDING = "pending"
    """They have not yet accepted the server's rules."""
    BLOCKED = "blocked"
    """The server's managers blocked them."""
    SERVER_BLOCKED = "server_blocked"
    """The operator blocked the server."""
    SERVER_UNREAD = "server_unread"
    """What its managers decided cannot be read, and so nobody knows what they forbade."""
    PAUSED_UNREAD = "paused_unread"
    """The operator's own decisions about the whole bot cannot be read."""
    NOT_IN_THIS_CHANNEL = "not_in_this_channel"
    AGE_RESTRICTED_ONLY = "age_restricted_only"
    SOUND_NOT_ALLOWED = "sound_not_allowed"
    NOTHING_TO_SEE = "nothing_to_see"
    """A text of theirs holds nothing that can be seen."""
    KEY_BROKEN = "key_broken"
    """The server's own RunComfy key is no longer accepted."""
    NO_DIRECT_MESSAGES = "no_direct_messages"
    """Where no manager governs, the operator serves themselves alone."""
    BLOCKED_ELSEWHERE = "blocked_elsewhere"
    """A server that the operator pays for blocked them, and no manager governs here."""
    SERVER_NOT_PAID_FOR = "server_not_paid_for"
    """The operator does not pay for this server, and it has no key of its own."""


@dataclass(frozen=True, slots=True)
class Paused:
    """Nothing new is taken for now: there, or everywhere."""

    because: str
    everywhere: bool


@dataclass(frozen=True, slots=True)
class RoleNeeded:
    """Only members with one of these roles may ask there."""

    role_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TooLong:
    """Longer than the server allows."""

    longest_s: int


@dataclass(frozen=True, slots=True)
class WordsRefused:
    """The prompt holds what the server does not want to see."""

    found: tuple[str, ...]
    """The prompt's own words, as they were written."""


DeclineWhy = DeclineReason | Paused | RoleNeeded | TooLong | WordsRefused | OverCap | TooSoon


@dataclass(frozen=True, slots=True)
class Declined:
    """Not accepted; nothing was reserved, sent or charged."""

    why: DeclineWhy


@dataclass(frozen=True, slots=True)
class Asked:
    """Accepted and written; the engine watches it from here."""

    job: Job


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """The same interaction came twice; the first one's job stands."""

    job: Job


@dataclass(frozen=True, slots=True)
class AskUnclear:
    """The row stands, and whether it was confirmed is not known: its card will say.

    It is made, or it ends uncharged within minutes.
    """

    job: Job


AskOutcome = Asked | AskedBefore | AskUnclear | Declined


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
    SERVICE_REFUSED = "service_refused"
    """The service would not, though nothing says that it renders."""
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
    TAKEN = "taken"
    """Another job has the request that was found."""
