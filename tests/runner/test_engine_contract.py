"""What both engines promise: each job that needs work is watched by somebody, and none is lost."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from random import Random

import pytest
from sqlalchemy import text

from bot.domain.job import JobId, State
from bot.runner.cluster import ClusterEngine, Rhythm
from bot.runner.engine import EmbeddedEngine
from bot.runner.watches import Signals
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.patience import PATIENCE_S, until

QUICK = Rhythm(heartbeat_s=0.2, dead_after_s=PATIENCE_S, round_s=0.2, fetch_s=0.1)
"""Nobody is taken for dead who is only slow."""

Engine = EmbeddedEngine | ClusterEngine


class Watched:
    """A watch that notes its job and ends when it is told to."""

    def __init__(self, bench: "Bench", job_id: JobId, signals: Signals) -> None:
        self._bench = bench
        self._job_id = job_id
        self._signals = signals

    async def run(self) -> None:
        self._bench.begun.append(self._job_id)
        if self._bench.failures > 0:
            self._bench.failures -= 1
            raise RuntimeError("nobody foresaw this")
        while not self._signals.draining and self._job_id not in self._bench.over:
            await self._signals.wake.wait()
            self._signals.wake.clear()
            self._bench.looked.append(self._job_id)


class Bench:
    """An engine, and what its watches did."""

    def __init__(self, store: SqlJobStore, database_url: str) -> None:
        self.begun: list[JobId] = []
        self.looked: list[JobId] = []
        self.over: set[JobId] = set()
        self.failures = 0
        self.rounds = 0
        self.store = store
        self.clock = FakeClock()
        self.engine = self._engine(database_url)

    def _engine(self, database_url: str) -> Engine:
        random = Random(1)  # noqa: S311 - jitter
        if database_url.startswith("sqlite"):
            return EmbeddedEngine(
                store=self.store,
                watch=lambda job_id, signals: Watched(self, job_id, signals).run(),
                clock=self.clock,
                random=random,
                drain_timeout_s=PATIENCE_S,
                housekeeping=self.keep_house,
            )
        return ClusterEngine(
            store=self.store,
            watch=lambda job_id, signals: Watched(self, job_id, signals).run(),
            clock=self.clock,
            random=random,
            drain_timeout_s=PATIENCE_S,
            conninfo=database_url,
            housekeeping=self.keep_house,
            rhythm=QUICK,
        )

    async def joined(self, *, workers: int = 1) -> None:
        """Wait until so many work on the jobs of this database, as they see each other."""
        if isinstance(self.engine, EmbeddedEngine):
            return

        async def have_joined() -> bool:
            workers_seen = text("SELECT id FROM procrastinate_workers")
            return len(await self.store.database.rows(workers_seen)) == workers

        await until(have_joined)

    async def keep_house(self) -> None:
        self.rounds += 1
        raise OSError("a disk that is away")

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let virtual time pass until it is so; real time bounds it."""

        def is_so() -> bool:
            if not (found := condition()) and (due := self.clock.next_due()) is not None:
                self.clock.move_to(due)
            return found

        await until(is_so, otherwise=lambda: (self.begun, self.engine.watching))


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@asynccontextmanager
async def started(
    store: SqlJobStore, database_url: str, *, failures: int = 0
) -> AsyncGenerator[Bench]:
    bench = Bench(store, database_url)
    bench.failures = failures
    await bench.engine.start()
    try:
        yield bench
    finally:
        await bench.engine.stop()


async def test_every_job_that_needs_work_is_taken_up_once(
    store: SqlJobStore, database_url: str
) -> None:
    await store.add(a_job(1))
    await store.add(a_job(2, state=State.RENDERING))
    await store.add(a_job(3, state=State.DELIVERED))
    async with started(store, database_url) as bench:
        await bench.until(lambda: len(bench.begun) == 2)
        assert bench.engine.watching == {"job-1", "job-2"}
    assert sorted(bench.begun) == ["job-1", "job-2"]


async def test_what_is_asked_for_is_watched(store: SqlJobStore, database_url: str) -> None:
    async with started(store, database_url) as bench:
        await store.add(a_job(1))
        bench.engine.enqueue("job-1")
        await bench.until(lambda: bench.begun == ["job-1"])


async def test_a_watched_job_is_looked_at_again_and_not_watched_twice(
    store: SqlJobStore, database_url: str
) -> None:
    await store.add(a_job(1))
    async with started(store, database_url) as bench:
        await bench.until(lambda: bench.begun == ["job-1"])
        bench.engine.enqueue("job-1")
        await bench.until(lambda: bench.looked == ["job-1"])
    assert bench.begun == ["job-1"]


async def test_a_watch_that_breaks_is_taken_up_again(store: SqlJobStore, database_url: str) -> None:
    await store.add(a_job(1))
    async with started(store, database_url, failures=2) as bench:
        await bench.until(lambda: len(bench.begun) == 3)


async def test_the_sweep_finds_what_nobody_was_told_of(
    store: SqlJobStore, database_url: str
) -> None:
    async with started(store, database_url) as bench:
        await store.add(a_job(1))
        await bench.until(lambda: bench.begun == ["job-1"])


async def test_housekeeping_that_breaks_stops_neither_the_sweep_nor_the_next_round(
    store: SqlJobStore, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with started(store, database_url) as bench:
        await bench.until(lambda: bench.rounds == 2)
        await store.add(a_job(1))
        await bench.until(lambda: bench.begun == ["job-1"])
        await bench.until(lambda: bench.rounds > 2)
    assert "a disk that is away" in caplog.text


async def test_stopping_pauses_the_watches_and_the_next_engine_goes_on(
    store: SqlJobStore, database_url: str
) -> None:
    await store.add(a_job(1))
    async with started(store, database_url) as bench:
        await bench.until(lambda: bench.begun == ["job-1"])
    assert bench.engine.watching == frozenset()
    async with started(store, database_url) as other:
        await other.until(lambda: other.begun == ["job-1"])


async def test_stopping_before_starting_is_no_trouble(
    store: SqlJobStore, database_url: str
) -> None:
    await Bench(store, database_url).engine.stop()


async def test_one_that_is_alone_knows_that_it_was_the_last(
    store: SqlJobStore, database_url: str
) -> None:
    async with started(store, database_url) as bench:
        await bench.joined()
        assert not bench.engine.was_last
        await bench.engine.stop()
        assert bench.engine.was_last


async def test_of_several_only_who_stops_last_was_the_last(postgres_url: str) -> None:
    async with open_store(postgres_url) as store, started(store, postgres_url) as first:
        await first.joined()
        async with started(store, postgres_url) as second:
            await second.joined(workers=2)
            dead = (
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 h')"
            )
            await store.database.write(text(dead))
            await first.engine.stop()
            assert not first.engine.was_last
            await second.engine.stop()
            assert second.engine.was_last
