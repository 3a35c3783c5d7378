"""The engines of one process: every job has one watch, and none dies unseen."""

import asyncio
from random import Random, SystemRandom
from typing import cast

import pytest

from bot.domain.job import Job, JobId, State
from bot.domain.ports import JobStore, RowUnreadable, StoreUnavailable
from bot.runner.engine import EmbeddedEngine, SingleEngine
from bot.runner.watches import Signals, Watches
from bot.storage import SqlJobStore
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.patience import PATIENCE_S, RUNS_OUT_S, until
from tests.runner.stand_ins import FailingStore


class ScriptedWatch:
    """Runs what it is given instead of a job's life."""

    def __init__(self, runs: list[JobId], job_id: JobId, signals: Signals, failures: int) -> None:
        self._runs = runs
        self._job_id = job_id
        self._signals = signals
        self._failures = failures

    async def run(self) -> None:
        self._runs.append(self._job_id)
        if len(self._runs) <= self._failures:
            raise RuntimeError("nobody foresaw this")
        await self._signals.wake.wait()
        self._signals.wake.clear()


class Workbench:
    """An engine whose watches are scripted."""

    def __init__(self, store: JobStore, clock: FakeClock, *, failures: int = 0) -> None:
        self.runs: list[JobId] = []
        self.engine = EmbeddedEngine(
            store=store,
            watch=lambda job_id, signals: ScriptedWatch(self.runs, job_id, signals, failures).run(),
            clock=clock,
            random=Random(1),  # noqa: S311 - jitter
            drain_timeout_s=PATIENCE_S,
        )


async def turns(count: int = 20) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def wake_the_next(clock: FakeClock) -> None:
    """Let time pass until somebody's sleep is over, once somebody sleeps."""
    await until(clock.next_due)
    due = clock.next_due()
    assert due is not None
    clock.move_to(due)


async def test_every_unfinished_job_is_taken_up_once(store: SqlJobStore, clock: FakeClock) -> None:
    await store.add(a_job(1))
    await store.add(a_job(2, state=State.RENDERING))
    await store.add(a_job(3, state=State.DELIVERED))
    bench = Workbench(store, clock)
    await bench.engine.start()
    await turns()
    assert bench.engine.watching == {"job-1", "job-2"}
    bench.engine.enqueue("job-1")
    await turns()
    assert sorted(bench.runs) == ["job-1", "job-2"]
    assert bench.engine.watching == {"job-2"}
    await bench.engine.stop()
    assert bench.engine.watching == frozenset()


async def test_what_was_read_of_all_at_once_is_not_read_again_one_by_one(
    store: SqlJobStore, clock: FakeClock
) -> None:
    given: list[Job | None] = []
    runs: list[JobId] = []
    await store.add(a_job(1))

    async def watch(job_id: JobId, signals: Signals) -> None:
        given.append(signals.row)
        await ScriptedWatch(runs, job_id, signals, failures=1).run()

    engine = EmbeddedEngine(
        store=store,
        watch=watch,
        clock=clock,
        random=Random(1),  # noqa: S311 - jitter
        drain_timeout_s=PATIENCE_S,
    )
    await engine.start()
    await until(lambda: clock.sleeping == 2)  # the sweep, and the watch that broke
    await wake_the_next(clock)
    await until(lambda: len(given) == 2)
    await engine.stop()

    assert given == [a_job(1), None]


