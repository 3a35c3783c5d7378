"""`resolve`: an operator decides about jobs of which RunComfy's answer was lost."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.app.foundation import database_url
from bot.cli.shell import BAD_SETTINGS, COULD_NOT, settings_or_exit, tell, told_in_a_sentence
from bot.domain import lifecycle
from bot.domain.clock import SystemClock
from bot.domain.job import Job, JobId
from bot.domain.servers import AT_THE_SHELL, JOB_BOUND, JOB_WRITTEN_OFF
from bot.features.resolving import ResolveOutcome, note_resolved
from bot.features.resolving import resolve as resolve_job
from bot.features.servers import ServerRows, Servers
from bot.settings import Settings
from bot.storage.maintenance.inspection import existing_store

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
    async with existing_store(database_url(settings)) as store:
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
    async with existing_store(database_url(settings)) as store:
        outcome = await resolve_job(store, job_id, decision, clock.now())
        if outcome is ResolveOutcome.RESOLVED and (job := await store.get(job_id)) is not None:
            servers = Servers(rows=ServerRows(database=store.database), clock=clock)
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


def resolve(
    job_id: Annotated[
        str | None, typer.Argument(help="The job; without it all are listed.")
    ] = None,
    *,
    request_id: Annotated[
        str | None, typer.Option(help="Its request, as RunComfy's list of generations shows it.")
    ] = None,
    write_off: Annotated[
        bool, typer.Option("--write-off", help="RunComfy's list does not have it: close it.")
    ] = False,
) -> None:
    """Decide about jobs of which nobody knows whether RunComfy accepted them."""
    settings = settings_or_exit()
    if job_id is not None and (request_id is None) is not write_off:
        typer.echo("Say either --request-id, or --write-off.", err=True)
        raise typer.Exit(BAD_SETTINGS)
    with told_in_a_sentence():
        if job_id is None:
            unsure = asyncio.run(unsure_jobs(settings))
            tell("\n".join(map(unsure_line, unsure)) or "No job is unsure.")
            return
        outcome = asyncio.run(decide(settings, job_id, request_id=request_id))
    tell(RESOLVED_WORDS[outcome])
    if outcome is not ResolveOutcome.RESOLVED:
        raise typer.Exit(COULD_NOT)
