"""What an operator does at a shell, beside a running bot or without one."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import assert_never

from bot.clock import SystemClock
from bot.foundation import database_url
from bot.generation import lifecycle
from bot.generation.answers import ResolveOutcome
from bot.generation.job import Job, JobId
from bot.generation.operating import JOB_BOUND, JOB_WRITTEN_OFF
from bot.generation.servers import AT_THE_SHELL
from bot.resolving import note_resolved, resolve
from bot.servers import ServerDesk
from bot.settings import Settings
from bot.storage import DatabaseUnusable, SqlJobStore, open_store
from bot.storage.inspection import CurrentSchema, NotMadeYet, OlderSchema, look_at_schema
from bot.storage.servers import SqlServers

RESOLVED_WORDS = {
    ResolveOutcome.RESOLVED: "Done. A running bot takes it up within a minute.",
    ResolveOutcome.UNKNOWN_JOB: "There is no such job. `python -m bot resolve` lists them.",
    ResolveOutcome.NOT_UNSURE: "That job is not unsure (any more); nothing was changed.",
    ResolveOutcome.TAKEN: "Another job has this request already; nothing was changed.",
}


async def unsure_jobs(settings: Settings) -> Sequence[Job]:
    """The jobs that wait for a person's decision, oldest first.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    async with _store(settings) as store:
        return await store.unsure()


async def decide(settings: Settings, job_id: JobId, *, request_id: str | None) -> ResolveOutcome:
    """Bind an unsure job to the request that was found for it, or write it off with None.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    decision = (
        lifecycle.WrittenOff() if request_id is None else lifecycle.Accepted(request_id.strip())
    )
    what = JOB_WRITTEN_OFF if request_id is None else JOB_BOUND
    clock = SystemClock()
    async with _store(settings) as store:
        outcome = await resolve(store, job_id, decision, clock.now())
        if outcome is ResolveOutcome.RESOLVED and (job := await store.get(job_id)) is not None:
            servers = ServerDesk(store=SqlServers(database=store.database), clock=clock)
            await note_resolved(servers, job, what, by_user_id=AT_THE_SHELL)
    return outcome


def unsure_line(job: Job) -> str:
    """One job for a terminal: what is needed to find it in RunComfy's list, and no prompt."""
    sent = "nobody knows when" if job.sent_at is None else f"{job.sent_at:%Y-%m-%d %H:%M:%S} UTC"
    request = job.request
    return (
        f"{job.id}  sent {sent}  {request.duration_s} s {request.aspect.value}  "
        f"request {job.request_id or 'unknown'}"
    )


@asynccontextmanager
async def existing_store(settings: Settings) -> AsyncGenerator[SqlJobStore]:
    """The store of a bot that has been started with this version; nothing is made or migrated.

    So a list can be read beside a bot of an older version, without taking its tables away from it.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    state = await look_at_schema(database_url(settings))
    match state:
        case NotMadeYet():
            raise DatabaseUnusable("it has no tables yet, the first start of the bot makes them")
        case OlderSchema():
            raise DatabaseUnusable(
                "its tables are of an older version, the next start of the bot updates them"
            )
        case CurrentSchema():
            pass
        case _:
            assert_never(state)
    async with _store(settings) as store:
        yield store


@asynccontextmanager
async def _store(settings: Settings) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url(settings)) as stores:
        yield stores
