"""A job: one row that says all there is to say about a generation, for any process to carry on."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.outcomes import FailureReason, Media, MediaKind
from bot.domain.request import GenerationRequest

INTERACTION_TOKEN_LIFE = timedelta(minutes=15)
"""How long Discord takes edits by an interaction's token."""

HOLD_LIMIT = timedelta(minutes=15)
"""How long a job waits for a service that takes nothing before it is failed, uncharged."""

JobId = str


class State(StrEnum):
    """Where a job stands. The allowed moves between them are in `lifecycle`."""

    ASKED = "asked"
    """Written, and not yet confirmed to the desk that asked: nothing sends it."""
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
"""States in which the bot still has something to do by itself."""
NOBODY: Final = 0
"""Who asked, once the person had themselves erased; and who decided, once that is erased."""

UNSENT_STATES = frozenset({State.ASKED, State.IN_REVIEW, State.WAITING})
"""States in which nothing was sent yet: a cancel is free and certain."""
CANCELLABLE_STATES = UNSENT_STATES | {State.QUEUED}
"""States in which the card offers Cancel: afterwards the service renders and bills."""


class HoldReason(StrEnum):
    """Why the service, or the account that pays, takes nothing from a waiting job for now."""

    NO_BALANCE = "no_balance"
    KEY_REFUSED = "key_refused"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    """No connection came about."""


class Canceller(StrEnum):
    """Who cancelled a job."""

    REQUESTER = "requester"
    MODERATOR = "moderator"
    SERVICE = "service"
    """The service, of its own accord."""


class Reach(StrEnum):
    """By which key Discord lets the card be edited."""

    BOT = "bot"
    """By the bot's token, for ever: the bot is in the channel and the card is public."""
    INTERACTION = "interaction"
    """By the interaction's token alone, for 15 minutes: private cards, places without the bot."""


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
    """One generation from the question to the video.

    All instants are aware UTC. `version` grows by one at every write, so that a writer who has
    read an older version is told so instead of overwriting.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: JobId
    interaction_id: int
    requester_id: int
    request: GenerationRequest
    private: bool
    locale: str = "en"
    """The language that its card is written in."""
    server_id: int | None
    """The server that it was asked in: its money and its turn, wherever the card moves to.

    None is a direct message, or the terminal. Where the card is by now, the place says.
    """
    place: Place
    estimate_microusd: int
    key_id: int | None = None
    """The server's own RunComfy key that pays and watches; None is the operator's."""
    spoiler: bool = False
    """Whether its video is covered until somebody clicks on it."""
    created_at: datetime

    state: State = State.WAITING
    version: int = 0
    state_since: datetime
    sent_at: datetime | None = None
    held_until: datetime | None = None
    """Until then the service, or the account that pays, takes nothing from it: others pass it."""
    held_since: datetime | None = None
    """Since when that is so without a break; None while nothing holds it."""
    held_because: HoldReason | None = None
    request_id: str | None = None
    queue_position: int | None = None
    media: tuple[Media, ...] = ()
    cost_microusd: int | None = None
    counted_microusd: int | None = None
    """What it counts against the limits, once its money came to its end; None before."""
    failure: FailureReason | None = None
    review_channel_id: int | None = None
    review_message_id: int | None = None
    """Where moderators were asked; None while nobody was."""
    reviewed_by: int | None = None
    """The moderator who decided."""
    declined_because: str | None = None
    """What the moderator gave as the reason."""
    cancelled_by: Canceller | None = None
    """Who cancelled it, or asked the service to; None also where nobody ever asked for it."""
    cancel_refused_at: datetime | None = None
    """When the service would not cancel it, though it did not render yet."""
    told: bool = False
    """Whether the requester was shown the end that the job came to, confirmed by Discord.

    Of a rendered job: whether the requester was told of a link while a file is fetched again.
    """
    erased: bool = False
    """Whether its prompt and links were erased, by age or at its requester's wish."""
    deleted: bool = False
    """Whether its card and its kept copy were deleted at somebody's wish; the row remains."""

    @property
    def needs_work(self) -> bool:
        """Whether the bot still has something to do: carry it on, or tell how it ended."""
        return self.is_live or not (self.told or self.state is State.DELIVERED)

    @property
    def ends_in_bad_news(self) -> bool:
        """Whether it came to an end that its requester does not know of and would not like."""
        if self.state is State.CANCELLED:
            return self.cancelled_by in (Canceller.MODERATOR, Canceller.SERVICE)
        return self.state in (State.FAILED, State.UNSURE)

    @property
    def is_picture(self) -> bool:
        """Whether the service made pictures and no video."""
        return bool(self.media) and all(one.kind is MediaKind.IMAGE for one in self.media)

    @property
    def is_as_asked(self) -> bool:
        """Whether nothing happened since it was asked for: its card is as it was first drawn."""
        return self.state in UNSENT_STATES and self.version <= 1

    @property
    def is_live(self) -> bool:
        """Whether the bot still has something to do for it by itself."""
        return self.state in LIVE_STATES

    @property
    def is_cancellable(self) -> bool:
        """Whether a cancel would save the money, as far as is known."""
        return self.state in CANCELLABLE_STATES and self.cancel_refused_at is None

    @property
    def tried_until(self) -> datetime | None:
        """When a held job is given up, uncharged; None while nothing holds it."""
        return None if self.held_since is None else self.held_since + HOLD_LIMIT

    def file_name(self, number: int, suffix: str) -> str:
        """What a file of its result is called: Discord covers those that begin like this."""
        cover = "SPOILER_" if self.spoiler else ""
        return f"{cover}kling-{self.id}-{number}{suffix}"

    def interaction_token_alive(self, now: datetime) -> str | None:
        """The token of the interaction that the card answers, while Discord still takes it."""
        until = self.place.interaction_token_until
        return None if until is None or now >= until else self.place.interaction_token
