"""Store: how many asks a second the databases take, each with its reservations in the ledger.

Processes that share a PostgreSQL are measured by `benchmarks.workers`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.report import Report, percentile
from benchmarks.seeding import a_waiting_job, live_jobs, seed
from bot.domain import lifecycle
from bot.domain.actor import Actor
from bot.domain.job import Job
from bot.domain.line import AtOnce, turns
from bot.domain.money.ledger import Caps, Reservation
from bot.domain.money.policy import OperatorLimits, holds_for
from bot.domain.outcomes import Media, MediaKind
from bot.domain.ports import Added
from bot.domain.servers import ServerSettings
from bot.storage import SqlJobStore, default_database_url, open_store
from tests.databases import postgres_server

AT_ONCE: Final = 16
MEASURE_S: Final = 5.0
LIVE: Final = 1_000
PLENTY: Final = Caps(day_microusd=10**15, month_microusd=10**15)
LIMITS: Final = OperatorLimits(total=PLENTY, per_server=PLENTY, per_user=PLENTY)
NO_LIMIT: Final = 10**6

Work = Callable[[SqlJobStore, Job], Awaitable[None]]


async def run(measure_s: float = MEASURE_S) -> Report:
    """Ask of both databases, empty and with a thousand live jobs in them."""
    rows: list[dict[str, str]] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-store-")))
        server = stack.enter_context(postgres_server())
        for live in (0, LIVE):
            for name, database_url in (
                ("SQLite", default_database_url(folder / str(live))),
                ("PostgreSQL", stack.enter_context(server.fresh_database())),
            ):
                rows.append(await measured(name, database_url, live, measure_s))
    return Report(
        title="Store",
        what=(
            f"{AT_ONCE} at once for {measure_s:g} s. *Ask* writes the job and takes its price from "
            "ten accounts that have caps; *life* is all that is written of a job, from the ask to "
            "the delivery, the place in the line included. SQLite waits for the disk at each; "
            "PostgreSQL here does not, as in the tests. *Processor* is this process's own, what"
            "ever else the machine does."
        ),
        tables=[rows],
    )


async def measured(
    name: str, database_url: str, live: int, measure_s: float = MEASURE_S
) -> dict[str, str]:
    """A line of the table."""
    async with open_store(database_url):
        pass
    if live:
        await seed(database_url, live_jobs(live))
    async with open_store(database_url) as store:
        numbers = count(NO_LIMIT)
        began_s = time.process_time()
        asks = await _repeated(ask, store, numbers, measure_s)
        used_s = time.process_time() - began_s
        lives = await _repeated(live_through, store, numbers, measure_s)
    return {
        "database": name,
        "live jobs besides": f"{live:,}",
        "asks/s": f"{len(asks) / measure_s:.0f}",
        "ask p50": f"{percentile(asks, 0.5) * 1e3:.0f} ms",
        "p99": f"{percentile(asks, 0.99) * 1e3:.0f} ms",
        "processor per ask": f"{used_s / len(asks) * 1e3:.1f} ms",
        "lives/s": f"{len(lives) / measure_s:.0f}",
    }


async def _repeated(
    work: Work, store: SqlJobStore, numbers: "count[int]", measure_s: float
) -> list[float]:
    """How long each took, of all that were finished in time."""
    took_s: list[float] = []
    ends_at = time.monotonic() + measure_s

    async def one_after_the_other() -> None:
        while (began := time.monotonic()) < ends_at:
            await work(store, a_waiting_job(next(numbers)))
            took_s.append(time.monotonic() - began)

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return took_s


async def ask(store: SqlJobStore, job: Job) -> None:
    """As the desk does it."""
    asker = Actor(user_id=job.requester_id, guild_id=job.server_id, role_ids=frozenset({1, 2, 3}))
    holds = holds_for(
        asker,
        server=ServerSettings(),
        everywhere=ServerSettings(),
        limits=LIMITS,
        key_id=None,
        at=job.created_at,
    )
    answer = await store.add(job, Reservation(holds=holds))
    if answer != Added():
        raise RuntimeError(f"a job was not taken: {answer}")


async def live_through(store: SqlJobStore, job: Job) -> None:
    """As the watch does it, without the services; the job waits its turn though there is room."""
    await ask(store, job)
    sending = await store.begin_sending(
        job,
        datetime.now(UTC),
        lambda standings: turns(
            standings,
            now=datetime.now(UTC),
            at_once=NO_LIMIT,
            limits_of=lambda _guild_id: AtOnce(per_user=NO_LIMIT),
        ),
    )
    if not isinstance(sending, Job):
        raise TypeError(f"a job was not sent: {sending}")
    media = (Media(kind=MediaKind.VIDEO, url="https://files.example/kite.mp4"),)
    current: Job | None = sending
    for event in (
        lifecycle.Accepted(f"request-{job.id}"),
        lifecycle.RenderingBegan(),
        lifecycle.RenderingSucceeded(media, 840_000),
        lifecycle.Delivered(),
    ):
        if current is None:
            raise RuntimeError("somebody else wrote")
        current = await store.move(current, event, datetime.now(UTC))
