"""The ledger in SQL: reserves and releases within the transaction that writes the job."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    Update,
    UpdateBase,
    and_,
    exists,
    false,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.entries import Adjustment, Entry, reserved
from bot.domain.job import Job
from bot.domain.ledger import (
    CLOCKS_DIFFER,
    Account,
    Balance,
    OverCap,
    Reservation,
    Scope,
    TooSoon,
    over_cap,
)
from bot.storage.database import Database
from bot.storage.tables import (
    account_balances,
    cooldowns,
    instant_or_none,
    ledger,
    ledger_accounts,
    ledger_adjustments,
)
from bot.storage.upserts import insert_unless_there

_NAMES = ("scope", "owner_id", "subject_id", "period")
_EMPTY = {"held_microusd": 0, "spent_microusd": 0, "videos": 0}


async def take(
    connection: AsyncConnection, job: Job, reservation: Reservation
) -> OverCap | TooSoon | None:
    """Reserve a job's price; returns the first objection: the transaction must then be undone.

    The balances are locked before they are compared with the caps, until the job is written: of
    any number of jobs at once, exactly those within the caps pass.
    """
    cooling = await _cool_down(connection, job, reservation.cooldown_s)
    if cooling is not None:
        return cooling
    entry = reserved(job)
    await connection.execute(insert(ledger), _row_of(entry))
    if not reservation.holds:
        return None
    holds = sorted(reservation.holds, key=lambda hold: hold.account)
    rows = [columns_of(hold.account) for hold in holds]
    await connection.execute(insert(ledger_accounts), [{"job_id": job.id, **row} for row in rows])
    opened = insert_unless_there(connection.dialect.name, account_balances)
    await connection.execute(opened, [row | _EMPTY for row in rows])
    accounts = [hold.account for hold in holds]
    stand = await _locked(connection, accounts)
    if (over := over_cap(holds, stand, job.estimate_microusd)) is not None:
        return over
    await connection.execute(_changed(_is_one_of(accounts), _row_of(entry)))
    return None


async def enter(connection: AsyncConnection, entry: Entry) -> None:
    """Write a later entry of a job, and its change to the balances of its accounts."""
    await connection.execute(insert(ledger), _row_of(entry))
    # By the columns as they are: an account of a kind that only a newer version knows must not
    # keep a paid job's money, and with it the job, from being settled.
    theirs = exists().where(
        ledger_accounts.c.job_id == entry.job_id,
        *(ledger_accounts.c[name] == account_balances.c[name] for name in _NAMES),
    )
    await _lock(connection, theirs)
    await connection.execute(_changed(theirs, _row_of(entry)))


async def adjust(connection: AsyncConnection, adjustment: Adjustment) -> None:
    """Write a correction of one account, and its change to the balance."""
    changes = {
        "spent_change_microusd": adjustment.spent_change_microusd,
        "videos_change": adjustment.videos_change,
    }
    row = {
        **columns_of(adjustment.account),
        "at": adjustment.at,
        "by_user_id": adjustment.by_user_id,
        "why": adjustment.why,
        **changes,
    }
    await connection.execute(insert(ledger_adjustments), row)
    await connection.execute(
        _changed(_is(adjustment.account), {"held_change_microusd": 0, **changes})
    )


async def locked_balance(connection: AsyncConnection, account: Account) -> Balance:
    """An account's balance; no other transaction changes it until this one ends."""
    row = (await connection.execute(_of([account]).with_for_update())).mappings().first()
    return Balance() if row is None else balance_of(row)


