"""Jobs are looked at as former ones suggest, and as one line of all jobs allows."""

from datetime import timedelta

import pytest

from bot.domain.expectation import Expectation
from bot.domain.job import Job, State
from bot.runner.cadence import SLOW_POLL_S, poll_delay_s
from bot.runner.likelihood import learned
from bot.runner.polling import Polling
from tests.clocks import FakeClock
from tests.domain.samples import a_job

USUALLY = Expectation(median_s=240, most_s=480)


class Forecast:
    """The Expectations port, telling the same of every job."""

    def __init__(self, expectation: Expectation | None) -> None:
        self.expectation = expectation

    async def of(self, job: Job) -> Expectation | None:
        del job
        return self.expectation


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def forecast() -> Forecast:
    return Forecast(USUALLY)


@pytest.fixture
def polling(forecast: Forecast, clock: FakeClock) -> Polling:
    return Polling(expectations=forecast, clock=clock, per_second=10)


def sent_ago(seconds: float, clock: FakeClock) -> Job:
    sent_at = clock.now() - timedelta(seconds=seconds)
    return a_job(state=State.RENDERING).model_copy(update={"sent_at": sent_at})


@pytest.mark.parametrize("age_s", [0, 100, 240, 1_000])
async def test_what_former_jobs_took_decides(
    polling: Polling, clock: FakeClock, age_s: int
) -> None:
    assert await polling.delay_s(sent_ago(age_s, clock)) == learned(USUALLY).gap_s(age_s)


async def test_as_long_as_nothing_is_known_the_age_decides(
    polling: Polling, clock: FakeClock, forecast: Forecast
) -> None:
    forecast.expectation = None

    assert await polling.delay_s(sent_ago(300, clock)) == poll_delay_s(300) == 5


async def test_what_is_learned_anew_counts(
    polling: Polling, clock: FakeClock, forecast: Forecast
) -> None:
    job = sent_ago(240, clock)
    before_s = await polling.delay_s(job)
    forecast.expectation = Expectation(median_s=900, most_s=1_200)

    assert await polling.delay_s(job) > before_s


async def test_a_job_of_half_an_hour_is_looked_at_seldom_whatever_is_known(
    polling: Polling, clock: FakeClock
) -> None:
    assert await polling.delay_s(sent_ago(1_800, clock)) == SLOW_POLL_S


async def test_a_job_that_was_never_sent_counts_from_its_beginning(
    polling: Polling, clock: FakeClock
) -> None:
    created_at = clock.now() - timedelta(seconds=240)
    job = a_job(state=State.QUEUED).model_copy(update={"created_at": created_at, "sent_at": None})

    assert await polling.delay_s(job) == learned(USUALLY).gap_s(240)


async def test_all_jobs_stand_in_one_line(polling: Polling) -> None:
    waits_s = [polling.turn().wait_s() for _ in range(100)]

    assert max(waits_s) == pytest.approx(9.9, abs=0.6)
