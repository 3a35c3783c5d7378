"""What was spent, by whom and when: sums over the ledger, for those who pay or manage.

A job counts on the day on which it was asked for, as for its caps, whenever it is settled.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.money.calendar import Day, Span, days_of_month, period_of
from bot.domain.money.entries import FINAL_KINDS, Adjustment, EntryKind
from bot.domain.money.ledger import Account, Balance, Scope
from bot.domain.ports import Clock
from bot.domain.servers import AuditEntry
from bot.features.servers.server_settings import CapsKind, CapsOf
from bot.features.servers.servers import Servers
from bot.storage.database import Database
from bot.storage.ledger import adjust, columns_of, locked_balance
from bot.storage.tables.jobs import account_balances, audit_entries, jobs, ledger, ledger_accounts

START_AFRESH: Final = "start_afresh"
"""The name of a fresh start in the audit log and the ledger."""

_WEEK_DAYS: Final = 7
_SUMS = (
    func.sum(ledger.c.held_change_microusd).label("held"),
    func.sum(ledger.c.spent_change_microusd).label("spent"),
    func.sum(case((ledger.c.is_estimate, ledger.c.spent_change_microusd), else_=0)).label(
        "estimated"
    ),
    func.sum(ledger.c.videos_change).label("videos"),
)


@dataclass(frozen=True, slots=True)
class Spend:
    """A sum over some jobs."""

    held_microusd: int = 0
    """Reserved for jobs that are under way or unsure."""
    spent_microusd: int = 0
    estimated_microusd: int = 0
    """The estimated part of what was spent: the service did not say what it cost."""
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


def total(spends: Iterable[Spend]) -> Spend:
    """All of them together: a server may have ten thousand members, and the loop waits."""
    some = list(spends)
    return Spend(
        sum(spend.held_microusd for spend in some),
        sum(spend.spent_microusd for spend in some),
        sum(spend.estimated_microusd for spend in some),
        sum(spend.videos for spend in some),
    )


@dataclass(frozen=True, slots=True)
class DaySum:
    """The sum of one person's jobs on one day."""

    on: date
    user_id: int | None
    """None once the person erased their data."""
    spend: Spend


@dataclass(frozen=True)
class MonthOfServer:
    """One server's month: its days by the server's calendar, and what was spent on them.

    A large server has ten thousands of lines, so each sum over them is made once.
    """

    days: Sequence[date]
    """All days of the month in order, future ones included."""
    zone: ZoneInfo
    lines: Sequence[DaySum] = field(repr=False)

    @property
    def total(self) -> Spend:
        """The sum of the month."""
        return total(self.by_day.values())

    @cached_property
    def by_day(self) -> Mapping[date, Spend]:
        """Each day of the month in order, also those without a job."""
        days = dict.fromkeys(self.days, NOTHING_SPENT)
        for line in self.lines:
            days[line.on] += line.spend
        return days

    @cached_property
    def by_user(self) -> Mapping[int | None, Spend]:
        """Each person with a job, the largest sum first."""
        users: dict[int | None, Spend] = {}
        for line in self.lines:
            users[line.user_id] = users.get(line.user_id, NOTHING_SPENT) + line.spend

        def largest_first(one: tuple[int | None, Spend]) -> tuple[int, int, int]:
            user_id, spend = one
            return (-(spend.held_microusd + spend.spent_microusd), -spend.videos, user_id or 0)

        return dict(sorted(users.items(), key=largest_first))


@dataclass(frozen=True, slots=True)
class SpentThere:
    """The sum of one server's jobs, for one of the two payers."""

    guild_id: int | None
    """None for direct messages."""
    by_operator: bool
    """Whether the operator's key pays, not the server's own."""
    spend: Spend


@dataclass(frozen=True, slots=True)
class FreshStart:
    """What no longer counts towards a member's limits in a server; jobs under way still count."""

    day_microusd: int
    day_videos: int
    month_microusd: int
    month_videos: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What already counts towards a limit; for each member's limit, the highest of any member."""

    today: Balance
    this_month: Balance


