"""What a database that breaks, restarts or falls silent does to the engine of several machines."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.domain.job import JobId
from bot.runner.cluster import ClusterEngine, Rhythm
from bot.runner.wakeups import CHANNEL, Nudges
from bot.runner.watches import Signals
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.databases import PostgresServer
from tests.domain.samples import a_job
from tests.patience import PATIENCE_S, RUNS_OUT_S, until

QUICK = Rhythm(heartbeat_s=0.1, dead_after_s=3.0, round_s=0.2, fetch_s=0.1)
IMPATIENT = replace(QUICK, patience_s=1.0)
"""An outage is known to be one in no time."""


class Watched:
    """A watch of a job that does not end; let go, it goes on until it is released."""

    def __init__(self, bench: "Bench", job_id: JobId, signals: Signals) -> None:
        self._bench = bench
        self._job_id = job_id
        self._signals = signals

    async def run(self) -> None:
        self._bench.begun.append(self._job_id)
        while not self._signals.draining:
            await self._signals.wake.wait()
            self._signals.wake.clear()
        self._bench.let_go.append(self._job_id)
        await self._bench.released.wait()


class Bench:
    """An engine with all the time to drain, its database, and what its watches did."""

    def __init__(
        self, store: SqlJobStore, admin_url: str, database_url: str, rhythm: Rhythm
    ) -> None:
        self.begun: list[JobId] = []
        self.let_go: list[JobId] = []
        self.released = asyncio.Event()
        self.released.set()
        self.clock = FakeClock()
        self.store = store
        self._admin_url = admin_url
        self._name = str(conninfo_to_dict(database_url)["dbname"])
        self.engine = ClusterEngine(
            store=store,
            watch=lambda job_id, signals: Watched(self, job_id, signals).run(),
            clock=self.clock,
            random=Random(1),  # noqa: S311 - jitter
            drain_timeout_s=PATIENCE_S,
            conninfo=database_url,
            rhythm=rhythm,
        )

    async def ask(self, number: int) -> None:
        await self.store.add(a_job(number))
        self.engine.enqueue(f"job-{number}")

    async def break_every_connection(self) -> None:
        ended = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}")
        await self._administer(ended.format(sql.Literal(self._name)))

    async def let_nobody_connect(self, *, from_now: bool) -> None:
        allowed = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        await self._administer(
            allowed.format(sql.Identifier(self._name), sql.Literal(not from_now))
        )

    async def entries(self) -> list[tuple[int, str, int]]:
        """The queue's entries: their numbers, what is done with them, how often they came back."""
        url = make_conninfo(self._admin_url, dbname=self._name)
        async with await psycopg.AsyncConnection.connect(url) as connection:
            found = await connection.execute(
                "SELECT id, status::text, attempts FROM procrastinate_jobs"
            )
            return [
                (number, status, attempts) for number, status, attempts in await found.fetchall()
            ]

    def pass_time(self) -> None:
        """Let the next round or sweep be made."""
        if (due := self.clock.next_due()) is not None:
            self.clock.move_to(due)

    async def pass_time_until_begun(self, *jobs: JobId) -> None:
        def they_are() -> bool:
            self.pass_time()
            return self.begun == list(jobs)

        await until(they_are)

    async def _administer(self, statement: sql.Composed) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._admin_url, autocommit=True
        ) as connection:
            await connection.execute(statement)


@asynccontextmanager
async def started(
    postgres: PostgresServer, postgres_url: str, rhythm: Rhythm
) -> AsyncGenerator[Bench]:
    async with open_store(postgres_url) as store:
        bench = Bench(store, postgres.admin_url, postgres_url, rhythm)
        await bench.engine.start()
        yield bench
        bench.released.set()
        await bench.engine.stop()


@pytest.fixture
async def bench(postgres: PostgresServer, postgres_url: str) -> AsyncGenerator[Bench]:
    async with started(postgres, postgres_url, QUICK) as bench:
        yield bench


