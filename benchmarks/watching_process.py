"""`python -m benchmarks.watching_process`: watches a database of live jobs, and measures itself.

Its settings come by the environment, as the bot's do, and its orders as JSON on standard input; on
standard output it says when it measures, and then its figures.
"""

import asyncio
import gc
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from random import SystemRandom

from pydantic import BaseModel

from benchmarks.process_figures import LoopLag, memory_bytes, peak_bytes
from benchmarks.report import percentile
from bot.app.foundation import open_foundation
from bot.domain.clock import SystemClock
from bot.domain.job import Job
from bot.domain.line import InLine
from bot.domain.ports import FilesWithin, LocalFile, Presented, PresentOutcome
from bot.observability.garbage import collect_seldom
from bot.runner.engine import EmbeddedEngine
from bot.settings import Problems, load_settings


class Orders(BaseModel):
    """How long to do what."""

    settle_s: float
    measure_s: float


class Figures(BaseModel):
    """What watching costs."""

    idle_bytes: int
    memory_bytes: int
    peak_bytes: int
    cpu_share: float
    lag_p50_s: float
    lag_p99_s: float
    lag_max_s: float
    takeover_lag_s: float
    watching: int
    seconds: float


class SilentAnnouncer:
    """Takes everything and tells nobody: Discord is not what is measured."""

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Say that it was shown."""
        del job, service_silent, in_line
        return Presented()

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        """Say that it was brought."""
        del job, files, within
        return Presented()

    async def ping(self, job: Job) -> PresentOutcome:
        """Say that it was told."""
        del job
        return Presented()


@asynccontextmanager
async def runner() -> AsyncGenerator[EmbeddedEngine]:
    """The bot without Discord, by its own foundation."""
    settings = load_settings(env_file=None)
    if isinstance(settings, Problems):
        raise SystemExit("\n".join(settings.sentences))
    clock, random = SystemClock(), SystemRandom()
    async with open_foundation(settings, clock=clock, random=random) as ground:
        yield EmbeddedEngine(
            store=ground.store,
            watch=ground.workshop(SilentAnnouncer()).watch,
            clock=clock,
            random=random,
            drain_timeout_s=0.1,
        )


async def measured(orders: Orders) -> Figures:
    """Take up all jobs, let them settle, and measure for a while."""
    async with runner() as engine:
        gc.collect()
        idle_bytes = memory_bytes()
        lag = LoopLag()
        ticking = asyncio.create_task(lag.measure())
        await asyncio.sleep(0)
        await engine.start()
        await asyncio.sleep(orders.settle_s)
        takeover_lag_s = max(lag.late_s)
        lag.late_s.clear()
        cpu_s, since = time.process_time(), time.monotonic()
        print("measuring", flush=True)  # for whoever counts what the service does meanwhile
        await asyncio.sleep(orders.measure_s)
        cpu_s, seconds = time.process_time() - cpu_s, time.monotonic() - since
        ticking.cancel()
        figures = Figures(
            idle_bytes=idle_bytes,
            memory_bytes=memory_bytes(),
            peak_bytes=peak_bytes(),
            cpu_share=cpu_s / seconds,
            lag_p50_s=percentile(lag.late_s, 0.5),
            lag_p99_s=percentile(lag.late_s, 0.99),
            lag_max_s=max(lag.late_s),
            takeover_lag_s=takeover_lag_s,
            watching=len(engine.watching),
            seconds=seconds,
        )
        print(figures.model_dump_json(), flush=True)
        await engine.stop()
    return figures


if __name__ == "__main__":
    collect_seldom()  # as the bot does before it serves
    asyncio.run(measured(Orders.model_validate_json(sys.stdin.readline())))
