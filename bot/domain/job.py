"""A job: one row with everything about a generation, so that any process can continue it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.generation.models import USUAL
from bot.domain.generation.request import GenerationRequest
from bot.domain.outcomes import FailureReason, Media, MediaKind

INTERACTION_TOKEN_LIFE = timedelta(minutes=15)
"""How long Discord accepts edits with an interaction token."""

HOLD_LIMIT = timedelta(minutes=15)
"""How long a job that is held back may wait before it fails, uncharged."""

JobId = str


class State(StrEnum):
    """The state of a job. The allowed transitions are in `lifecycle`."""

    ASKED = "asked"
    """Written, but the desk has not confirmed it yet: it is not sent."""
    IN_REVIEW = "in_review"
    WAITING = "waiting"
    SUBMITTING = "submitting"
    QUEUED = "queued"
    RENDERING = "rendering"
    RENDERED = "rendered"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNSURE = "unsure"


LIVE_STATES = frozenset(
    {
        State.ASKED,
        State.IN_REVIEW,
        State.WAITING,
        State.SUBMITTING,
        State.QUEUED,
        State.RENDERING,
        State.RENDERED,
    }
)
"""States in which the bot still has work to do by itself."""
NOBODY: Final = 0
"""Stands for a requester, or for a reviewer, whose data was erased."""

UNSENT_STATES = frozenset({State.ASKED, State.IN_REVIEW, State.WAITING})
"""States before sending: a cancel is free and certain."""
CANCELLABLE_STATES = UNSENT_STATES | {State.QUEUED}
"""States in which the card offers Cancel: after them the service renders and bills."""


class HoldReason(StrEnum):
    """Why the service, or the paying account, accepts nothing from a waiting job for now."""

    NO_BALANCE = "no_balance"
    KEY_REFUSED = "key_refused"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    """No connection could be made."""


class Canceller(StrEnum):
    """Who cancelled a job."""

    REQUESTER = "requester"
    MODERATOR = "moderator"
    SERVICE = "service"
    """The service itself."""


class Reach(StrEnum):
    """How Discord lets the bot edit the card."""

    BOT = "bot"
    """With the bot's token, at any time: the bot is in the channel and the card is public."""
    INTERACTION = "interaction"
    """With the interaction token only, for 15 minutes: private cards, places without the bot."""


class Place(BaseModel):
    """Where the card is, and what may be sent there."""

    model_config = ConfigDict(frozen=True)

    channel_id: int
    message_id: int
    guild_id: int | None
    reach: Reach
    ephemeral: bool = False
    """Whether only the requester sees the card."""
    interaction_token: Annotated[str | None, Field(repr=False)] = None
    interaction_token_until: datetime | None = None
    upload_limit_bytes: int


class Job(BaseModel):
    """One generation, from the request to the video.

    All times are aware UTC. Each write increments `version`, so that a writer with an older version
    is refused instead of overwriting.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: JobId
    interaction_id: int
    requester_id: int
    request: GenerationRequest
    model_id: str = USUAL.id
    """The model that makes it, by its id at the service: for accounts, also after it is gone."""
    private: bool
    locale: str = "en"
    """The language of its card."""
    server_id: int | None
    """The server where it was requested: it determines budget and turn, wherever the card moves.

    None for a direct message or the terminal. `place` says where the card is now.
    """
    place: Place
    estimate_microusd: int
    key_id: int | None = None
    """The server's own RunComfy key that pays and polls; None is the operator's."""
    spoiler: bool = False
    """Whether its video is hidden until a reader clicks on it."""
    created_at: datetime

    state: State = State.WAITING
    version: int = 0
    state_since: datetime
    sent_at: datetime | None = None
    held_until: datetime | None = None
    """Until when it is held back and other jobs overtake it."""
    held_since: datetime | None = None
    """Since when it has been held back without a break; None if it is not."""
    held_because: HoldReason | None = None
    request_id: str | None = None
    queue_position: int | None = None
    media: tuple[Media, ...] = ()
    cost_microusd: int | None = None
    counted_microusd: int | None = None
    """The amount that counts against the limits, once final; None before that."""
    failure: FailureReason | None = None
    review_channel_id: int | None = None
    review_message_id: int | None = None
    """The message that asks the moderators; None if they were not asked."""
    reviewed_by: int | None = None
    """The moderator who decided."""
    declined_because: str | None = None
    """The moderator's reason."""
    cancelled_by: Canceller | None = None
    """Who cancelled it, or asked the service to; None also if no cancel was requested."""
    cancel_refused_at: datetime | None = None
    """When the service refused to cancel it although it was not rendering yet."""
    told: bool = False
    """Whether Discord confirmed that the requester was shown how the job ended.

    For a rendered job: whether the requester has a link while the file is fetched again.
    """
    erased: bool = False
    """Whether its prompt and links were erased, by age or at its requester's request."""
    continues: JobId | None = None
    """The job whose video ends with the first frame of this one."""
    inspired_by: JobId | None = None
    """The job of the showcase that this one was made like."""
    deleted: bool = False
    """Whether its card and its kept copy were deleted on request; the row remains."""

    @property
    def needs_work(self) -> bool:
        """Whether the bot still has work: to continue the job, or to report its end."""
        return self.is_live or not (self.told or self.state is State.DELIVERED)

    @property
    def comes_from(self) -> JobId | None:
        """The job that it continues, or that inspired it."""
        return self.continues or self.inspired_by

    @property
    def ends_in_bad_news(self) -> bool:
        """Whether it ended badly and its requester has not been told."""
        if self.state is State.CANCELLED:
            return self.cancelled_by in (Canceller.MODERATOR, Canceller.SERVICE)
        return self.state in (State.FAILED, State.UNSURE)

    @property
    def is_picture(self) -> bool:
        """Whether the service made images instead of a video."""
        return bool(self.media) and all(one.kind is MediaKind.IMAGE for one in self.media)

    @property
    def is_as_asked(self) -> bool:
        """Whether nothing has happened since the request: its card is still the first one."""
        return self.state in UNSENT_STATES and self.version <= 1

    @property
    def is_live(self) -> bool:
        """Whether the bot still has work to do for it by itself."""
        return self.state in LIVE_STATES

    @property
    def is_cancellable(self) -> bool:
        """Whether a cancel would save the cost, as far as is known."""
        return self.state in CANCELLABLE_STATES and self.cancel_refused_at is None

    @property
    def tried_until(self) -> datetime | None:
        """When a job that is held back is given up, uncharged; None if it is not held back."""
        return None if self.held_since is None else self.held_since + HOLD_LIMIT

    def file_name(self, number: int, suffix: str) -> str:
        """The name of a result file; Discord hides files with its spoiler prefix."""
        cover = "SPOILER_" if self.spoiler else ""
        return f"{cover}kling-{self.id}-{number}{suffix}"

    def interaction_token_alive(self, now: datetime) -> str | None:
        """The token of the interaction that the card answers, while Discord still accepts it."""
        until = self.place.interaction_token_until
        return None if until is None or now >= until else self.place.interaction_token
