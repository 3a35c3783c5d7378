"""`jobs`: the latest jobs and their states, without people's texts."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final

import typer

from bot.app.foundation import database_url
from bot.cli.shell import (
    LIST_MAX,
    Cell,
    Column,
    said_model,
    said_video,
    settings_or_exit,
    tell,
    tell_table,
    told_in_a_sentence,
)
from bot.domain.clock import SystemClock
from bot.domain.figures import on_one_line, said_age, said_dollars, said_number
from bot.domain.job import Job, State
from bot.features.terminal_jobs import asker
from bot.settings import Settings
from bot.storage.census import newest_jobs
from bot.storage.maintenance.inspection import existing_store

UNCHARGED = frozenset({State.CANCELLED, State.FAILED})
"""Ends for which an estimate would mislead: the service has named their cost, if any."""


def jobs(
    *,
    states: Annotated[
        list[State] | None,
        typer.Option("--state", help="Only jobs in this state. Repeat it for more states."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=LIST_MAX, help="How many jobs to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
    prompts: Annotated[
        bool,
        typer.Option(
            "--prompts", help="Show the prompts too. They are private: take care who sees them."
        ),
    ] = False,
) -> None:
    """List the newest jobs: state, age, cost, and who ordered them."""
    settings = settings_or_exit()
    with told_in_a_sentence():
        found = asyncio.run(_found(settings, states or [], limit))
    now = SystemClock().now()
    if as_json:
        tell(json.dumps([_fields(job, now, prompts=prompts) for job in found], indent=2))
    elif not found:
        tell("No such job.")
    else:
        tell_table(
            [*_COLUMNS, *([Column("prompt")] if prompts else [])],
            [_cells(job, now, prompts=prompts) for job in found],
            plain=_lines(found, now, prompts=prompts),
            below=f"{said_number(len(found), 'job')}, newest first.",
        )


async def _found(settings: Settings, states: Sequence[State], limit: int) -> Sequence[Job]:
    async with existing_store(database_url(settings)) as store:
        return await newest_jobs(store.database, states=states, limit=limit)


def _lines(found: Sequence[Job], now: datetime, *, prompts: bool) -> list[str]:
    return [
        f"{job.id}  {job.state.value:<10}  {said_age(now - job.created_at):>6}  {_cost(job):>8}  "
        f"{job.request.duration_s:>2} s {job.request.aspect.value:<4}  "
        f"{said_model(job.model_id):<23}  by {asker(job.requester_id)}"
        + (f"  {on_one_line(job.request.prompt)}" if prompts else "")
        for job in found
    ]


_COLUMNS: Final = (
    *(Column("job", is_whole=True), Column("state", is_whole=True), Column("age", is_figure=True)),
    *(Column("cost", is_figure=True), Column("video"), Column("by")),
)
_COLOURS: Final[Mapping[State, str]] = {
    State.DELIVERED: "green",
    State.FAILED: "red",
    State.UNSURE: "yellow",
    State.CANCELLED: "dim",
}


def _cells(job: Job, now: datetime, *, prompts: bool) -> Sequence[Cell]:
    cells: list[Cell] = [
        job.id,
        (job.state.value, _COLOURS.get(job.state, "cyan")),
        said_age(now - job.created_at),
        _cost(job),
        said_video(job),
        asker(job.requester_id),
    ]
    return [*cells, on_one_line(job.request.prompt)] if prompts else cells


def _cost(job: Job) -> str:
    """The cost, `~` before an estimate, and nothing for a job that ended without a bill."""
    if job.cost_microusd is not None:
        return said_dollars(job.cost_microusd)
    return "" if job.state in UNCHARGED else f"~{said_dollars(job.estimate_microusd)}"


def _fields(job: Job, now: datetime, *, prompts: bool) -> dict[str, object]:
    fields: dict[str, object] = job.model_dump(
        mode="json",
        include={
            *("id", "model_id", "state", "created_at", "state_since", "request_id", "failure"),
            *("estimate_microusd", "cost_microusd", "requester_id"),
        },
    )
    fields |= {
        "guild_id": job.server_id,
        "age_s": int((now - job.created_at).total_seconds()),
        "duration_s": job.request.duration_s,
    }
    if prompts:
        fields["prompt"] = job.request.prompt
    return fields
