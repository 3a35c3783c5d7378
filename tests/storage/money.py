"""People who ask for videos under limits, straight at the store, and books to hold against it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.domain.actor import Actor
from bot.domain.job import Job, JobId, State
from bot.domain.lifecycle import Accepted, Event, RenderingBegan, RenderingSucceeded, SendingBegan
from bot.domain.money.ledger import Account, Balance, Reservation
from bot.domain.money.policy import OperatorLimits, holds_for
from bot.domain.ports import AddOutcome
from bot.domain.servers import NOTHING_DECIDED, ServerSettings
from bot.features.servers.servers import ServerRows, Servers
from bot.features.spending import Spending
from bot.storage import SqlJobStore
from bot.storage.ledger import account_of, balance_of
from bot.storage.tables.jobs import account_balances, ledger, ledger_accounts, ledger_adjustments
from tests.clocks import FakeClock
from tests.domain.samples import A_VIDEO, HERE, NOON, a_job
from tests.storage.behind import seen

UTC_ZONE = ZoneInfo("UTC")
GUILD = 500
PRICE = 840_000
"""What a_job is expected to cost."""


def job_of(
    number: int,
    *,
    user_id: int = 77,
    guild_id: int | None = GUILD,
    at: datetime = NOON,
    estimate_microusd: int = PRICE,
    key_id: int | None = None,
) -> Job:
    """A job of somebody, somewhere, asked for at some time."""
    return a_job(number).model_copy(
        update={
            "requester_id": user_id,
            "server_id": guild_id,
            "place": HERE.model_copy(update={"guild_id": guild_id}),
            "created_at": at,
            "state_since": at,
            "estimate_microusd": estimate_microusd,
            "key_id": key_id,
        }
    )


def spending_of(store: SqlJobStore, *, at: datetime = NOON, zone: ZoneInfo = UTC_ZONE) -> Spending:
    """At an instant, by the operator's calendar unless a server has one of its own."""
    clock = FakeClock(at)
    servers = Servers(rows=ServerRows(database=store.database), clock=clock)
    return Spending(database=store.database, servers=servers, zone=zone, clock=clock)


def reservation_for(
    job: Job,
    *,
    server: ServerSettings = NOTHING_DECIDED,
    limits: OperatorLimits | None = None,
    role_ids: frozenset[int] = frozenset(),
) -> Reservation:
    """What a job must find free, as the desk would say it."""
    limits = limits or OperatorLimits()
    asker = Actor(user_id=job.requester_id, guild_id=job.server_id, role_ids=role_ids)
    holds = holds_for(
        asker,
        server=server,
        everywhere=NOTHING_DECIDED,
        limits=limits,
        key_id=job.key_id,
        at=job.created_at,
    )
    return Reservation(holds=holds, cooldown_s=limits.cooldown_s)


async def asked(
    store: SqlJobStore,
    job: Job,
    *,
    server: ServerSettings = NOTHING_DECIDED,
    limits: OperatorLimits | None = None,
    role_ids: frozenset[int] = frozenset(),
) -> AddOutcome:
    """Ask for it under these limits."""
    reservation = reservation_for(job, server=server, limits=limits, role_ids=role_ids)
    return await store.add(job, reservation)


async def carried_on(store: SqlJobStore, job: Job, *events: Event) -> Job:
    """The job after all of these happened to it."""
    for event in events:
        moved = await store.move(job, event, job.state_since)
        assert moved is not None, f"{event} cannot happen in {job.state}"
        job = moved
    return job


async def rendered(store: SqlJobStore, job: Job, cost_microusd: int | None = None) -> Job:
    """The job once it is rendered, at the price that the service said, if it did."""
    job = await carried_on(
        store,
        job,
        SendingBegan(),
        Accepted(f"request-{job.id}"),
        RenderingBegan(),
        RenderingSucceeded((A_VIDEO,), cost_microusd),
    )
    assert job.state is State.RENDERED
    return job


async def balances(url: str) -> dict[Account, Balance]:
    """All balances as they stand."""
    return {account_of(row): balance_of(row) for row in await seen(url, select(account_balances))}


async def sums_by_key(url: str) -> dict[tuple[JobId, int | None], Balance]:
    """What the entries of each job say of each key, where that is anything."""
    query = select(
        ledger.c.job_id,
        ledger.c.key_id,
        func.sum(ledger.c.held_change_microusd).label("held_microusd"),
        func.sum(ledger.c.spent_change_microusd).label("spent_microusd"),
        func.sum(ledger.c.videos_change).label("videos"),
    ).group_by(ledger.c.job_id, ledger.c.key_id)
    sums = {(row["job_id"], row["key_id"]): balance_of(row) for row in await seen(url, query)}
    return {of: balance for of, balance in sums.items() if balance != Balance()}


async def sums_of_entries(url: str) -> dict[Account, Balance]:
    """All balances as the entries and the adjustments make them, which are only ever added."""
    names = ("scope", "owner_id", "subject_id", "period")
    accounts, adjusted = ledger_accounts.c, ledger_adjustments.c
    of_jobs = (
        select(
            *(accounts[name] for name in names),
            func.sum(ledger.c.held_change_microusd).label("held_microusd"),
            func.sum(ledger.c.spent_change_microusd).label("spent_microusd"),
            func.sum(ledger.c.videos_change).label("videos"),
        )
        .join_from(ledger, ledger_accounts, ledger.c.job_id == accounts.job_id)
        .group_by(*(accounts[name] for name in names))
    )
    of_people = select(
        *(adjusted[name] for name in names),
        func.sum(adjusted.spent_change_microusd).label("spent_microusd"),
        func.sum(adjusted.videos_change).label("videos"),
    ).group_by(*(adjusted[name] for name in names))
    sums = {account_of(row): balance_of(row) for row in await seen(url, of_jobs)}
    for row in await seen(url, of_people):
        before = sums[account_of(row)]
        sums[account_of(row)] = Balance(
            before.held_microusd,
            before.spent_microusd + row["spent_microusd"],
            before.videos + row["videos"],
        )
    return sums
