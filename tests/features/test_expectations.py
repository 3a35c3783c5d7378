"""What to expect is asked for once a minute and length, and only for what the service has."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.domain.expectation import Expectation
from bot.domain.job import Job, State
from bot.domain.ports import StoreUnavailable
from bot.features.expectations import RecentExpectations
from tests.clocks import FakeClock
from tests.domain.samples import a_job


class CountedTimings:
    """Answers with what it is given, and remembers what it was asked."""

    def __init__(self, took_s: Sequence[float] | None) -> None:
        self.took_s = took_s
        self.asked: list[tuple[int, int, int]] = []

    async def last(self, *, shortest_s: int, longest_s: int, most: int) -> Sequence[float]:
        self.asked.append((shortest_s, longest_s, most))
        if self.took_s is None:
            raise StoreUnavailable("the database is away")
        return self.took_s


def a_queued_job(duration_s: int = 5) -> Job:
    job = a_job(state=State.QUEUED)
    request = job.request.model_copy(update={"duration_s": duration_s})
    return job.model_copy(update={"request": request})


@pytest.fixture
def timings() -> CountedTimings:
    return CountedTimings([60.0] * 5)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def expectations(timings: CountedTimings, clock: FakeClock) -> RecentExpectations:
    return RecentExpectations(timings=timings, clock=clock)


async def test_the_last_fifty_of_like_length_are_asked_for(
    expectations: RecentExpectations, timings: CountedTimings
) -> None:
    assert await expectations.of(a_queued_job(7)) == Expectation(median_s=60, most_s=60)
    assert timings.asked == [(5, 9, 50)]


async def test_within_a_minute_it_is_remembered_for_each_length(
    expectations: RecentExpectations, timings: CountedTimings, clock: FakeClock
) -> None:
    for _ in range(3):
        await expectations.of(a_queued_job(5))
        await expectations.of(a_queued_job(10))
    assert len(timings.asked) == 2
    clock.move_to(clock.now() + timedelta(seconds=60))
    timings.took_s = [90.0] * 5
    assert await expectations.of(a_queued_job(5)) == Expectation(median_s=90, most_s=90)
    assert len(timings.asked) == 3


async def test_that_too_few_are_known_is_remembered_as_well(
    expectations: RecentExpectations, timings: CountedTimings
) -> None:
    timings.took_s = []
    assert await expectations.of(a_queued_job()) is None
    assert await expectations.of(a_queued_job()) is None
    assert len(timings.asked) == 1


async def test_nothing_is_asked_for_a_job_that_is_not_at_the_service(
    expectations: RecentExpectations, timings: CountedTimings
) -> None:
    assert await expectations.of(a_job(state=State.WAITING)) is None
    assert timings.asked == []


async def test_without_the_database_nothing_is_said(clock: FakeClock) -> None:
    expectations = RecentExpectations(timings=CountedTimings(None), clock=clock)
    assert await expectations.of(a_queued_job()) is None


class SlowTimings(CountedTimings):
    """Answers only once it is let go."""

    def __init__(self) -> None:
        super().__init__([60.0] * 5)
        self.answering = asyncio.Event()

    async def last(self, *, shortest_s: int, longest_s: int, most: int) -> Sequence[float]:
        took_s = await super().last(shortest_s=shortest_s, longest_s=longest_s, most=most)
        await self.answering.wait()
        return took_s


async def test_while_one_asks_nobody_else_asks_or_waits(clock: FakeClock) -> None:
    timings = SlowTimings()
    expectations = RecentExpectations(timings=timings, clock=clock)
    asking = asyncio.create_task(expectations.of(a_queued_job()))
    await asyncio.sleep(0)

    assert await expectations.of(a_queued_job()) is None
    timings.answering.set()
    assert await asking == await expectations.of(a_queued_job()) is not None
    assert len(timings.asked) == 1
