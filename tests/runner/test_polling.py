"""One budget of polls for all jobs of a process, spent where ends are likely, and never unfair."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from math import log
from random import Random
from statistics import fmean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.forecast import Forecast, forecast_of
from bot.domain.job import Job, State
from bot.domain.outcomes import Unanswered
from bot.runner.polling import (
    BADLY_FAIR_GAPS,
    DENSE_GAP_S,
    FEW_JOBS,
    FEW_PER_SECOND,
    SLOW_AFTER_S,
    UNLEARNT,
    WINDOW_S,
    Ages,
    Polling,
    Turn,
    learnt,
)
from bot.runner.watches import Signals
from tests.clocks import FakeClock, ShakenClock
from tests.domain.samples import a_job
from tests.patience import until
from tests.runner.polled_crowd import NoForecast, Patient, PolledCrowd, crowd_of

FEW_IN_A_WINDOW = int(WINDOW_S * FEW_PER_SECOND)
NEVER_ENDS = 1e9


def render_times(many: int, *, median_s: float = 240, spread: float = 0.65) -> list[float]:
    random = Random(2)  # noqa: S311 - a simulation repeats itself
    return [random.lognormvariate(log(median_s), spread) for _ in range(many)]


def gaps_s(patient: Patient) -> list[float]:
    return [later - earlier for earlier, later in pairwise(patient.looks_s)]


# --- how long it takes to see an end ---------------------------------------------------------


@pytest.mark.parametrize("live", [1, 2])
def test_with_one_or_two_jobs_half_of_the_ends_are_seen_within_a_second(live: int) -> None:
    crowd = crowd_of(live, render_times(120))

    assert median(crowd.late_s) <= 1.0
    assert sorted(crowd.late_s)[int(0.95 * len(crowd.late_s))] <= 2.0


def test_with_ten_jobs_ends_are_seen_sooner_than_by_a_fixed_gap() -> None:
    crowd = crowd_of(FEW_JOBS, render_times(1_500))
    fixed_s = FEW_JOBS / FEW_PER_SECOND

    assert fmean(crowd.late_s) < fixed_s / 2
    assert median(crowd.late_s) <= 3.5


@pytest.mark.parametrize("live", [2, 5, 10])
@pytest.mark.parametrize(
    ("first", "then"),
    [(1.0, 1.0), (1.0, 0.5), (1.0, 1.5), (1.0, 3.0)],
    ids=["the same", "down by half", "up by half", "three times"],
)
def test_after_a_jump_ends_are_seen_no_later_than_by_a_fixed_gap(
    live: int, first: float, then: float
) -> None:
    times_s = render_times(600, median_s=14, spread=0.05)
    before, after = times_s[:300], times_s[300:]
    crowd = crowd_of(live, [first * t for t in before] + [then * t for t in after])

    assert fmean(crowd.late_s) <= max(DENSE_GAP_S, live / FEW_PER_SECOND) / 2 * 1.1


@pytest.mark.parametrize("live", [4, 5, 10])
@pytest.mark.parametrize("kinds", ["12", "1" * 20 + "2" * 20, "1222222"])
def test_of_two_kinds_both_are_seen_no_later_than_by_a_fixed_gap(live: int, kinds: str) -> None:
    times_s = render_times(400, median_s=13, spread=0.05)
    by_turns = [int(kinds[number % len(kinds)]) * took_s for number, took_s in enumerate(times_s)]
    crowd = crowd_of(live, by_turns)
    fixed_s = live / FEW_PER_SECOND / 2

    assert median(crowd.late_s) <= fixed_s
    assert fmean(crowd.late_s) <= fixed_s


@pytest.mark.parametrize("live", [4, 5])
@pytest.mark.parametrize("factor", [0.5, 1.0, 1.5])
@pytest.mark.parametrize(("usual_s", "longest_s"), [(13, 4.5), (90, 5.1)])
def test_with_up_to_five_jobs_no_end_waits_long_whatever_was_learnt(
    live: int, factor: float, usual_s: float, longest_s: float
) -> None:
    times_s = render_times(200, median_s=usual_s, spread=0.05)
    crowd = crowd_of(live, times_s[:100] + [factor * took_s for took_s in times_s[100:]])

    assert max(crowd.late_s) <= longest_s


@pytest.mark.parametrize(
    ("apart_s", "median_s", "longest_s"), [(8, 1.0, 2.2), (3, 2.0, 4.5)], ids=["two live", "five"]
)
def test_where_each_job_takes_a_little_longer_than_the_last_the_bot_does_not_look_away(
    apart_s: float, median_s: float, longest_s: float
) -> None:
    crowd = PolledCrowd()
    for number in range(60):
        took_s = 12 + number % 10 / 3
        crowd.at(apart_s * number, lambda took_s=took_s: crowd.begin(took_s))
    crowd.run()

    assert len(crowd.ended) == 60
    assert median(crowd.late_s) <= median_s
    assert max(crowd.late_s) <= longest_s


# --- the budget ------------------------------------------------------------------------------


@settings(max_examples=20)
@given(
    st.lists(st.floats(0, 200), min_size=1, max_size=FEW_JOBS),
    st.integers(0, 2**32),
)
def test_few_jobs_never_spend_more_than_their_budget(begins_s: list[float], seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a simulation repeats itself
    crowd = PolledCrowd()
    for begin_s in begins_s:
        crowd.at(begin_s, lambda: crowd.begin(random.lognormvariate(log(60), 1)))
    crowd.run()

    assert len(crowd.ended) == len(begins_s)
    assert crowd.most_in_a_window() <= FEW_IN_A_WINDOW


@pytest.mark.parametrize("per_second", [1, 10, 100])
@pytest.mark.parametrize("live", [3, 12, 150])
def test_a_process_never_spends_more_than_its_budget(per_second: int, live: int) -> None:
    crowd = crowd_of(live, render_times(2 * live + 50, median_s=40), per_second=per_second)

    assert crowd.most_in_a_window() <= per_second * WINDOW_S


@pytest.mark.parametrize("live", [3, 10, 100, 1_000])
def test_no_job_is_out_of_sight_for_long(live: int) -> None:
    crowd = crowd_of(live, render_times(4 * live + 100))

    assert 1 < crowd.longest_fair_gaps <= BADLY_FAIR_GAPS


def test_the_eleventh_job_is_no_jump() -> None:
    most = [crowd_of(live, render_times(60)).most_in_a_window() for live in (10, 11, 30)]

    assert most == [12, 17, 100]


def test_no_job_is_polled_twice_in_a_moment() -> None:
    crowd = crowd_of(3, render_times(60, median_s=30))

    assert min(min(gaps_s(patient), default=9) for patient in crowd.ended) >= DENSE_GAP_S - 0.01


def test_where_many_end_the_last_one_is_not_left_waiting() -> None:
    crowd = PolledCrowd()
    last = crowd.begin(NEVER_ENDS)
    for _ in range(199):
        crowd.begin(100)
    crowd.run(until_s=200)
    crowd.polls.clear()
    crowd.run(until_s=300)

    assert crowd.live == {last}
    assert len(crowd.polls) >= 100 / 2 - 1


def test_a_job_of_half_an_hour_is_polled_seldom() -> None:
    crowd = PolledCrowd()
    crowd.begin(NEVER_ENDS)
    crowd.run(until_s=SLOW_AFTER_S)
    young = len(crowd.polls)
    crowd.run(until_s=2 * SLOW_AFTER_S)

    assert len(crowd.polls) - young < young / 2


# --- keys ------------------------------------------------------------------------------------


def test_a_key_with_many_jobs_takes_nothing_from_one_with_few() -> None:
    crowd = PolledCrowd()
    for _ in range(300):
        crowd.begin(NEVER_ENDS, key_id=1)
    alone = crowd.begin(NEVER_ENDS, key_id=2)
    crowd.run(until_s=600)

    assert max(gaps_s(alone)) < 6
    assert crowd.polls_per_key()[1] > 5_000


@pytest.mark.parametrize("retry_after_s", [None, 30])
def test_a_key_that_asks_too_much_asks_less_and_the_others_do_not_notice(
    retry_after_s: float | None,
) -> None:
    def answer(patient: Patient, at_s: float) -> Unanswered | None:
        is_refused = patient.key_id == 1 and 100 <= at_s < 200
        return Unanswered("429", retry_after_s, rate_limited=True) if is_refused else None

    crowd = PolledCrowd(answer=answer)
    for number in range(40):
        crowd.begin(NEVER_ENDS, key_id=number % 2)
    in_100_s = [crowd.run(until_s=100 * (hundred + 1)).polls_per_key() for hundred in range(6)]
    refused = [later[1] - earlier[1] for earlier, later in pairwise(in_100_s)]
    others = [later[0] - earlier[0] for earlier, later in pairwise(in_100_s)]

    assert 0 < refused[0] < in_100_s[0][1] / 3
    assert refused[-1] > 0.9 * in_100_s[0][1]
    assert min(others) >= 0.95 * in_100_s[0][0]


# --- what is learnt --------------------------------------------------------------------------

TIMES = st.lists(st.floats(0, 7_200), min_size=5, max_size=50)
AGES = st.floats(-10, 100_000)


@given(TIMES, AGES, AGES)
def test_the_older_a_job_the_likelier_its_end(
    times_s: list[float], one_s: float, other_s: float
) -> None:
    ages = learnt(forecast_of(times_s))
    younger, older = sorted((one_s, other_s))

    assert 0 <= ages.likelihood(younger) <= ages.likelihood(older) <= 1


@pytest.mark.parametrize(
    ("least_s", "likely_s"), [(40, 80), (100, 192)], ids=["times of all sorts", "much the same"]
)
def test_young_jobs_wait_for_those_that_are_likelier_to_end(
    least_s: float, likely_s: float
) -> None:
    ages = learnt(Forecast(median_s=240, most_s=480, least_s=least_s, shortest_s=30))

    assert ages.likelihood(10) == 0
    assert ages.likelihood((10 + likely_s) / 2) == pytest.approx(0.5)
    assert ages.likelihood(likely_s) == pytest.approx(1)


def test_as_long_as_nothing_is_known_an_end_is_likely_from_a_few_seconds_on() -> None:
    assert learnt(None) is UNLEARNT
    assert UNLEARNT.likelihood(1) == 0
    assert UNLEARNT.likelihood(6) == 1


def test_an_end_that_was_looked_for_in_time_is_learnt_from() -> None:
    crowd = crowd_of(2, render_times(30))
    turn, clock = Turn(nudge=lambda: None), crowd.clock
    crowd.polling.plan_at(turn, 100, UNLEARNT)
    crowd.polling.answered(turn)
    clock.move_to(clock.now() + timedelta(seconds=5))
    assert crowd.polling.ended_at(turn, 105)

    clock.move_to(clock.now() + timedelta(seconds=1))
    assert not crowd.polling.ended_at(turn, 106)


def test_after_a_restart_nobody_knows_when_a_job_ended() -> None:
    polling, turn = a_polling(FakeClock()), Turn(nudge=lambda: None)
    polling.plan_at(turn, 100, UNLEARNT)

    assert polling.wait_s(turn) == 0
    assert not polling.ended_at(turn, 100)


def test_a_job_that_ends_as_soon_as_it_is_sent_is_learnt_from() -> None:
    polling, turn = a_polling(FakeClock()), Turn(nudge=lambda: None)
    polling.plan_at(turn, 1, UNLEARNT)

    assert polling.wait_s(turn) == 0
    assert polling.ended_at(turn, 1)


# --- one watch -------------------------------------------------------------------------------


def a_polling(clock: FakeClock, *, per_second: float = 10) -> Polling:
    return Polling(forecasts=NoForecast(), clock=clock, per_second=per_second)


def sent_ago(seconds: float, clock: FakeClock) -> Job:
    sent_at = clock.now() - timedelta(seconds=seconds)
    return a_job(state=State.RENDERING).model_copy(update={"sent_at": sent_at})


async def test_a_single_job_is_polled_at_once_and_then_densely(clock: FakeClock) -> None:
    signals, job = Signals(asyncio.Event()), sent_ago(10, clock)
    polling, turn = a_polling(clock), Turn(nudge=signals.nudge)
    assert not polling.is_shown_before(turn)
    assert await polling.has_come(turn, job, signals)
    assert polling.is_shown_before(turn)
    again = asyncio.create_task(polling.has_come(turn, job, signals))
    await until(lambda: clock.sleeping == 1)
    clock.move_to(clock.now() + timedelta(seconds=DENSE_GAP_S))

    assert await again


async def test_a_press_ends_the_wait_and_a_nudge_does_not(clock: FakeClock) -> None:
    signals, job = Signals(asyncio.Event()), sent_ago(10, clock)
    polling, turn = a_polling(clock), Turn(nudge=signals.nudge)
    assert await polling.has_come(turn, job, signals)
    again = asyncio.create_task(polling.has_come(turn, job, signals))
    await until(lambda: clock.sleeping == 1)
    signals.nudge()
    await until(lambda: not signals.wake.is_set() and clock.sleeping == 1)
    assert not again.done()
    signals.press()

    assert not await again


def test_with_many_jobs_a_card_does_not_wait_for_the_first_poll(clock: FakeClock) -> None:
    polling = a_polling(clock)
    for _ in range(FEW_JOBS):
        polling.plan_at(Turn(nudge=lambda: None), 10, UNLEARNT)

    assert polling.is_shown_before(Turn(nudge=lambda: None))


def test_a_job_that_rests_is_not_polled_before(clock: FakeClock) -> None:
    polling, turn = a_polling(clock), Turn(nudge=lambda: None)
    polling.rest(turn, 40)
    polling.plan_at(turn, 10, UNLEARNT)

    assert polling.wait_s(turn) == pytest.approx(40)


def test_who_steps_aside_lets_the_next_one_know(clock: FakeClock) -> None:
    nudged: list[int] = []
    turns = [Turn(nudge=lambda number=number: nudged.append(number)) for number in range(3)]
    polling = a_polling(clock)
    for turn in turns:
        polling.plan_at(turn, 10, UNLEARNT)
    waits_s = [polling.wait_s(turn) for turn in turns]
    assert waits_s[0] == 0
    assert 0 < waits_s[1] < 1 < waits_s[2]

    polling.step_aside(turns[1])
    assert nudged == [2]
    assert 0 < polling.wait_s(turns[2]) < 1


def test_a_poll_that_can_wait_does_not_delay_one_that_cannot(clock: FakeClock) -> None:
    polling = a_polling(clock)
    waiting, fresh = Turn(nudge=lambda: None), Turn(nudge=lambda: None)
    polling.plan_at(waiting, 10, UNLEARNT)
    assert polling.wait_s(waiting) == 0
    polling.plan_at(waiting, 10, UNLEARNT)
    clock.move_to(clock.now() + timedelta(seconds=DENSE_GAP_S - 0.1))
    polling.plan_at(fresh, 0, Ages(possible_s=4, likely_s=8))

    assert polling.wait_s(waiting) == pytest.approx(0.1)
    assert polling.wait_s(fresh) > DENSE_GAP_S


def test_a_clock_that_is_set_back_stops_nobody() -> None:
    clock, turn = ShakenClock(), Turn(nudge=lambda: None)
    polling = a_polling(clock)
    polling.plan_at(turn, 10, UNLEARNT)
    assert polling.wait_s(turn) == 0
    polling.plan_at(turn, 10, UNLEARNT)
    wait_s = polling.wait_s(turn)
    clock.back = timedelta(hours=1)
    assert polling.wait_s(turn) == pytest.approx(wait_s)
    clock.pass_time(wait_s)

    assert polling.wait_s(turn) == 0


def test_a_turn_that_was_not_planned_is_no_turn(clock: FakeClock) -> None:
    with pytest.raises(RuntimeError):
        a_polling(clock).wait_s(Turn(nudge=lambda: None))


def test_a_press_is_not_lost_in_a_nudge() -> None:
    signals = Signals(asyncio.Event())
    signals.nudge()
    signals.press()

    assert not signals.take_nudge()
    assert signals.wake.is_set()


def test_a_nudge_is_not_taken_for_a_press() -> None:
    signals = Signals(asyncio.Event())
    signals.nudge()

    assert signals.take_nudge()
    assert not signals.wake.is_set()


def test_a_nudge_after_a_press_changes_nothing() -> None:
    signals = Signals(asyncio.Event())
    signals.press()
    signals.nudge()

    assert not signals.take_nudge()
    assert signals.wake.is_set()
