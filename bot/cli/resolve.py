"""`resolve`: an operator decides about jobs of which RunComfy's answer was lost."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Final

import typer

from bot import as_invoked
from bot.app.foundation import database_url
from bot.cli.shell import (
    BAD_SETTINGS,
    COULD_NOT,
    Cell,
    Column,
    said_video,
    settings_or_exit,
    tell,
    tell_table,
    told_in_a_sentence,
)
from bot.domain.clock import SystemClock
from bot.domain.denied import Denied
from bot.domain.figures import said_number
from bot.domain.job import Job, JobId
from bot.domain.servers import AT_THE_SHELL
from bot.features.servers.servers import ServerRows, Servers
from bot.features.unsure_jobs import ResolveAnswer, ResolveRefusal, UnsureJobs
from bot.settings import Settings
from bot.storage.maintenance.inspection import existing_store

RESOLVED = "Done. A running bot picks it up within a minute."
# Without a key this command searches for no request, so NOT_THERE and SILENT cannot occur.
NOT_RESOLVED = {
    ResolveRefusal.UNKNOWN_JOB: f"No such job. `{as_invoked('resolve')}` lists them.",
    ResolveRefusal.NOT_UNSURE: "That job isn't unsure any more. Nothing was changed.",
    ResolveRefusal.TAKEN: "Another job already has this request. Nothing was changed.",
    ResolveRefusal.MALFORMED: "That isn't a request ID. Nothing was changed.",
}


async def unsure_jobs(settings: Settings) -> Sequence[Job]:
    """The jobs that wait for a person's decision, oldest first.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    async with _opened(settings) as unsure:
        return await unsure.all()


async def decide(settings: Settings, job_id: JobId, *, request_id: str | None) -> ResolveAnswer:
    """Bind an unsure job to the request that was found for it, or write it off with None.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    async with _opened(settings) as unsure:
        if request_id is None:
            return await unsure.write_off(job_id, by_user_id=AT_THE_SHELL)
        return await unsure.bind(job_id, request_id, by_user_id=AT_THE_SHELL)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncGenerator[UnsureJobs]:
    clock = SystemClock()
    async with existing_store(database_url(settings)) as store:
        servers = Servers(rows=ServerRows(database=store.database), clock=clock)
        yield UnsureJobs(store=store, database=store.database, servers=servers, clock=clock)


_COLUMNS: Final = (
    *(Column("job", is_whole=True), Column("sent (UTC)"), Column("video")),
    Column("request", is_whole=True),
)


def _cells(job: Job) -> Sequence[Cell]:
    sent = "unknown" if job.sent_at is None else f"{job.sent_at:%Y-%m-%d %H:%M:%S}"
    return [job.id, sent, said_video(job), job.request_id or "unknown"]


def unsure_line(job: Job) -> str:
    """One job for a terminal: what finds it in RunComfy's list, without the prompt."""
    sent = "at an unknown time" if job.sent_at is None else f"{job.sent_at:%Y-%m-%d %H:%M:%S} UTC"
    request = job.request
    return (
        f"{job.id}  sent {sent}  {request.duration_s} s {request.aspect.value}  "
        f"request {job.request_id or 'unknown'}"
    )


def resolve(
    job_id: Annotated[
        str | None, typer.Argument(help="The job. Leave it out to list them all.")
    ] = None,
    *,
    request_id: Annotated[
        str | None, typer.Option(help="Its request ID in RunComfy's list of generations.")
    ] = None,
    write_off: Annotated[
        bool, typer.Option("--write-off", help="RunComfy's list doesn't have it: close the job.")
    ] = False,
) -> None:
    """Settle unsure jobs: RunComfy may or may not have taken them, and you can look."""
    settings = settings_or_exit()
    if job_id is not None and (request_id is None) is not write_off:
        typer.echo("Give either --request-id or --write-off.", err=True)
        raise typer.Exit(BAD_SETTINGS)
    with told_in_a_sentence():
        if job_id is None:
            unsure = asyncio.run(unsure_jobs(settings))
            if not unsure:
                tell("No job is unsure.")
                return
            tell_table(
                _COLUMNS,
                [_cells(job) for job in unsure],
                plain=list(map(unsure_line, unsure)),
                below=f"{said_number(len(unsure), 'unsure job')}. Look each up in RunComfy's list "
                "of generations.\n"
                f"It is there:      `{as_invoked('resolve JOB --request-id ID')}`\n"
                f"It is not there:  `{as_invoked('resolve JOB --write-off')}`",
            )
            return
        outcome = asyncio.run(decide(settings, job_id, request_id=request_id))
    if isinstance(outcome, Denied):
        tell(NOT_RESOLVED[outcome.why])
        raise typer.Exit(COULD_NOT)
    tell(RESOLVED)
