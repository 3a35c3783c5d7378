"""Watching: what it costs to watch a hundred, a thousand, ten thousand live jobs in one process."""

import json
import time
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.process_figures import MIB
from benchmarks.processes import line_of, started, tell
from benchmarks.report import Bar, Report
from benchmarks.seeding import live_jobs, seed
from benchmarks.watching_process import Figures, Orders
from bot.storage import default_database_url, open_store

SIZES: Final = (100, 1_000, 10_000)
EACH_EVERY_S: Final = 25
"""How often every job is looked at: POLLS_PER_SECOND follows the number of jobs."""
SETTLE_S: Final = 30.0
MEASURE_S: Final = 25.0
MEMORY_BAR_MB: Final = 200
CPU_BAR: Final = 0.5
LAG_BAR_S: Final = 0.02
FLAT_BAR: Final = 1.25


@dataclass(frozen=True, slots=True)
class Watched:
    """The figures of one size."""

    jobs: int
    figures: Figures
    polls_per_s: float
    service_share: float

    @property
    def cpu_per_job(self) -> float:
        """Share of a core."""
        return self.figures.cpu_share / self.jobs

    @property
    def bytes_per_job(self) -> float:
        """Resident memory."""
        return (self.figures.memory_bytes - self.figures.idle_bytes) / self.jobs

    def row(self) -> dict[str, str]:
        """A line of the table."""
        found = self.figures
        return {
            "live jobs": f"{self.jobs:,}",
            "polls/s": f"{self.polls_per_s:.0f}",
            "CPU (of a core)": f"{found.cpu_share:.1%}",
            "CPU per poll": f"{found.cpu_share / self.polls_per_s * 1e3:.2f} ms",
            "memory": f"{found.memory_bytes / MIB:.0f} MiB",
            "per job": f"{self.bytes_per_job / 1024:.1f} KiB",
            "peak": f"{found.peak_bytes / MIB:.0f} MiB",
            "lag p50": f"{found.lag_p50_s * 1e3:.1f} ms",
            "p99": f"{found.lag_p99_s * 1e3:.1f} ms",
            "max": f"{found.lag_max_s * 1e3:.0f} ms",
            "max at takeover": f"{found.takeover_lag_s * 1e3:.0f} ms",
            "stand-in's CPU": f"{self.service_share:.1%}",
        }


async def run(sizes: tuple[int, ...] = SIZES, *, settle_s: float = SETTLE_S) -> Report:
    """Watch each number of jobs for a while."""
    watched = [await watch(jobs, settle_s=settle_s) for jobs in sizes]
    most, fewer = watched[-1], watched[-2]
    memory_mb = most.figures.memory_bytes / 1e6
    growth = most.cpu_per_job / fewer.cpu_per_job
    return Report(
        title="Watching",
        what=(
            "The runner with its store in SQLite and its RunComfy adapter, over loopback against a "
            f"service in another process; every job is looked at once in {EACH_EVERY_S} s. "
            f"Measured for {MEASURE_S:.0f} s after {settle_s:.0f} s."
        ),
        tables=[[found.row() for found in watched]],
        bars=[
            Bar("10,000 jobs < 200 MB", f"{memory_mb:.0f} MB", memory_mb < MEMORY_BAR_MB),
            Bar(
                "under half a core",
                f"{most.figures.cpu_share:.2f}",
                most.figures.cpu_share < CPU_BAR,
            ),
            Bar(
                "loop lag p99 < 20 ms",
                f"{most.figures.lag_p99_s * 1e3:.1f} ms",
                most.figures.lag_p99_s < LAG_BAR_S,
            ),
            Bar(
                "CPU per job flat from 1,000 to 10,000 (at most a quarter more)",
                f"{growth:.2f} times",
                growth <= FLAT_BAR,
            ),
        ],
    )


async def watch(jobs: int, *, settle_s: float = SETTLE_S, measure_s: float = MEASURE_S) -> Watched:
    """Watch so many jobs in a process of their own."""
    with TemporaryDirectory(prefix="bench-watching-") as folder:
        database_url = default_database_url(Path(folder))
        async with open_store(database_url):
            pass
        await seed(database_url, live_jobs(jobs))
        async with AsyncExitStack() as life:
            service = await life.enter_async_context(started("watching_service"))
            settings = {
                "DATA_DIR": folder,
                "RUNCOMFY_API_URL": f"http://127.0.0.1:{(await line_of(service)).strip()}",
                "POLLS_PER_SECOND": str(max(1, jobs // EACH_EVERY_S)),
            }
            runner = await life.enter_async_context(started("watching_process", **settings))
            orders = Orders(settle_s=settle_s, measure_s=measure_s)
            tell(runner, orders.model_dump_json())
            await line_of(runner)
            before, began = await _asked(service), time.monotonic()
            figures = Figures.model_validate_json(await line_of(runner))
            after, seconds = await _asked(service), time.monotonic() - began
    if figures.watching != jobs:
        raise RuntimeError(f"{figures.watching} of {jobs} jobs were watched")
    return Watched(
        jobs=jobs,
        figures=figures,
        polls_per_s=(after["polls"] - before["polls"]) / seconds,
        service_share=(after["cpu_s"] - before["cpu_s"]) / seconds,
    )


async def _asked(service: Process) -> Mapping[str, float]:
    tell(service, "")
    return json.loads(await line_of(service))
