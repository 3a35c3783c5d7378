"""Jobs are polled where their end is likely, in one line of all jobs, and never too often."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from math import exp, log
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.forecast import Forecast, Forecasts, forecast_of
from bot.domain.job import Job, State
from bot.runner.cadence import POLL_MAX_S, SLOW_POLL_S
from bot.runner.polling import (
    DENSE_GAP_S,
    POLL_MIN_S,
    QUIET_GAP_S,
    Likelihood,
    Pace,
    Polling,
    Turn,
    learned,
    poll_delay_s,
)
from tests.clocks import FakeClock, ShakenClock
from tests.domain.samples import a_job

USUALLY = Forecast(median_s=240, most_s=480)


class SameForecast(Forecasts):
    """Tells the same of every job."""

    def __init__(self, forecast: Forecast | None) -> None:
        self.forecast = forecast

    async def of(self, job: Job) -> Forecast | None:
        del job
        return self.forecast


@pytest.fixture
def same() -> SameForecast:
    return SameForecast(USUALLY)


@pytest.fixture
def polling(same: SameForecast, clock: FakeClock) -> Polling:
    return Polling(forecasts=same, clock=clock, per_second=10)


def sent_ago(seconds: float, clock: FakeClock) -> Job:
    sent_at = clock.now() - timedelta(seconds=seconds)
    return a_job(state=State.RENDERING).model_copy(update={"sent_at": sent_at})


@pytest.mark.parametrize("age_s", [0, 100, 240, 1_000])
async def test_what_former_jobs_took_decides(
    polling: Polling, clock: FakeClock, age_s: int
) -> None:
    assert await polling.delay_s(sent_ago(age_s, clock)) == learned(USUALLY).gap_s(age_s)


async def test_as_long_as_nothing_is_known_the_age_decides(
    polling: Polling, clock: FakeClock, same: SameForecast
) -> None:
    same.forecast = None

    assert await polling.delay_s(sent_ago(300, clock)) == poll_delay_s(300) == 5


async def test_what_is_learned_anew_counts(
    polling: Polling, clock: FakeClock, same: SameForecast
) -> None:
    job = sent_ago(240, clock)
    before_s = await polling.delay_s(job)
    same.forecast = Forecast(median_s=900, most_s=1_200)

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


SECONDS = st.floats(min_value=0, max_value=200_000, allow_nan=False)


@given(SECONDS, SECONDS)
def test_an_older_job_is_never_looked_at_more_often(one_s: float, other_s: float) -> None:
    younger, older = sorted((one_s, other_s))
    assert poll_delay_s(younger) <= poll_delay_s(older)


@given(SECONDS)
def test_polls_stay_within_their_bounds(age_s: float) -> None:
    assert POLL_MIN_S <= poll_delay_s(age_s) <= SLOW_POLL_S


def test_a_job_of_half_an_hour_is_looked_at_once_a_minute() -> None:
    assert poll_delay_s(29 * 60) == POLL_MAX_S
    assert poll_delay_s(30 * 60) == SLOW_POLL_S


@pytest.fixture
def pace(clock: FakeClock) -> Pace:
    return Pace(per_second=10, clock=clock)


def pass_time(clock: FakeClock, seconds: float) -> None:
    clock.move_to(clock.now() + timedelta(seconds=seconds))


def looks_in(seconds: int, turns: list[Turn], clock: FakeClock) -> list[int]:
    """How often each looks who wants to look again at once, always."""
    looks = [0] * len(turns)
    for _ in range(seconds * 100):
        for number, turn in enumerate(turns):
            looks[number] += turn.wait_s() == 0
        pass_time(clock, 0.01)
    return looks


def test_a_few_who_meet_by_chance_all_go_at_once(pace: Pace, clock: FakeClock) -> None:
    pass_time(clock, 60)

    assert [Turn(pace).wait_s() for _ in range(5)] == [0] * 5


def test_a_crowd_goes_one_after_the_other(pace: Pace, clock: FakeClock) -> None:
    pass_time(clock, 60)
    waits_s = [Turn(pace).wait_s() for _ in range(1_000)]

    assert waits_s == sorted(waits_s)
    assert waits_s[-1] == pytest.approx((1_000 - 6) / 10, abs=0.11)


@pytest.mark.parametrize("crowd", [3, 30, 300])
def test_whatever_is_wanted_the_rate_holds_and_all_get_the_same(
    pace: Pace, clock: FakeClock, crowd: int
) -> None:
    looks = looks_in(60, [Turn(pace) for _ in range(crowd)], clock)

    assert sum(looks) == pytest.approx(600, abs=10)
    assert max(looks) - min(looks) <= 6 if crowd == 3 else max(looks) - min(looks) <= 1


def test_who_comes_late_waits_for_those_before_and_no_longer(pace: Pace, clock: FakeClock) -> None:
    crowd = [Turn(pace) for _ in range(100)]
    looks_in(20, crowd, clock)
    late = Turn(pace)
    promised_s = late.wait_s()

    assert promised_s == pytest.approx(10, abs=0.2)
    looks_in(5, crowd, clock)
    assert late.wait_s() == pytest.approx(promised_s - 5, abs=0.01)
    pass_time(clock, promised_s - 5)
    assert late.wait_s() == 0


def test_a_place_in_the_line_is_kept_while_one_does_something_else(
    pace: Pace, clock: FakeClock
) -> None:
    turns = [Turn(pace) for _ in range(20)]
    waits_s = [turn.wait_s() for turn in turns]
    pass_time(clock, 0.25)

    assert turns[-1].wait_s() == pytest.approx(waits_s[-1] - 0.25)


def test_a_clock_that_is_set_back_stops_nobody() -> None:
    shaken = ShakenClock()
    pace = Pace(per_second=10, clock=shaken)
    turns = [Turn(pace) for _ in range(20)]
    wait_s = max(turn.wait_s() for turn in turns)
    shaken.back = timedelta(hours=1)
    assert turns[-1].wait_s() == pytest.approx(wait_s)
    shaken.pass_time(wait_s)

    assert turns[-1].wait_s() == 0


MEDIANS = st.floats(min_value=0, max_value=7_200, allow_nan=False)
SPREADS = st.floats(min_value=0, max_value=3, allow_nan=False)
AGES = st.floats(min_value=-10, max_value=100_000, allow_nan=False)

Gap = Callable[[float], float]


def looks_at(took_s: float, gap: Gap) -> tuple[int, float]:
    """How many looks it took to see the end, and how long after the end the last one was."""
    age_s, looks = 0.0, 0
    while age_s < took_s:
        age_s += gap(age_s)
        looks += 1
    return looks, age_s - took_s


def lives(spread: float, seed: int, many: int = 1_000) -> list[float]:
    random = Random(seed)  # noqa: S311 - no secret
    return [random.lognormvariate(log(240), spread) for _ in range(many)]


@given(MEDIANS, SPREADS, AGES)
def test_every_gap_is_within_its_bounds(median_s: float, spread: float, age_s: float) -> None:
    likelihood = learned(Forecast(median_s=median_s, most_s=median_s * exp(spread)))

    assert DENSE_GAP_S <= likelihood.gap_s(age_s) <= QUIET_GAP_S
    assert likelihood.hazard_per_s(age_s) >= 0


def test_the_usual_time_is_learned_as_it_was_measured() -> None:
    likelihood = learned(USUALLY)

    assert likelihood.median_s == 240
    assert 240 * exp(likelihood.spread * 1.2816) == pytest.approx(480)


def test_looks_are_seldom_at_first_and_dense_around_the_likely_moment() -> None:
    gap = learned(USUALLY).gap_s

    assert gap(0) == gap(30) == QUIET_GAP_S
    assert gap(60) > gap(120) > gap(200)
    assert gap(240) < 4


def test_of_short_renderings_the_beginning_is_seen_as_well() -> None:
    likelihood = learned(Forecast(median_s=80, most_s=100))

    assert likelihood.gap_s(0) == 5


def test_times_that_are_all_the_same_are_looked_for_most_densely_when_they_are_due() -> None:
    likelihood = learned(Forecast(median_s=240, most_s=240))

    assert likelihood.gap_s(235) == DENSE_GAP_S
    assert likelihood.gap_s(120) == QUIET_GAP_S


def test_the_likelihood_far_beyond_all_experience_goes_on_without_a_jump() -> None:
    likelihood = Likelihood(median_s=240, spread=0.3, eagerness=0.3)
    ages = [240 * exp(0.3 * z) for z in (5.9, 5.99, 6.0, 6.01, 6.1)]
    hazards = [likelihood.hazard_per_s(age) for age in ages]

    for one, next_one in pairwise(hazards):
        assert next_one == pytest.approx(one, rel=0.05)


@pytest.mark.parametrize("spread", [0.2, 0.4, 0.65, 0.85])
def test_it_takes_fewer_looks_than_once_in_five_seconds_and_sees_ends_sooner(
    spread: float,
) -> None:
    forecast = forecast_of(lives(spread, seed=1, many=50))
    assert forecast is not None
    gap = learned(forecast).gap_s

    ours = [looks_at(took_s, gap) for took_s in lives(spread, seed=2)]
    every_5_s = [looks_at(took_s, lambda _: 5.0) for took_s in lives(spread, seed=2)]

    assert fmean(looks for looks, _ in ours) < fmean(looks for looks, _ in every_5_s)
    assert fmean(late for _, late in ours) < fmean(late for _, late in every_5_s)
