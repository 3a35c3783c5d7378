"""What to expect of a job is measured, asked for once a minute and length, or not said."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.forecast import (
    LATE_AFTER,
    SAMPLE_MIN,
    Forecast,
    Forecasts,
    Similar,
    can_be_expected,
    changes_at,
    forecast_of,
    is_late,
)
from bot.domain.generation.models import USUAL
from bot.domain.job import Job, State
from bot.domain.ports import StoreUnavailable
from tests.clocks import FakeClock
from tests.domain.samples import NOON, a_job

TIMES = st.lists(
    st.floats(min_value=0, max_value=86_400, allow_nan=False), min_size=SAMPLE_MIN, max_size=50
)
USUALLY = Forecast(median_s=120, most_s=240)


def all_took(seconds: float) -> Forecast:
    return Forecast(median_s=seconds, most_s=seconds, least_s=seconds, shortest_s=seconds)


SENT = a_job(state=State.QUEUED).model_copy(update={"sent_at": NOON})


@pytest.mark.parametrize("known", range(SAMPLE_MIN))
def test_of_fewer_than_five_nothing_is_said(known: int) -> None:
    assert forecast_of([60.0] * known) is None


def test_of_five_something_is_said() -> None:
    assert forecast_of([10, 20, 30, 40, 50]) == Forecast(
        median_s=30, most_s=46, least_s=14, shortest_s=10
    )


@given(TIMES)
def test_it_is_the_median_that_the_library_knows(took_s: list[float]) -> None:
    forecast = forecast_of(took_s)
    assert forecast is not None
    assert forecast.median_s == pytest.approx(median(took_s))


@given(TIMES)
def test_it_lies_between_what_was_measured_in_order(took_s: list[float]) -> None:
    forecast = forecast_of(took_s)
    assert forecast is not None
    slack = 1e-6
    assert min(took_s) - slack <= forecast.median_s
    assert forecast.median_s <= forecast.most_s + slack
    assert forecast.most_s <= max(took_s) + slack


@given(TIMES)
def test_nine_of_ten_took_at_most_so_long(took_s: list[float]) -> None:
    forecast = forecast_of(took_s)
    assert forecast is not None
    within = sum(took <= forecast.most_s + 1e-6 for took in took_s)
    # By interpolation the percentile lies among the ordered times at 0.9 (n - 1).
    assert within >= int(0.9 * (len(took_s) - 1)) + 1


@given(TIMES, st.randoms(use_true_random=False))
def test_the_order_does_not_count(took_s: list[float], random: Random) -> None:
    shuffled = list(took_s)
    random.shuffle(shuffled)
    assert forecast_of(shuffled) == forecast_of(took_s)


def test_the_moments_are_counted_from_the_sending() -> None:
    assert USUALLY.expected_at(SENT) == NOON + timedelta(seconds=120)
    assert USUALLY.late_from(SENT) == NOON + timedelta(seconds=240)
    unsent = SENT.model_copy(update={"sent_at": None})
    assert USUALLY.expected_at(unsent) is None
    assert changes_at(unsent, USUALLY, unsent.created_at) == unsent.created_at + LATE_AFTER


def test_there_is_something_new_to_say_at_both_moments_and_never_again() -> None:
    first, second = NOON + timedelta(seconds=120), NOON + timedelta(seconds=240)
    assert changes_at(SENT, USUALLY, NOON) == first
    assert changes_at(SENT, USUALLY, first) == second
    assert changes_at(SENT, USUALLY, second) is None


def test_it_takes_longer_than_usual_from_the_90th_percentile_on() -> None:
    late = NOON + timedelta(seconds=240)
    assert not is_late(SENT, USUALLY, late - timedelta(microseconds=1))
    assert is_late(SENT, USUALLY, late)


def test_while_nothing_is_known_it_does_so_after_eight_minutes() -> None:
    late = NOON + timedelta(minutes=8)
    assert not is_late(SENT, None, late - timedelta(microseconds=1))
    assert is_late(SENT, None, late)
    assert changes_at(SENT, None, NOON) == late
    assert changes_at(SENT, None, late) is None


@pytest.mark.parametrize("state", State)
def test_only_a_job_at_the_service_is_late(state: State) -> None:
    job, long_after = a_job(state=state), NOON + timedelta(days=1)
    at_the_service = state in {State.QUEUED, State.RENDERING}
    assert is_late(job, None, long_after) is at_the_service
    assert (changes_at(job, None, NOON) is not None) is at_the_service


@pytest.mark.parametrize("state", State)
def test_only_what_the_service_has_can_be_expected(state: State) -> None:
    assert can_be_expected(a_job(state=state)) is (state in (State.QUEUED, State.RENDERING))


class CountedTimings:
    """Answers with what it is given, and remembers what it was asked."""

    def __init__(self, took_s: Sequence[float] | None) -> None:
        self.took_s = took_s
        self.asked: list[Similar] = []

    async def last(self, of: Similar) -> Sequence[float]:
        self.asked.append(of)
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
def forecasts(timings: CountedTimings, clock: FakeClock) -> Forecasts:
    return Forecasts(last_times=timings.last, clock=clock)


async def test_the_last_fifty_of_like_length_are_asked_for(
    forecasts: Forecasts, timings: CountedTimings
) -> None:
    assert await forecasts.of(a_queued_job(7)) == all_took(60)
    assert timings.asked == [Similar(USUAL.id, 5, 9, most=50)]


async def test_each_model_has_times_of_its_own(
    forecasts: Forecasts, timings: CountedTimings
) -> None:
    await forecasts.of(a_queued_job(5))
    await forecasts.of(a_queued_job(5).model_copy(update={"model_id": "another"}))
    assert [one.model_id for one in timings.asked] == [USUAL.id, "another"]


async def test_within_a_minute_it_is_remembered_for_each_length(
    forecasts: Forecasts, timings: CountedTimings, clock: FakeClock
) -> None:
    for _ in range(3):
        await forecasts.of(a_queued_job(5))
        await forecasts.of(a_queued_job(10))
    assert len(timings.asked) == 2
    clock.move_to(clock.now() + timedelta(seconds=60))
    timings.took_s = [90.0] * 5
    assert await forecasts.of(a_queued_job(5)) == all_took(90)
    assert len(timings.asked) == 3


async def test_that_too_few_are_known_is_remembered_as_well(
    forecasts: Forecasts, timings: CountedTimings
) -> None:
    timings.took_s = []
    assert await forecasts.of(a_queued_job()) is None
    assert await forecasts.of(a_queued_job()) is None
    assert len(timings.asked) == 1


async def test_nothing_is_asked_for_a_job_that_is_not_at_the_service(
    forecasts: Forecasts, timings: CountedTimings
) -> None:
    assert await forecasts.of(a_job(state=State.WAITING)) is None
    assert timings.asked == []


async def test_without_the_database_nothing_is_said(clock: FakeClock) -> None:
    forecasts = Forecasts(last_times=CountedTimings(None).last, clock=clock)
    assert await forecasts.of(a_queued_job()) is None


class SlowTimings(CountedTimings):
    """Answers only once it is let go."""

    def __init__(self) -> None:
        super().__init__([60.0] * 5)
        self.answering = asyncio.Event()

    async def last(self, of: Similar) -> Sequence[float]:
        took_s = await super().last(of)
        await self.answering.wait()
        return took_s


async def test_while_one_asks_nobody_else_asks_or_waits(clock: FakeClock) -> None:
    timings = SlowTimings()
    forecasts = Forecasts(last_times=timings.last, clock=clock)
    asking = asyncio.create_task(forecasts.of(a_queued_job()))
    await asyncio.sleep(0)

    assert await forecasts.of(a_queued_job()) is None
    timings.answering.set()
    assert await asking == await forecasts.of(a_queued_job()) is not None
    assert len(timings.asked) == 1
