"""Accounts and their caps: where a job counts, what stands there, and whether one more fits.

Every balance is a plain sum of entries, and `held + spent` is what caps are compared with.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.calendar import Span, period_of, renews_at

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
    EVERYBODY = "everybody"
    """What all members of one server make together, except who is exempt."""
    ROLE = "role"
    """What all members with one role make together, except who is exempt."""
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

    @property
    def is_limited(self) -> bool:
        """Whether there is a cap at all."""
        return self.cap_microusd is not None or self.cap_videos is not None


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
    price_microusd: int
    """What the one more would have cost."""

    @property
    def is_by_number(self) -> bool:
        """Whether there are too many, and not too little money."""
        cap = self.hold.cap_microusd
        return cap is None or self.balance.taken_microusd + self.price_microusd <= cap

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


def over_cap(
    holds: Iterable[Hold], balances: Mapping[Account, Balance], price_microusd: int
) -> OverCap | None:
    """The cap that one more job of this price would go past; of several, the last to renew."""
    over = [hold for hold in holds if not fits(hold, balances[hold.account], price_microusd)]
    if not over:
        return None
    # Who is told that today's budget is used up comes back tomorrow: and then it must be true.
    last = max(over, key=lambda hold: hold.renews_at)
    return OverCap(last, balances[last.account], price_microusd)


CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""By so much those of several machines may."""


def is_too_soon(again_at: datetime | None, now: datetime, cooldown_s: int) -> bool:
    """Whether a pause between two requests goes on.

    Further away than it is long, it was written by a clock that was ahead, and is over.
    """
    longest = timedelta(seconds=cooldown_s) + CLOCKS_DIFFER
    return again_at is not None and now < again_at <= now + longest


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The person asked a moment ago; nothing was reserved."""

    again_at: datetime


@dataclass(frozen=True, slots=True)
class Reservation:
    """What must be free before a job is written down, taken in the same transaction."""

    holds: tuple[Hold, ...] = ()
    cooldown_s: int = 0


class Ledger(Protocol):
    """What the ledger can be asked; writing it is part of writing the job.

    `SqlLedger`; in tests `EmptyLedger`.

    Raises:
        StoreUnavailable: the database cannot be reached now.
    """

    async def balances(self, accounts: Collection[Account]) -> Mapping[Account, Balance]:
        """Where these accounts stand now.

        To say no before anything is shown, and to tell; what decides is the reservation itself.
        """
        ...

    async def again_at(self, user_id: int) -> datetime | None:
        """When somebody may ask again after the last time; None when they never asked."""
        ...

    async def cool_down(self, user_id: int, *, again_at: datetime) -> None:
        """Let somebody ask again no earlier than this, or than they may by now."""
        ...
