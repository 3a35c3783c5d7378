"""Sums over the ledger, each one grouped query, and the correction that gives a fresh start."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.calendar import Day, Span, period_of
from bot.domain.entries import FINAL_KINDS, Adjustment, EntryKind
from bot.domain.ledger import Account, Balance, Scope
from bot.domain.servers import AuditEntry
from bot.features.spending_ports import FreshStart, Spend, Spent, SpentThere
from bot.storage.database import Database
from bot.storage.ledger import adjust, columns_of, locked_balance
from bot.storage.tables import account_balances, audit_entries, jobs, ledger, ledger_accounts

START_AFRESH = "start_afresh"
"""What the trail and the ledger call it."""

_SUMS = (
    func.sum(ledger.c.held_change_microusd).label("held"),
    func.sum(ledger.c.spent_change_microusd).label("spent"),
    func.sum(case((ledger.c.is_estimate, ledger.c.spent_change_microusd), else_=0)).label(
        "estimated"
    ),
    func.sum(ledger.c.videos_change).label("videos"),
)


class SqlSpending:
    """The SpendStore port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def in_server(self, guild_id: int, days: Sequence[Day]) -> Sequence[Spent]:
        """What each person's jobs of each day come to."""
        if not days:
            return ()
        # The days come from here, since the two databases know calendars of their own.
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
        rows = await self._database.rows(query)
        return [Spent(days[int(row["number"])].on, row["user_id"], _spend(row)) for row in rows]

    async def by_server(self, since: datetime, until: datetime) -> Sequence[SpentThere]:
        """What each server's jobs come to, the operator's and its own key apart."""
        by_operator = ledger.c.key_id.is_(None).label("by_operator")
        query = (
            select(jobs.c.server_id, by_operator, *_SUMS)
            .join_from(jobs, ledger, ledger.c.job_id == jobs.c.id)
            .where(_between(since, until))
            .group_by(jobs.c.server_id, by_operator)
        )
        rows = await self._database.rows(query)
        return [SpentThere(row["server_id"], bool(row["by_operator"]), _spend(row)) for row in rows]

    async def most_counted(
        self, scope: Scope, owner_id: int, *, subject_id: int | None, period: str
    ) -> Balance:
        """The most that any account of this kind counts; of one subject alone, if it is named."""
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

    async def start_afresh(
        self, guild_id: int, user_id: int, *, zone: ZoneInfo, by_user_id: int, at: datetime
    ) -> FreshStart:
        """Correct the member's day and month to what is under way, with the trail, or neither."""
        day, month = (
            Account(Scope.MEMBER, guild_id, user_id, period_of(span, at, zone))
            for span in (Span.DAY, Span.MONTH)
        )
        trail = AuditEntry(
            guild_id=guild_id,
            at=at,
            by_user_id=by_user_id,
            what=START_AFRESH,
            before="",
            after=str(user_id),
        )

        async def write(connection: AsyncConnection) -> FreshStart:
            # In the order in which jobs take from them too, so that nobody waits in a circle.
            gone = {
                account: await _emptied(connection, account, by_user_id=by_user_id, at=at)
                for account in sorted((day, month))
            }
            row = {name: getattr(trail, name) for name in trail.__slots__}
            await connection.execute(insert(audit_entries), row)
            return FreshStart(
                day_microusd=gone[day].spent_microusd,
                day_videos=gone[day].videos,
                month_microusd=gone[month].spent_microusd,
                month_videos=gone[month].videos,
            )

        return await self._database.transact(write)


async def _emptied(
    connection: AsyncConnection, account: Account, *, by_user_id: int, at: datetime
) -> Balance:
    """What the account counts no longer; what is held for jobs under way stays."""
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
    """How many of its jobs have not come to their last entry."""
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
    # PostgreSQL sums whole numbers to a decimal.
    return Spend(*(int(row[name]) for name in ("held", "spent", "estimated", "videos")))
