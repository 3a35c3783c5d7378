"""What whoever runs the bot may see and decide, over all servers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.job import Job, JobId, State
from bot.features.spending import NOTHING_SPENT, Spend

UNDER_WAY: Final = (State.SUBMITTING, State.QUEUED, State.RENDERING, State.RENDERED)
"""What a drain waits for: paid for, or about to be, and not yet delivered."""
REQUEST_ID_MAX_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Overview:
    """How everything stands."""

    by_state: Mapping[State, int]
    """All jobs that there ever were; a state that nothing stands in is left out."""
    by_operator: Spend
    """This month, by the operator's key."""
    by_servers: Spend
    """This month, by servers' own keys."""
    balance_microusd: int | None
    """What is left at RunComfy; None when it does not say."""
    paused_because: str | None
    drain: "Drain | None"
    """Whether a drain goes on."""
    is_unread: bool = False
    """Whether decisions about the whole bot cannot be read: it is paused until it is resumed."""


@dataclass(frozen=True, slots=True)
class ServerLine:
    """How one server stands."""

    guild_id: int | None
    """None for direct messages."""
    under_way: int = 0
    waiting: int = 0
    by_operator: Spend = NOTHING_SPENT
    """This month, by the operator's key."""
    by_itself: Spend = NOTHING_SPENT
    """This month, by its own key."""
    has_key: bool = False
    is_blocked: bool = False
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class Drain:
    """No more wishes are taken; what is under way is finished."""

    under_way: int

    @property
    def is_safe_to_stop(self) -> bool:
        """Whether all that is paid for is delivered."""
        return self.under_way == 0


DrainSoFar = Callable[[], Awaitable[Drain]]
"""Counts what is under way; raises StoreUnavailable where that cannot be known."""


class Binding(StrEnum):
    """What came of saying that an unsure job is there, or is not."""

    RESOLVED = "resolved"
    NOT_UNSURE = "not_unsure"
    """It was resolved already, or there is no such job."""
    MALFORMED = "malformed"
    NOT_THERE = "not_there"
    """RunComfy does not know this request by the key that paid."""
    TAKEN = "taken"
    """Another job has this request."""
    SILENT = "silent"
    """RunComfy did not answer, so it was not bound."""
    STORE_DOWN = "store_down"


LeftOnAccount = Callable[[], Awaitable[int | None]]
"""Asks what is left at RunComfy, in micro-dollars; None when it does not say."""


class OperatorStore(Protocol):
    """What only the operator asks of the database.

    Raises:
        StoreUnavailable: the database cannot be reached now.
    """

    async def jobs_by_state(self) -> Mapping[State, int]:
        """How many jobs stand in each state, all that there ever were."""
        ...

    async def under_way(self, *, rendered_since: datetime) -> int:
        """Jobs in UNDER_WAY, without results that wait for longer to be fetched by somebody."""
        ...

    async def job_with(self, request_id: str) -> JobId | None:
        """The job that has this request."""
        ...

    async def unsure(self) -> Sequence[Job]:
        """The jobs that wait for a person's decision, oldest first."""
        ...


class Operations(Protocol):
    """What commands and buttons of the operator may call. They ask first who it is.

    Raises:
        StoreUnavailable: the database cannot be reached or written now; nothing was changed.
    """

    async def overview(self) -> Overview:
        """How everything stands."""
        ...

    async def servers(self) -> Sequence[ServerLine]:
        """Every server that did or decided anything this month, the largest spender first."""
        ...

    async def unsure(self) -> Sequence[Job]:
        """The jobs that wait for a person's decision, oldest first."""
        ...

    async def bind(self, job_id: JobId, request_id: str, *, by_user_id: int) -> Binding:
        """It is there, under this id: checked for free, then watched from here on."""
        ...

    async def write_off(self, job_id: JobId, *, by_user_id: int) -> Binding:
        """It is not there: closed, and what was held for it is free again."""
        ...

    async def pause(self, because: str, *, by_user_id: int) -> None:
        """Take no new wishes and send nothing, anywhere, until it is resumed."""
        ...

    async def resume(self, *, by_user_id: int) -> bool:
        """End a pause, and a drain; False when there was neither."""
        ...

    async def block(self, guild_id: int, *, by_user_id: int) -> bool:
        """Let a server ask for no more videos; False when it could ask for none before."""
        ...

    async def unblock(self, guild_id: int, *, by_user_id: int) -> bool:
        """Let it ask again; False when it was not blocked."""
        ...

    async def drain(self, *, by_user_id: int) -> Drain:
        """Take no more wishes and let what is under way finish; who asks is told of the end."""
        ...


class Operators(Protocol):
    """Who runs the bot."""

    async def include(self, user_id: int) -> bool:
        """Whether this person owns the application, or is in the team that does."""
        ...
