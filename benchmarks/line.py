"""Line: how late the event loop is while the line is reckoned over thousands who wait in it."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from benchmarks.process_figures import LoopLag
from benchmarks.report import Bar, Report, percentile
from benchmarks.seeding import a_waiting_job, live_jobs, seed
from bot.domain.clock import SystemClock
from bot.domain.job import Job
from bot.domain.line import AtOnce, InLine
from bot.observability.garbage import collect_seldom
from bot.runner.line import Line
from bot.storage import SqlJobStore, default_database_url, open_store

WAITING: Final = 10_000
UNDER_WAY: Final = 1_000
MEASURE_S: Final = 20.0
LAG_BAR_S: Final = 0.02


async def run(waiting: int = WAITING, *, measure_s: float = MEASURE_S) -> Report:
    """Let jobs try whether it is their turn, and places come free, one after the other."""
    collect_seldom()  # as the bot does before it serves
    with TemporaryDirectory(prefix="bench-line-") as folder:
        database_url = default_database_url(Path(folder))
        async with open_store(database_url):
            pass
        in_line = _in_line(waiting)
        await seed(database_url, [*live_jobs(UNDER_WAY), *in_line])
        async with open_store(database_url) as store:
            lag = LoopLag()
            ticking = asyncio.create_task(lag.measure())
            took_s = await _reckoned(store, in_line, measure_s)
            ticking.cancel()
    p99_s = percentile(lag.late_s, 0.99)
    return Report(
        title="Line",
        what=(
            f"{waiting:,} jobs of 2,000 people in 500 servers wait, {UNDER_WAY:,} are under way "
            f"and no place is free, in SQLite. For {measure_s:g} s one job after the other tries "
            "whether it is its turn, and each time a place is told to be free."
        ),
        tables=[
            [
                {
                    "waiting": f"{waiting:,}",
                    "reckonings": str(len(took_s)),
                    "each p50": f"{percentile(took_s, 0.5) * 1e3:.0f} ms",
                    "lag p50": f"{percentile(lag.late_s, 0.5) * 1e3:.1f} ms",
                    "p99": f"{p99_s * 1e3:.1f} ms",
                    "longest": f"{max(lag.late_s) * 1e3:.0f} ms",
                }
            ]
        ],
        bars=[Bar("loop lag p99 < 20 ms", f"{p99_s * 1e3:.1f} ms", p99_s < LAG_BAR_S)],
    )


def _in_line(many: int) -> list[Job]:
    """Jobs that came one after the other, a second apart."""
    now = datetime.now(UTC)
    jobs = [a_waiting_job(UNDER_WAY + number) for number in range(many)]
    return [
        job.model_copy(update={"created_at": now - timedelta(seconds=many - number)})
        for number, job in enumerate(jobs)
    ]


async def _reckoned(store: SqlJobStore, in_line: list[Job], measure_s: float) -> list[float]:
    """How long each reckoning took."""
    line = Line(
        store=store,
        clock=SystemClock(),
        at_once=UNDER_WAY,
        limits_of=lambda _guild_id: AtOnce(per_user=3, per_user_by_operator=3, per_server=20),
    )
    took_s: list[float] = []
    tries = cycle(SystemRandom().sample(in_line, k=min(100, len(in_line))))
    ends_at = monotonic() + measure_s
    while (began := monotonic()) < ends_at:
        outcome = await line.begin_sending(next(tries), asyncio.Event(), datetime.now(UTC))
        if not isinstance(outcome, InLine):
            raise TypeError(f"a job did not wait: {outcome}")
        tried = monotonic()
        await line.place_freed()
        took_s += [tried - began, monotonic() - tried]
    return took_s