class SqlLedger:
    """The Ledger port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def balances(self, accounts: Collection[Account]) -> Mapping[Account, Balance]:
        """The current balances of these accounts; zero for those without an entry."""
        return _filled(accounts, await self._database.rows(_of(accounts)))

    async def again_at(self, user_id: int) -> datetime | None:
        """When a member may ask again after the last time."""
        theirs = select(cooldowns.c.again_at).where(cooldowns.c.user_id == user_id)
        rows = await self._database.rows(theirs)
        return instant_or_none(rows[0]["again_at"]) if rows else None

    async def cool_down(self, user_id: int, *, again_at: datetime) -> None:
        """Let a member ask again no earlier than this, or than their current limit."""

        async def write(connection: AsyncConnection) -> None:
            theirs = cooldowns.c.user_id == user_id
            first = insert_unless_there(connection.dialect.name, cooldowns).values(
                user_id=user_id, again_at=again_at
            )
            if not await _touched(connection, first):
                is_earlier = cooldowns.c.again_at < again_at
                await connection.execute(
                    update(cooldowns).where(theirs & is_earlier).values(again_at=again_at)
                )

        await self._database.transact(write)


async def _cool_down(connection: AsyncConnection, job: Job, cooldown_s: int) -> TooSoon | None:
    if not cooldown_s:
        return None
    theirs = cooldowns.c.user_id == job.requester_id
    again_at = job.created_at + timedelta(seconds=cooldown_s)
    first = insert_unless_there(connection.dialect.name, cooldowns).values(
        user_id=job.requester_id, again_at=again_at
    )
    if await _touched(connection, first):
        return None
    # A time further away than the whole pause was written by a clock that was ahead.
    is_over = (cooldowns.c.again_at <= job.created_at) | (
        cooldowns.c.again_at > again_at + CLOCKS_DIFFER
    )
    later = update(cooldowns).where(theirs & is_over).values(again_at=again_at)
    if await _touched(connection, later):
        return None
    until = instant_or_none(await connection.scalar(select(cooldowns.c.again_at).where(theirs)))
    return TooSoon(until or again_at)


async def _touched(connection: AsyncConnection, statement: UpdateBase) -> bool:
    counted = statement.execution_options(preserve_rowcount=True)
    return (await connection.execute(counted)).rowcount > 0


def _changed(which: ColumnElement[bool], changes: Mapping[str, Any]) -> Update:
    balances = account_balances.c
    return (
        update(account_balances)
        .where(which)
        .values(
            held_microusd=balances.held_microusd + changes["held_change_microusd"],
            spent_microusd=balances.spent_microusd + changes["spent_change_microusd"],
            videos=balances.videos + changes["videos_change"],
        )
    )


async def _locked(
    connection: AsyncConnection, accounts: Collection[Account]
) -> Mapping[Account, Balance]:
    """The balances of these accounts; no other transaction changes them until this one ends."""
    return _filled(accounts, await _lock(connection, _is_one_of(accounts)))


async def _lock(connection: AsyncConnection, which: ColumnElement[bool]) -> Sequence[RowMapping]:
    """Lock these balances in one order for all, so that no two transactions deadlock."""
    in_order = select(account_balances).where(which).order_by(*account_balances.primary_key)
    return (await connection.execute(in_order.with_for_update())).mappings().all()


def _filled(accounts: Collection[Account], rows: Sequence[RowMapping]) -> Mapping[Account, Balance]:
    known = {account_of(row): balance_of(row) for row in rows}
    return {account: known.get(account, Balance()) for account in accounts}


def _of(accounts: Collection[Account]) -> Select[Any]:
    return select(account_balances).where(_is_one_of(accounts))


def _is_one_of(accounts: Collection[Account]) -> ColumnElement[bool]:
    return or_(false(), *map(_is, accounts))


def _is(account: Account) -> ColumnElement[bool]:
    return and_(*(account_balances.c[name] == value for name, value in columns_of(account).items()))


def columns_of(account: Account) -> dict[str, object]:
    """The columns that name an account, in every table that has accounts."""
    return {
        "scope": account.scope.value,
        "owner_id": account.owner_id,
        "subject_id": account.subject_id,
        "period": account.period,
    }


def account_of(row: RowMapping) -> Account:
    """The account in a row."""
    return Account(Scope(row["scope"]), row["owner_id"], row["subject_id"], row["period"])


def balance_of(row: RowMapping) -> Balance:
    """The balance in a row."""
    return Balance(row["held_microusd"], row["spent_microusd"], row["videos"])


def _row_of(entry: Entry) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(entry, name) for name in entry.__slots__}
    return values | {"kind": entry.kind.value}