class Spending:
    """Sums over the ledger, each one grouped query, and the one correction of it.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    def __init__(
        self, *, database: Database, servers: Servers, zone: ZoneInfo, clock: Clock
    ) -> None:
        self._database = database
        self._servers = servers
        self._zone = zone
        self._clock = clock

    async def month_of(self, guild_id: int) -> MonthOfServer:
        """A server's current month, by its own calendar."""
        zone = await self._zone_of(guild_id)
        days = days_of_month(self._clock.now(), zone)
        lines = await self._in_server(guild_id, days)
        month = MonthOfServer(days=[day.on for day in days], zone=zone, lines=lines)
        # Here and not when they are shown, on the event loop.
        await asyncio.to_thread(lambda: (month.by_day, month.by_user))
        return month

    async def everywhere(self) -> Sequence[SpentThere]:
        """Each server's current month by the operator's calendar, the largest sum first."""
        days = days_of_month(self._clock.now(), self._zone)
        sums = await self._by_server(days[0].begins_at, days[-1].ends_at)

        def largest_first(one: SpentThere) -> tuple[int, int]:
            return (-(one.spend.held_microusd + one.spend.spent_microusd), -one.spend.videos)

        return sorted(sums, key=largest_first)

    async def likely_day_microusd(self) -> int:
        """What the operator's key is likely to pay for in a day: the mean of the last week's days.

        Days without videos do not count.
        """
        now = self._clock.now()
        began = [now - timedelta(days=number) for number in range(_WEEK_DAYS + 1)]
        day = case(*((ledger.c.at >= at, n) for n, at in enumerate(began)), else_=None).label("day")
        is_operators = ledger.c.key_id.is_(None) & (ledger.c.at >= began[-1])
        spent = func.sum(ledger.c.spent_change_microusd).label("spent")
        rows = await self._database.rows(select(day, spent).where(is_operators).group_by(day))
        days = [int(row["spent"]) for row in rows if row["spent"] > 0]
        return sum(days) // len(days) if days else 0

    async def counted(self, guild_id: int, limits: CapsOf) -> Counted:
        """What already counts towards these limits, whether or not they are set."""
        match limits.kind:
            case CapsKind.SERVER:
                scope, subject_id = Scope.SERVER, 0
            case CapsKind.TOGETHER if limits.role_id == guild_id:
                scope, subject_id = Scope.EVERYBODY, 0
            case CapsKind.TOGETHER:
                scope, subject_id = Scope.ROLE, limits.role_id
            case CapsKind.MEMBERS | CapsKind.EACH:
                scope, subject_id = Scope.MEMBER, None
        zone, now = await self._zone_of(guild_id), self._clock.now()
        today, this_month = [
            await self._most_counted(
                scope, guild_id, subject_id=subject_id, period=period_of(span, now, zone)
            )
            for span in (Span.DAY, Span.MONTH)
        ]
        return Counted(today, this_month)

    async def start_afresh(self, guild_id: int, user_id: int, *, by_user_id: int) -> FreshStart:
        """Let a member's own limits in a server count from zero, today and this month.

        Jobs under way still count, and what was spent stays in everyone else's limits and in every
        list. It is written with its entry in the audit log, or not at all.
        """
        zone, at = await self._zone_of(guild_id), self._clock.now()
        day, month = (
            Account(Scope.MEMBER, guild_id, user_id, period_of(span, at, zone))
            for span in (Span.DAY, Span.MONTH)
        )
        entry = AuditEntry(
            guild_id=guild_id,
            at=at,
            by_user_id=by_user_id,
            what=START_AFRESH,
            before="",
            after=str(user_id),
        )

        async def write(connection: AsyncConnection) -> FreshStart:
            # In the order in which jobs lock them too, so that no two wait for each other.
            gone = {
                account: await _emptied(connection, account, by_user_id=by_user_id, at=at)
                for account in sorted((day, month))
            }
            row = {name: getattr(entry, name) for name in entry.__slots__}
            await connection.execute(insert(audit_entries), row)
            return FreshStart(
                day_microusd=gone[day].spent_microusd,
                day_videos=gone[day].videos,
                month_microusd=gone[month].spent_microusd,
                month_videos=gone[month].videos,
            )

        return await self._database.transact(write)

    async def _in_server(self, guild_id: int, days: Sequence[Day]) -> Sequence[DaySum]:
        """The sum of each person's jobs on each day."""
        # The days are computed here, since the two databases have different calendars.
        number = case(
            *((jobs.c.created_at < day.ends_at, n) for n, day in enumerate(days)), else_=None
        ).label("number")
        there = (jobs.c.server_id == guild_id) & _between(days[0].begins_at, days[-1].ends_at)
        query = (
            select(number, ledger.c.user_id, *_SUMS)
            .join_from(jobs, ledger, ledger.c.job_id == jobs.c.id)
            .where(there)
            .group_by(number, ledger.c.user_id)
            .order_by(number, ledger.c.user_id)
        )
        return await self._database.many_readable(
            query, lambda row: DaySum(days[int(row["number"])].on, row["user_id"], _spend(row))
        )

    async def _by_server(self, since: datetime, until: datetime) -> Sequence[SpentThere]:
        """The sums of each server's jobs, the operator's and its own key apart."""
        by_operator = ledger.c.key_id.is_(None).label("by_operator")
        query = (
            select(jobs.c.server_id, by_operator, *_SUMS)
            .join_from(jobs, ledger, ledger.c.job_id == jobs.c.id)
            .where(_between(since, until))
            .group_by(jobs.c.server_id, by_operator)
        )
        return await self._database.many_readable(
            query, lambda row: SpentThere(row["server_id"], bool(row["by_operator"]), _spend(row))
        )

    async def _most_counted(
        self, scope: Scope, owner_id: int, *, subject_id: int | None, period: str
    ) -> Balance:
        """The highest count of any account of this kind, or of the named subject's alone."""
        accounts = account_balances.c
        query = select(
            func.max(accounts.held_microusd + accounts.spent_microusd).label("microusd"),
            func.max(accounts.videos).label("videos"),
        ).where(
            accounts.scope == scope.value,
            accounts.owner_id == owner_id,
            accounts.period == period,
        )
        if subject_id is not None:
            query = query.where(accounts.subject_id == subject_id)
        (row,) = await self._database.rows(query)
        return Balance(spent_microusd=row["microusd"] or 0, videos=row["videos"] or 0)

    async def _zone_of(self, guild_id: int) -> ZoneInfo:
        return (await self._servers.current(guild_id)).zone(self._zone)


