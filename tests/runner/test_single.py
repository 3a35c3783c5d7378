"""The engine of one job watches it to its end, through faults, and takes up no other."""

import asyncio
from random import SystemRandom

import pytest

from bot.domain.job import JobId
from bot.domain.ports import StoreUnavailable
from bot.runner.single import SingleEngine
from bot.runner.watches import Signals
from tests.clocks import FakeClock
from tests.patience import RUNS_OUT_S


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
    await engine.start()
    assert work.watched == []
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


async def test_a_watch_that_breaks_is_taken_up_again(caplog: pytest.LogCaptureFixture) -> None:
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
    assert "job job-1: the watch broke; it is taken up again" in caplog.text


async def test_stopping_is_not_the_end_of_the_job_however_it_hangs() -> None:
    for how in ("waits", "hangs", "breaks"):
        engine = engine_of(Work(how), FakeClock())
        engine.enqueue("job-1")
        await settled()
        await engine.stop()
        assert not engine.over.is_set()


async def test_an_engine_that_was_given_nothing_stops_at_once() -> None:
    await engine_of(Work(), FakeClock()).stop()
