"""Every line of a job's watch says which job, request and server it is about."""

import asyncio
from typing import Any

from structlog.contextvars import clear_contextvars, get_contextvars

from bot.generation.job import Job
from bot.runner.watch import Signals
from bot.tracing import trace_job, traced
from tests.generation.samples import a_job


class Reading:
    """A watch that reads its row, and keeps what a line of the log would say before and after."""

    def __init__(self, job: Job, said: list[dict[str, Any]]) -> None:
        self._job = job
        self._said = said

    async def run(self) -> None:
        self._said.append(dict(get_contextvars()))
        trace_job(self._job)
        await asyncio.sleep(0)
        self._said.append(dict(get_contextvars()))


async def said_by(job: Job) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    watch = traced(lambda job_id, signals: Reading(job, said))  # noqa: ARG005 - one row alone
    signals = Signals(wake=asyncio.Event(), draining=asyncio.Event())
    await watch(job.id, signals).run()
    said.append(dict(get_contextvars()))
    return said


async def test_a_watch_is_about_its_job_before_it_read_the_row_and_about_all_ids_after() -> None:
    job = a_job().model_copy(update={"request_id": "r-1"})
    clear_contextvars()
    before, after, at_the_gate = await asyncio.create_task(said_by(job))

    assert before == {"job": job.id}
    assert after == {"job": job.id, "request": "r-1", "server": job.place.guild_id}
    assert at_the_gate == after, "the gate says how it broke"


async def test_watches_side_by_side_say_nothing_of_each_other() -> None:
    clear_contextvars()
    first, second = await asyncio.gather(
        asyncio.create_task(said_by(a_job(1))), asyncio.create_task(said_by(a_job(2)))
    )

    assert {line["job"] for line in first} == {"job-1"}
    assert {line["job"] for line in second} == {"job-2"}
    assert get_contextvars() == {}
