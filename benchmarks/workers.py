"""Workers: what one, two and four processes over one PostgreSQL do, and how soon one is missed."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.report import Report
from bot.domain.job import Job, State
from bot.storage import open_store
from tests.chaos.processes import Worker
from tests.chaos.records import Wish
from tests.cluster.crowd import Crowd, a_crowd, wishes
from tests.databases import PostgresServer, postgres_server
from tests.domain.samples import a_job

JOBS: Final = 200
CROWDS: Final = (1, 2, 4)


async def run(jobs: int = JOBS, crowds: Sequence[int] = CROWDS) -> Report:
    """Let crowds of each size do the same work; kill one of each that is more than one."""
    rows: list[dict[str, str]] = []
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server())
        rows.extend([await _measured(server, count, jobs) for count in crowds])
    return Report(
        title="Workers",
        what=(
            f"{jobs} jobs that are asked for already, sent, watched and delivered by so many "
            "processes; the service is done with each in less than a second. Then as many that "
            "take up to 8 s, and one process is killed when all of them are sent: *takeover* is "
            "from the kill to the last delivery."
        ),
        tables=[rows],
    )


async def _measured(server: PostgresServer, count: int, jobs: int) -> dict[str, str]:
    with server.fresh_database() as url, TemporaryDirectory(prefix="bench-workers-") as folder:
        await _ask(url, wishes(jobs, first=1_000))
        async with a_crowd(Path(folder), url, hastened_by=1) as crowd:
            began = time.monotonic()
            workers = [await crowd.join() for _ in range(count)]
            await crowd.until_delivered(jobs)
            took_s = time.monotonic() - began
            takeover_s = await _takeover(crowd, url, workers, jobs) if count > 1 else None
    return {
        "processes": str(count),
        "jobs/s": f"{jobs / took_s:.1f}",
        "takeover": "" if takeover_s is None else f"{takeover_s:.1f} s",
    }


async def _takeover(crowd: Crowd, url: str, workers: Sequence[Worker], jobs: int) -> float:
    await _ask(url, wishes(jobs, first=100_000, kind="patient"))
    await crowd.until_none_is(State.WAITING, State.SUBMITTING)
    await workers[0].kill()
    killed_at = time.monotonic()
    await crowd.until_delivered(2 * jobs)
    return time.monotonic() - killed_at


async def _ask(url: str, asked: Sequence[Wish]) -> None:
    async with open_store(url) as store:
        await asyncio.gather(*(store.add(_waiting(wish)) for wish in asked))


def _waiting(wish: Wish) -> Job:
    job = a_job(wish.interaction_id)
    request = job.request.model_copy(update={"prompt": wish.prompt})
    return job.model_copy(update={"request": request})
