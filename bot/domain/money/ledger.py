"""Accounts and their caps: where a job counts, the balances, and whether one more job fits.

Every balance is a plain sum of entries; caps are compared with `held + spent`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.money.calendar import Span, period_of, renews_at

Microusd = Annotated[int, Field(ge=0)]
Videos = Annotated[int, Field(ge=0)]


class Caps(BaseModel):
    """The most money and videos for a day and for a month; None is no limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day_microusd: Microusd | None = None
    day_videos: Videos | None = None
    month_microusd: Microusd | None = None
    month_videos: Videos | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is any limit."""
        return self != NO_CAPS

    def and_also(self, other: "Caps") -> "Caps":
        """Both at once: of each limit the stricter."""
        return Caps(**{name: _stricter(getattr(self, name), cap) for name, cap in other})


def _stricter(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


NO_CAPS = Caps()


class Scope(StrEnum):
    """Whose limit an account counts against."""

    OPERATOR = "operator"
    """Everything that the operator's key pays for."""
    OPERATOR_SERVER = "operator_server"
    """What one server makes with the operator's key."""
    OPERATOR_USER = "operator_user"
    """What one person makes with the operator's key, in any place."""
    SERVER = "server"
    """What one server makes, with any key."""
    EVERYBODY = "everybody"
    """What all members of one server make together, exempt members excluded."""
    ROLE = "role"
    """What all members with one role make together, exempt members excluded."""
    MEMBER = "member"
    """What one person makes in one server."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """One balance: a scope in one day or month. Sortable, so that locks are taken in one order."""

    scope: Scope
    owner_id: int
    """The server, or the person for OPERATOR_USER; 0 for OPERATOR."""
    subject_id: int
    """The role or the member within the server; 0 otherwise."""
    period: str


@dataclass(frozen=True, slots=True)
class Hold:
    """An account that a job counts against, with its current cap."""

    account: Account
    span: Span
    cap_microusd: int | None
    cap_videos: int | None
    renews_at: datetime

    @property
    def is_limited(self) -> bool:
        """Whether there is any cap."""
        return self.cap_microusd is not None or self.cap_videos is not None


def holds_in(
    scope: Scope, owner_id: int, subject_id: int, *, caps: Caps, at: datetime, zone: ZoneInfo
) -> tuple[Hold, Hold]:
    """A scope's accounts for the day and the month.

    They are kept without caps too: a cap that is set at noon counts the whole day.
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
    """The balance of an account."""

    held_microusd: int = 0
    """Reserved for jobs that are in progress or unsure."""
    spent_microusd: int = 0
    videos: int = 0
    """Jobs that are in progress, unsure or paid."""

    @property
    def taken_microusd(self) -> int:
        """The amount that is compared with the cap."""
        return self.held_microusd + self.spent_microusd


@dataclass(frozen=True, slots=True)
class OverCap:
    """One more job would exceed this cap; nothing was reserved."""

    hold: Hold
    balance: Balance
    price_microusd: int
    """The price of the job that does not fit."""

    @property
    def is_by_number(self) -> bool:
        """Whether the cap on the number of videos was exceeded, not the one on money."""
        cap = self.hold.cap_microusd
        return cap is None or self.balance.taken_microusd + self.price_microusd <= cap

    @property
    def left_microusd(self) -> int | None:
        """The money left; None if only videos are limited."""
        cap = self.hold.cap_microusd
        return None if cap is None else max(0, cap - self.balance.taken_microusd)

    @property
    def left_videos(self) -> int | None:
        """The videos left; None if only money is limited."""
        cap = self.hold.cap_videos
        return None if cap is None else max(0, cap - self.balance.videos)


def fits(hold: Hold, balance: Balance, estimate_microusd: int) -> bool:
    """Whether one more job at this price stays within the cap."""
    in_money = (
        hold.cap_microusd is None or balance.taken_microusd + estimate_microusd <= hold.cap_microusd
    )
    return in_money and (hold.cap_videos is None or balance.videos + 1 <= hold.cap_videos)


def over_cap(
    holds: Iterable[Hold], balances: Mapping[Account, Balance], price_microusd: int
) -> OverCap | None:
    """The cap that one more job at this price would exceed; of several, the last to renew."""
    over = [hold for hold in holds if not fits(hold, balances[hold.account], price_microusd)]
    if not over:
        return None
    # A member who is told to come back tomorrow must not be refused again tomorrow.
    last = max(over, key=lambda hold: hold.renews_at)
    return OverCap(last, balances[last.account], price_microusd)


CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""How far the clocks of several machines may differ."""


def is_too_soon(again_at: datetime | None, now: datetime, cooldown_s: int) -> bool:
    """Whether the cooldown between two requests still runs.

    A time further away than the cooldown was written by a fast clock, and counts as over.
    """
    longest = timedelta(seconds=cooldown_s) + CLOCKS_DIFFER
    return again_at is not None and now < again_at <= now + longest


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The person's cooldown still runs; nothing was reserved."""

    again_at: datetime


@dataclass(frozen=True, slots=True)
class Reservation:
    """What must be free before a job is written, reserved in the same transaction."""

    holds: tuple[Hold, ...] = ()
    cooldown_s: int = 0


class Ledger(Protocol):
    """Reads the ledger; a job's entries are written together with the job.

    `SqlLedger`; in tests `EmptyLedger`.

    Raises:
        StoreUnavailable: the database cannot be reached now.
    """

    async def balances(self, accounts: Collection[Account]) -> Mapping[Account, Balance]:
        """The current balances of these accounts.

        For early refusals and for display; only the reservation itself decides.
        """
        ...

    async def again_at(self, user_id: int) -> datetime | None:
        """When a person may ask again; None if they have never asked."""
        ...

    async def cool_down(self, user_id: int, *, again_at: datetime) -> None:
        """Set when a person may ask again; an existing later time is kept."""
        ...