async def _emptied(
    connection: AsyncConnection, account: Account, *, by_user_id: int, at: datetime
) -> Balance:
    """Empty the account and return what it counted; what jobs under way hold stays."""
    balance = await locked_balance(connection, account)
    under_way = await connection.scalar(_under_way(account)) if balance.videos else 0
    gone = Balance(spent_microusd=balance.spent_microusd, videos=balance.videos - (under_way or 0))
    if gone != Balance():
        adjustment = Adjustment(
            account=account,
            at=at,
            by_user_id=by_user_id,
            why=START_AFRESH,
            spent_change_microusd=-gone.spent_microusd,
            videos_change=-gone.videos,
        )
        await adjust(connection, adjustment)
    return gone


def _under_way(account: Account) -> Select[int]:
    """How many of its jobs have no final entry yet."""
    names = columns_of(account).items()
    counted = and_(*(ledger_accounts.c[name] == value for name, value in names))
    # A job that was written off and came all the same is reserved a second time.
    is_final = ledger.c.kind.in_(sorted(kind.value for kind in FINAL_KINDS))
    signs = case((ledger.c.kind == EntryKind.RESERVED.value, 1), (is_final, -1), else_=0)
    of_it = ledger.c.job_id == ledger_accounts.c.job_id
    is_under_way = select(func.sum(signs)).where(of_it).scalar_subquery() > 0
    return select(func.count()).select_from(ledger_accounts).where(counted, is_under_way)


def _between(since: datetime, until: datetime) -> ColumnElement[bool]:
    return (jobs.c.created_at >= since) & (jobs.c.created_at < until)


def _spend(row: RowMapping) -> Spend:
    # PostgreSQL returns the sum of integers as a decimal.
    return Spend(*(int(row[name]) for name in ("held", "spent", "estimated", "videos")))
