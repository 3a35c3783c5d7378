"""What was spent, by whom and when: sums over the ledger, for those who pay or manage.

A job counts in the day in which it was asked for, as its caps count it, whenever it is settled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.calendar import Day
from bot.domain.ledger import Balance, Scope
from bot.features.server_settings_ports import CapsOf


@dataclass(frozen=True, slots=True)
class Spend:
    """A sum over some jobs."""

    held_microusd: int = 0
    """Reserved for jobs that are under way or unsure."""
    spent_microusd: int = 0
    estimated_microusd: int = 0
    """The part of what was spent that is an estimate: the service did not say what it cost."""
    videos: int = 0
    """Jobs that are under way, unsure or paid."""

    def __add__(self, other: "Spend") -> "Spend":
        return Spend(
            self.held_microusd + other.held_microusd,
            self.spent_microusd + other.spent_microusd,
            self.estimated_microusd + other.estimated_microusd,
            self.videos + other.videos,
        )


NOTHING_SPENT = Spend()


@dataclass(frozen=True, slots=True)
class Spent:
    """What one person's jobs of one day come to."""

    on: date
    user_id: int | None
    """None once the person had themselves erased."""
    spend: Spend


@dataclass(frozen=True, slots=True)
class MonthOfServer:
    """One server's month: its days by the server's calendar, and what was spent in them."""

    days: Sequence[date]
    """All days of the month, in order, also those that are yet to come."""
    zone: ZoneInfo
    lines: Sequence[Spent] = field(repr=False)

    @property
    def total(self) -> Spend:
        """All of it."""
        return sum((line.spend for line in self.lines), NOTHING_SPENT)

    @property
    def by_day(self) -> Mapping[date, Spend]:
        """Each day of the month, in order; days without a job are there with nothing."""
        days = dict.fromkeys(self.days, NOTHING_SPENT)
        for line in self.lines:
            days[line.on] += line.spend
        return days

    @property
    def by_user(self) -> Mapping[int | None, Spend]:
        """Each person who made anything, the largest sum first."""
        users: dict[int | None, Spend] = {}
        for line in self.lines:
            users[line.user_id] = users.get(line.user_id, NOTHING_SPENT) + line.spend

        def largest_first(one: tuple[int | None, Spend]) -> tuple[int, int, int]:
            user_id, spend = one
            return (-(spend.held_microusd + spend.spent_microusd), -spend.videos, user_id or 0)

        return dict(sorted(users.items(), key=largest_first))


@dataclass(frozen=True, slots=True)
class SpentThere:
    """What one server's jobs come to, paid by one of two."""

    guild_id: int | None
    """None for what was asked for in direct messages."""
    by_operator: bool
    """Whether the operator's key pays, and not the server's own."""
    spend: Spend


@dataclass(frozen=True, slots=True)
class FreshStart:
    """What a member's limits in a server count no longer; what is under way still counts."""

    day_microusd: int
    day_videos: int
    month_microusd: int
    month_videos: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What already counts towards a limit; of each member's, what the most of any member is."""

    today: Balance
    this_month: Balance


class SpendStore(Protocol):
    """Sums over the ledger, and the one correction that may be added to it.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def in_server(self, guild_id: int, days: Sequence[Day]) -> Sequence[Spent]:
        """What each person's jobs of each of these days come to; nothing for days without any."""
        ...

    async def by_server(self, since: datetime, until: datetime) -> Sequence[SpentThere]:
        """What each server's jobs that were asked for between two instants come to."""
        ...

    async def most_counted(
        self, scope: Scope, owner_id: int, *, subject_id: int | None, period: str
    ) -> Balance:
        """The most that any account of this kind counts; of one subject alone, if it is named."""
        ...

    async def start_afresh(
        self, guild_id: int, user_id: int, *, zone: ZoneInfo, by_user_id: int, at: datetime
    ) -> FreshStart:
        """Add to the ledger that a member's account begins at nothing again, with its trail."""
        ...


class Spendings(Protocol):
    """What commands and cards may ask about money spent.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def month_of(self, guild_id: int) -> MonthOfServer:
        """A server's present month, by its own calendar."""
        ...

    async def everywhere(self) -> Sequence[SpentThere]:
        """Each server's present month by the operator's calendar, the largest sum first."""
        ...

    async def counted(self, guild_id: int, limits: CapsOf) -> Counted:
        """What already counts towards these limits, whether or not they are set."""
        ...

    async def start_afresh(self, guild_id: int, user_id: int, *, by_user_id: int) -> FreshStart:
        """Let a member's own limits in a server count from nothing, today and this month.

        What was spent stays spent for everybody else's limits and in every list; the audit trail
        of the server tells of it.
        """
        ...
