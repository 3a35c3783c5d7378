"""Balances are locked in one order by everybody, so no two transactions wait in a circle."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
from sqlalchemy import ColumnElement, and_, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import Job
from bot.domain.lifecycle import Cancelled
from bot.domain.money.ledger import Account, Reservation
from bot.domain.ports import Added, AddOutcome
from bot.features.spending import FreshStart
from bot.storage import SqlJobStore, open_store
from bot.storage.ledger import account_of, columns_of
from bot.storage.tables.jobs import account_balances
from tests.domain.samples import LATER
from tests.patience import until
from tests.storage.behind import seen
from tests.storage.money import GUILD, job_of, reservation_for, spending_of

_WAITING = text("SELECT pid FROM pg_locks WHERE NOT granted")


@pytest.fixture
async def store(postgres_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(postgres_url) as opened:
        yield opened


def named(account: Account) -> ColumnElement[bool]:
    names = columns_of(account).items()
    return and_(*(account_balances.c[name] == value for name, value in names))


async def until_one_waits(url: str) -> None:
    await until(lambda: seen(url, _WAITING), otherwise=lambda: "no transaction waits")


def backwards(reservation: Reservation) -> Reservation:
    holds = sorted(reservation.holds, key=lambda hold: hold.account, reverse=True)
    return Reservation(holds=tuple(holds), cooldown_s=reservation.cooldown_s)


async def turn_round(store: SqlJobStore) -> None:
    """Let the rows lie in the table in the opposite of the order in which they are locked."""
    in_order = select(account_balances).order_by(*account_balances.primary_key)
    rows = [dict(row) for row in await store.database.rows(in_order)]
    await store.database.write(delete(account_balances))
    for row in reversed(rows):
        await store.database.write(insert(account_balances).values(row))


async def in_order(store: SqlJobStore) -> list[Account]:
    query = select(account_balances).order_by(*account_balances.primary_key)
    return [account_of(row) for row in await store.database.rows(query)]


Act = Callable[[SqlJobStore, Job], Awaitable[object]]


async def another_job(store: SqlJobStore, _: Job) -> object:
    job = job_of(2)
    assert await store.add(job, backwards(reservation_for(job))) == Added()
    return job


async def an_end(store: SqlJobStore, job: Job) -> object:
    moved = await store.move(job, Cancelled(), LATER)
    assert moved is not None
    return moved


async def a_fresh_start(store: SqlJobStore, job: Job) -> object:
    start = await spending_of(store, at=job.created_at).start_afresh(
        GUILD, job.requester_id, by_user_id=1
    )
    assert isinstance(start, FreshStart)
    return start


@pytest.mark.parametrize("act", [another_job, an_end, a_fresh_start])
async def test_whoever_waits_for_one_balance_holds_none_that_comes_after_it(
    store: SqlJobStore, postgres_url: str, act: Act
) -> None:
    job = job_of(1)
    assert await store.add(job, reservation_for(job)) == Added()
    await turn_round(store)
    accounts = await in_order(store)
    if act is a_fresh_start:
        accounts = [one for one in accounts if one.subject_id == job.requester_id]
    first, others = accounts[0], accounts[1:]
    assert others

    async def hold_the_first(connection: AsyncConnection) -> None:
        await connection.execute(select(account_balances).where(named(first)).with_for_update())
        acting.append(asyncio.ensure_future(act(store, job)))
        await until_one_waits(postgres_url)
        for other in others:
            free = select(account_balances).where(named(other)).with_for_update(nowait=True)
            assert (await connection.execute(free)).first() is not None

    acting: list[asyncio.Future[object]] = []
    await store.database.transact(hold_the_first)
    assert await acting[0]


async def test_balances_that_are_opened_at_once_are_opened_in_one_order(
    store: SqlJobStore, postgres_url: str
) -> None:
    job = job_of(1)
    reservation = reservation_for(job)
    accounts = sorted(hold.account for hold in reservation.holds)
    nothing = {"held_microusd": 0, "spent_microusd": 0, "videos": 0}

    async def open_them(connection: AsyncConnection) -> None:
        rows = [{**columns_of(account), **nothing} for account in accounts]
        await connection.execute(insert(account_balances), rows[0])
        adding.append(asyncio.ensure_future(store.add(job, backwards(reservation))))
        await until_one_waits(postgres_url)
        # Had the other opened one of these already, the two would wait for each other for ever.
        await connection.execute(insert(account_balances), rows[1:])

    adding: list[asyncio.Future[AddOutcome]] = []
    await store.database.transact(open_them)
    assert await adding[0] == Added()