@pytest.fixture
async def impatient(postgres: PostgresServer, postgres_url: str) -> AsyncGenerator[Bench]:
    async with started(postgres, postgres_url, IMPATIENT) as bench:
        yield bench


@asynccontextmanager
async def an_outage(bench: Bench) -> AsyncGenerator[None]:
    await bench.let_nobody_connect(from_now=True)
    await bench.break_every_connection()
    try:
        yield
    finally:
        await bench.let_nobody_connect(from_now=False)


async def test_after_a_restart_of_the_database_the_first_wish_is_taken_up_at_once(
    bench: Bench,
) -> None:
    await bench.ask(1)
    await until(lambda: bench.begun == ["job-1"])
    await bench.break_every_connection()
    await bench.ask(2)
    # No time passes: neither rounds nor sweeps find it. The other may be let go, and come back.
    await until(lambda: "job-2" in bench.begun)


async def test_after_a_restart_of_the_database_the_first_nudge_is_told(
    bench: Bench, postgres_url: str
) -> None:
    nudges = Nudges(conninfo=postgres_url, clock=bench.clock, heard={})
    await nudges.tell("job-1")
    await bench.break_every_connection()
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as listening:
        await listening.execute(f"LISTEN {CHANNEL}")
        await nudges.tell("job-2")
        heard = [
            nudge.payload async for nudge in listening.notifies(timeout=PATIENCE_S, stop_after=1)
        ]
    assert heard == ["job-2"]
    await nudges.close()


async def test_what_cannot_be_told_is_queued_all_the_same(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    too_long_to_be_told = "x" * 8_000
    await bench.store.add(a_job(1).model_copy(update={"id": too_long_to_be_told}))
    bench.engine.enqueue(too_long_to_be_told)
    await until(lambda: bench.begun == [too_long_to_be_told])
    (record,) = [
        record for record in caplog.records if "wake the other processes" in record.message
    ]
    assert record.__dict__["about"] == {"job": too_long_to_be_told}


async def test_a_queue_that_is_lost_lets_its_watches_go_at_once_and_they_come_back(
    impatient: Bench,
) -> None:
    await impatient.ask(1)
    await until(lambda: impatient.begun == ["job-1"])
    async with an_outage(impatient):
        await until(lambda: impatient.let_go == ["job-1"])
    await impatient.pass_time_until_begun("job-1", "job-1")


async def test_a_watch_that_takes_long_to_let_go_leaves_its_entry_to_the_next(
    impatient: Bench,
) -> None:
    await impatient.ask(1)
    await until(lambda: impatient.begun == ["job-1"])
    impatient.released.clear()
    async with an_outage(impatient):
        await until(lambda: impatient.let_go == ["job-1"])
    while await impatient.entries() != [(1, "doing", 1)]:
        impatient.pass_time()
    impatient.released.set()
    await impatient.pass_time_until_begun("job-1", "job-1")
    assert await impatient.entries() == [(1, "doing", 1)]


async def test_an_ordered_stop_hands_a_job_on_only_when_its_watch_has_ended(bench: Bench) -> None:
    await bench.ask(1)
    await until(lambda: bench.begun == ["job-1"])
    bench.released.clear()
    stopping = asyncio.create_task(bench.engine.stop())
    await until(lambda: bench.let_go == ["job-1"])
    for _ in range(20):
        assert await bench.entries() == [(1, "doing", 0)]
    bench.released.set()
    await stopping
    assert await bench.entries() == [(1, "todo", 1)]


async def test_a_server_that_falls_silent_holds_up_a_nudge_for_moments_only(
    tmp_path: Path, clock: FakeClock
) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / ".s.PGSQL.5432"))
        silent.listen()
        nudges = Nudges(
            conninfo=make_conninfo(host=str(tmp_path), user="bot", dbname="bot"),
            clock=clock,
            heard={},
            tell_within_s=RUNS_OUT_S,
        )
        with pytest.raises(TimeoutError):
            await nudges.tell("job-1")
