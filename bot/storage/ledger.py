"""The ledger in SQL: reserves and releases within the transaction that writes the job."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    RowMapping,
    Select,
    Update,
    UpdateBase,
    and_,
    bindparam,
    false,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import Job
from bot.domain.money.entries import Adjustment, Entry, reserved
from bot.domain.money.ledger import (
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
from bot.storage.tables.jobs import (
    account_balances,
    cooldowns,
    instant_or_none,
    ledger,
    ledger_accounts,
    ledger_adjustments,
)
from bot.storage.upserts import insert_into, insert_unless_there

_NAMES = ("scope", "owner_id", "subject_id", "period")
_CHANGES = {
    "held_microusd": "held_change_microusd",
    "spent_microusd": "spent_change_microusd",
    "videos": "videos_change",
}
"""The sums of a balance, and by which value of an entry each is changed."""

# Building a statement takes SQLAlchemy longer than running it: these are built once.
_WRITE_ENTRY = insert(ledger)
_WRITE_ACCOUNTS = insert(ledger_accounts)
_BALANCE_OF = tuple_(*(account_balances.c[name] for name in _NAMES))
_ITS_ACCOUNTS = select(*(ledger_accounts.c[name] for name in _NAMES)).where(
    ledger_accounts.c.job_id == bindparam("job_id")
)
# By the columns as they are: an account of a kind that only a newer version knows must not keep a
# paid job's money, and with it the job, from being settled.
_ITS_BALANCES = _BALANCE_OF.in_(_ITS_ACCOUNTS)
_LOCK_ITS_BALANCES = (
    select(account_balances)
    .where(_ITS_BALANCES)
    .order_by(*account_balances.primary_key)
    .with_for_update()
)


def _changed(which: ColumnElement[bool]) -> Update:
    changed = {
        name: account_balances.c[name] + bindparam(change) for name, change in _CHANGES.items()
    }
    return update(account_balances).where(which).values(changed)


_CHANGE_ITS_BALANCES = _changed(_ITS_BALANCES)


@cache
def _opened_or_changed(dialect_name: str) -> UpdateBase:
    """Add a job's entry to each of its accounts, in one order for all; returns them afterwards."""
    changes = (bindparam(change, type_=BigInteger) for change in _CHANGES.values())
    names = [*_NAMES, *_CHANGES]
    accounts = _ITS_ACCOUNTS.add_columns(*changes).order_by(*_NAMES)
    opened = insert_into(dialect_name, account_balances).from_select(names, accounts)
    there = {name: account_balances.c[name] + opened.excluded[name] for name in _CHANGES}
    changed = opened.on_conflict_do_update(index_elements=_NAMES, set_=there)
    return changed.returning(account_balances)


async def take(
    connection: AsyncConnection, job: Job, reservation: Reservation
) -> OverCap | TooSoon | None:
    """Reserve a job's price; returns the first objection: the transaction must then be undone.

    The balances are locked by being changed before they are compared with the caps, until the job
    is written: of any number of jobs at once, exactly those within the caps pass.
    """
    cooling = await _cool_down(connection, job, reservation.cooldown_s)
    if cooling is not None:
        return cooling
    entry = _row_of(reserved(job))
    change = _change(entry)
    await connection.execute(_WRITE_ENTRY, entry)
    if not reservation.holds:
        return None
    rows = [{"job_id": job.id, **columns_of(hold.account)} for hold in reservation.holds]
    await connection.execute(_WRITE_ACCOUNTS, rows)
    changed = await connection.execute(_opened_or_changed(connection.dialect.name), change)
    before = {account_of(row): _before(balance_of(row), change) for row in changed.mappings()}
    holds = sorted(reservation.holds, key=lambda hold: hold.account)
    return over_cap(holds, before, job.estimate_microusd)


async def enter(connection: AsyncConnection, entry: Entry) -> None:
    """Write a later entry of a job, and its change to the balances of its accounts."""
    row = _row_of(entry)
    await connection.execute(_WRITE_ENTRY, row)
    # In one order for all, so that no two transactions deadlock.
    await connection.execute(_LOCK_ITS_BALANCES, {"job_id": entry.job_id})
    await connection.execute(_CHANGE_ITS_BALANCES, _change(row))


async def adjust(connection: AsyncConnection, adjustment: Adjustment) -> None:
    """Write a correction of one account, and its change to the balance."""
    changes = {
        "spent_change_microusd": adjustment.spent_change_microusd,
        "videos_change": adjustment.videos_change,
    }
    no_change_held = {"held_change_microusd": 0}
    row = {
        **columns_of(adjustment.account),
        "at": adjustment.at,
        "by_user_id": adjustment.by_user_id,
        "why": adjustment.why,
        **changes,
    }
    await connection.execute(insert(ledger_adjustments), row)
    await connection.execute(_changed(_is(adjustment.account)), changes | no_change_held)


async def locked_balance(connection: AsyncConnection, account: Account) -> Balance:
    """An account's balance; no other transaction changes it until this one ends."""
    locked = select(account_balances).where(_is(account)).with_for_update()
    row = (await connection.execute(locked)).mappings().first()
    return Balance() if row is None else balance_of(row)


class SqlLedger:
    """The Ledger port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def balances(self, accounts: Collection[Account]) -> Mapping[Account, Balance]:
        """The current balances of these accounts; zero for those without an entry."""
        names = (columns_of(account).items() for account in accounts)
        values = {f"{name}_{n}": value for n, row in enumerate(names) for name, value in row}
        rows = await self._database.rows(_one_of(len(accounts)).params(values))
        known = {account_of(row): balance_of(row) for row in rows}
        return {account: known.get(account, Balance()) for account in accounts}

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


@lru_cache(maxsize=64)
def _one_of(many: int) -> Select[Any]:
    """The balances of so many accounts, named one by one: else SQLite uses no index for them."""
    columns = account_balances.c
    named = (
        and_(*(columns[name] == bindparam(f"{name}_{n}") for name in _NAMES)) for n in range(many)
    )
    return select(account_balances).where(or_(false(), *named))


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


def _before(after: Balance, change: Mapping[str, Any]) -> Balance:
    return Balance(
        after.held_microusd - change["held_change_microusd"],
        after.spent_microusd - change["spent_change_microusd"],
        after.videos - change["videos_change"],
    )


def _change(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("job_id", *_CHANGES.values())}


def _row_of(entry: Entry) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(entry, name) for name in entry.__slots__}
    return values | {"kind": entry.kind.value}
