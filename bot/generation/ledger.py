"""The ledger: what each job may cost, holds and has cost, and the caps that it counts against.

Entries are only ever added. An entry says by how much it changes what is held and what is spent,
so every balance is a plain sum of entries, and `held + spent` is what caps are compared with.
Adjustments are entries of an account alone: they change what its cap counts, and no job's money.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.generation.calendar import Span, period_of, renews_at
from bot.generation.job import Job, JobId, State
from bot.generation.outcomes import FailureReason

Microusd = Annotated[int, Field(ge=0)]
Videos = Annotated[int, Field(ge=0)]


class Caps(BaseModel):
    """The most that may be spent and made in a day and in a month; None is no limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day_microusd: Microusd | None = None
    day_videos: Videos | None = None
    month_microusd: Microusd | None = None
    month_videos: Videos | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything is limited at all."""
        return self != NO_CAPS


NO_CAPS = Caps()


class Scope(StrEnum):
    """Whose limit an account counts against."""

    OPERATOR = "operator"
    """All that is paid with the operator's key."""
    OPERATOR_SERVER = "operator_server"
    """What one server makes with the operator's key."""
    OPERATOR_USER = "operator_user"
    """What one person makes with the operator's key, wherever."""
    SERVER = "server"
    """What one server makes, whoever pays."""
    ROLE = "role"
    """What all members with one role make together."""
    MEMBER = "member"
    """What one person makes in one server."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """One balance: a scope in one day or month. Ordered, so that locks are taken in one order."""

    scope: Scope
    owner_id: int
    """The server, or the person for OPERATOR_USER; 0 for OPERATOR."""
    subject_id: int
    """The role or the member within the server; 0 otherwise."""
    period: str


@dataclass(frozen=True, slots=True)
class Hold:
    """An account that a job counts against, with the cap that holds there now."""

    account: Account
    span: Span
    cap_microusd: int | None
    cap_videos: int | None
    renews_at: datetime


def holds_in(
    scope: Scope, owner_id: int, subject_id: int, *, caps: Caps, at: datetime, zone: ZoneInfo
) -> tuple[Hold, Hold]:
    """The day's and the month's account of a scope.

    They are kept without caps as well: a cap that is set at noon counts the whole day.
    """

    def hold(span: Span, cap_microusd: int | None, cap_videos: int | None) -> Hold:
        account = Account(scope, owner_id, subject_id, period_of(span, at, zone))
        return Hold(account, span, cap_microusd, cap_videos, renews_at(span, at, zone))

    return (
        hold(Span.DAY, caps.day_microusd, caps.day_videos),
        hold(Span.MONTH, caps.month_microusd, caps.month_videos),
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """Where an account stands."""

    held_microusd: int = 0
    """Reserved for jobs that are under way or unsure."""
    spent_microusd: int = 0
    videos: int = 0
    """Jobs that are under way, unsure or paid."""

    @property
    def taken_microusd(self) -> int:
        """What a cap is compared with."""
        return self.held_microusd + self.spent_microusd


@dataclass(frozen=True, slots=True)
class OverCap:
    """One more would go past this cap; nothing was reserved."""

    hold: Hold
    balance: Balance

    @property
    def left_microusd(self) -> int | None:
        """What may still be spent there; None where only videos are counted."""
        cap = self.hold.cap_microusd
        return None if cap is None else max(0, cap - self.balance.taken_microusd)

    @property
    def left_videos(self) -> int | None:
        """How many may still be made there; None where only money is counted."""
        cap = self.hold.cap_videos
        return None if cap is None else max(0, cap - self.balance.videos)


def fits(hold: Hold, balance: Balance, estimate_microusd: int) -> bool:
    """Whether one more job of this price stays within the cap."""
    in_money = (
        hold.cap_microusd is None or balance.taken_microusd + estimate_microusd <= hold.cap_microusd
    )
    return in_money and (hold.cap_videos is None or balance.videos + 1 <= hold.cap_videos)


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The person asked a moment ago; nothing was reserved."""

    again_at: datetime


@dataclass(frozen=True, slots=True)
class Reservation:
    """What must be free before a job is written down, taken in the same transaction."""

    holds: tuple[Hold, ...] = ()
    cooldown_s: int = 0


class EntryKind(StrEnum):
    """What happened to a job's money."""

    RESERVED = "reserved"
    SETTLED = "settled"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger."""

    job_id: JobId
    at: datetime
    kind: EntryKind
    why: str
    """The event that it came with, in the words of the job's history."""
    user_id: int | None
    """None once the person had themselves erased."""
    guild_id: int | None
    key_id: int | None
    """The server's own key that pays; None is the operator's."""
    held_change_microusd: int
    spent_change_microusd: int
    videos_change: int
    is_estimate: bool
    """Whether the amount spent is the estimate, because the service did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What a person had one account count otherwise; a line of the ledger as well."""

    account: Account
    at: datetime
    by_user_id: int
    why: str
    spent_change_microusd: int
    videos_change: int


def reserved(job: Job) -> Entry:
    """The entry that a job begins with."""
    return _entry(job, EntryKind.RESERVED, at=job.created_at, why="Added", held=1)


def entry_after(before: Job, moved: Job, *, why: str, at: datetime) -> Entry | None:
    """The entry that a move brings along, None for one that leaves the money where it is.

    An unsure job stays reserved until somebody resolves it. A request that the service lost may
    have been charged, and so may one that failed while it rendered: both are settled, by the
    estimate unless the service said.
    """
    if moved.state is before.state:
        return None
    match moved.state:
        case State.RENDERED:
            return _settled(moved, why=why, at=at)
        case State.FAILED:
            was_rendering = before.state is State.RENDERING
            was_lost = moved.failure is FailureReason.REQUEST_LOST
            if moved.cost_microusd or (was_rendering and moved.cost_microusd is None) or was_lost:
                return _settled(moved, why=why, at=at)
            return _entry(moved, EntryKind.RETURNED, at=at, why=why, held=-1, videos=-1)
        case State.CANCELLED:
            return _entry(moved, EntryKind.RETURNED, at=at, why=why, held=-1, videos=-1)
        case _:
            return None


def _settled(job: Job, *, why: str, at: datetime) -> Entry:
    spent = job.estimate_microusd if job.cost_microusd is None else job.cost_microusd
    return _entry(job, EntryKind.SETTLED, at=at, why=why, held=-1, videos=0, spent_microusd=spent)


def _entry(
    job: Job,
    kind: EntryKind,
    *,
    at: datetime,
    why: str,
    held: int,
    videos: int = 1,
    spent_microusd: int = 0,
) -> Entry:
    return Entry(
        job_id=job.id,
        at=at,
        kind=kind,
        why=why,
        user_id=job.requester_id,
        guild_id=job.place.guild_id,
        key_id=job.key_id,
        held_change_microusd=held * job.estimate_microusd,
        spent_change_microusd=spent_microusd,
        videos_change=videos,
        is_estimate=kind is EntryKind.SETTLED and job.cost_microusd is None,
    )


class Ledger(Protocol):
    """What the ledger can be asked; writing it is part of writing the job.

    Raises:
        StoreUnavailable: the database cannot be reached now.
    """

    async def balance_of(self, account: Account) -> Balance:
        """Where an account stands now."""
        ...

    async def first_over(self, holds: tuple[Hold, ...], estimate_microusd: int) -> OverCap | None:
        """The first cap that one more job of this price would go past, by what stands now.

        To say no before anything is shown; what decides is the reservation itself.
        """
        ...