async def test_a_watch_that_breaks_is_taken_up_again(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Workbench(store, clock, failures=3)
    await bench.engine.start()
    bench.engine.enqueue("job-1")
    for failures in (1, 2, 3):
        await until(lambda failures=failures: caplog.text.count("its watch failed") == failures)
        await until(lambda: clock.sleeping == 2)
        await wake_the_next(clock)
    await until(lambda: len(bench.runs) == 4)
    assert caplog.text.count("its watch failed") == 3
    assert bench.engine.watching == {"job-1"}
    await bench.engine.stop()


async def test_the_sweep_finds_what_somebody_else_brought_back_to_life(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    away = iter([False, True])
    flaky = FailingStore(store, is_away=lambda _call: next(away, False))
    bench = Workbench(flaky, clock)
    await bench.engine.start()
    await store.add(a_job(1))
    await wake_the_next(clock)
    await until(lambda: "couldn't look for jobs that nothing watches" in caplog.text)
    assert bench.runs == []
    await wake_the_next(clock)
    await until(lambda: bench.runs == ["job-1"])
    await wake_the_next(clock)
    await until(clock.next_due)  # the sweep after that is over, too
    assert bench.runs == ["job-1"]
    await bench.engine.stop()


async def test_stopping_before_starting_is_no_trouble(store: SqlJobStore, clock: FakeClock) -> None:
    await Workbench(store, clock).engine.stop()


async def test_a_watch_that_does_not_pause_in_time_is_ended(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    ended = asyncio.Event()

    async def stubborn(_job_id: JobId, _signals: Signals) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    engine = EmbeddedEngine(
        store=store,
        watch=stubborn,
        clock=clock,
        random=Random(1),  # noqa: S311 - jitter
        drain_timeout_s=RUNS_OUT_S,
    )
    await engine.start()
    engine.enqueue("job-1")
    await turns()
    await engine.stop()
    assert ended.is_set()
    assert "didn't pause" in caplog.text


async def test_the_watch_of_a_job_that_cannot_be_read_ends_in_silence_until_the_next_sweep(
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs: list[JobId] = []

    async def unread(job_id: JobId, _signals: Signals) -> None:
        runs.append(job_id)
        raise RowUnreadable("job job-1 can't be read")

    watches = Watches(
        watch=unread,
        clock=FakeClock(),
        random=Random(1),  # noqa: S311 - jitter
    )
    assert await watches.begin("job-1") is False
    assert (runs, watches.running) == (["job-1"], frozenset())
    assert caplog.records == []


async def test_what_nobody_foresaw_in_the_engine_itself_ends_no_new_watches(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Workbench(store, clock)
    await bench.engine.start()
    bench.engine.enqueue(cast("JobId", []))
    bench.engine.enqueue("job-1")
    await turns()
    assert bench.runs == []
    await wake_the_next(clock)
    await until(lambda: bench.runs)
    assert bench.runs == ["job-1"]
    assert "engine failed; starting it again" in caplog.text
    await bench.engine.stop()


class BrokenClock(FakeClock):
    """Cannot even wait before a watch is run again."""

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        if wake is not None:
            raise RuntimeError("nobody foresaw this")
        await super().sleep(seconds)


async def test_a_watch_whose_task_breaks_is_told_of_and_found_by_the_sweep(
    store: SqlJobStore, caplog: pytest.LogCaptureFixture
) -> None:
    clock = BrokenClock()
    await store.add(a_job(1))
    bench = Workbench(store, clock, failures=1)
    await bench.engine.start()
    await until(lambda: "an error ended" in caplog.text)
    await wake_the_next(clock)
    await until(lambda: len(bench.runs) == 2)
    await bench.engine.stop()


class Work:
    """Watches that go as a story wants: each wait for a wake, break or end."""

    def __init__(self, *plan: str) -> None:
        self.watched: list[JobId] = []
        self.looks = 0
        self._plan = list(plan)

    async def watch(self, job_id: JobId, signals: Signals) -> None:
        self.watched.append(job_id)
        how = self._plan.pop(0)
        if how == "breaks":
            raise StoreUnavailable("the database is away")
        while how in {"waits", "hangs"} and not signals.draining:
            await signals.wake.wait()
            signals.wake.clear()
            self.looks += 1
        if how == "hangs":
            await asyncio.Event().wait()


def engine_of(work: Work, clock: FakeClock) -> SingleEngine:
    return SingleEngine(
        watch=work.watch, clock=clock, random=SystemRandom(), drain_timeout_s=RUNS_OUT_S
    )


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_job_that_needs_nothing_more_is_over() -> None:
    work = Work("ends")
    engine = engine_of(work, FakeClock())
    engine.enqueue("job-1")
    await engine.over.wait()
    await engine.stop()
    assert work.watched == ["job-1"]


async def test_a_nudge_is_a_look_and_not_another_watch() -> None:
    work = Work("waits")
    engine = engine_of(work, FakeClock())
    engine.enqueue("job-1")
    await settled()
    engine.enqueue("job-1")
    await settled()
    assert (work.watched, work.looks) == (["job-1"], 1)
    await engine.stop()
    assert not engine.over.is_set()


async def test_the_watch_of_one_job_is_taken_up_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work, clock = Work("breaks", "ends"), FakeClock()
    engine = engine_of(work, clock)
    engine.enqueue("job-1")
    await settled()
    assert not engine.over.is_set()
    due = clock.next_due()
    assert due is not None
    clock.move_to(due)
    await engine.over.wait()
    assert work.watched == ["job-1", "job-1"]
    assert "job job-1: its watch failed; starting it again" in caplog.text


async def test_stopping_is_not_the_end_of_the_job_however_it_hangs() -> None:
    for how in ("waits", "hangs", "breaks"):
        engine = engine_of(Work(how), FakeClock())
        engine.enqueue("job-1")
        await settled()
        await engine.stop()
        assert not engine.over.is_set()


async def test_an_engine_that_was_given_nothing_stops_at_once() -> None:
    await engine_of(Work(), FakeClock()).stop()


async def test_a_job_that_is_watched_gets_no_second_watch(store: SqlJobStore) -> None:
    bench = Workbench(store, FakeClock())
    watches = Watches(
        watch=lambda job_id, signals: ScriptedWatch(bench.runs, job_id, signals, 0).run(),
        clock=FakeClock(),
        random=SystemRandom(),
    )
    task = watches.begin("job-1")
    assert watches.begin("job-1") is task
    await task
    assert bench.runs == ["job-1"]
