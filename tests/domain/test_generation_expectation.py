"""What is expected is the median and the 90th percentile of what was measured, and not more."""

from datetime import timedelta
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.expectation import (
    LATE_AFTER,
    SAMPLE_MIN,
    Expectation,
    can_be_expected,
    changes_at,
    expectation_of,
    is_late,
)
from bot.domain.job import State
from tests.domain.samples import NOON, a_job

TIMES = st.lists(
    st.floats(min_value=0, max_value=86_400, allow_nan=False), min_size=SAMPLE_MIN, max_size=50
)
USUALLY = Expectation(median_s=120, most_s=240)
SENT = a_job(state=State.QUEUED).model_copy(update={"sent_at": NOON})


@pytest.mark.parametrize("known", range(SAMPLE_MIN))
def test_of_fewer_than_five_nothing_is_said(known: int) -> None:
    assert expectation_of([60.0] * known) is None


def test_of_five_something_is_said() -> None:
    assert expectation_of([10, 20, 30, 40, 50]) == Expectation(median_s=30, most_s=46)


@given(TIMES)
def test_it_is_the_median_that_the_library_knows(took_s: list[float]) -> None:
    expectation = expectation_of(took_s)
    assert expectation is not None
    assert expectation.median_s == pytest.approx(median(took_s))


@given(TIMES)
def test_it_lies_between_what_was_measured_in_order(took_s: list[float]) -> None:
    expectation = expectation_of(took_s)
    assert expectation is not None
    slack = 1e-6
    assert min(took_s) - slack <= expectation.median_s
    assert expectation.median_s <= expectation.most_s + slack
    assert expectation.most_s <= max(took_s) + slack


@given(TIMES)
def test_nine_of_ten_took_at_most_so_long(took_s: list[float]) -> None:
    expectation = expectation_of(took_s)
    assert expectation is not None
    within = sum(took <= expectation.most_s + 1e-6 for took in took_s)
    # By interpolation the percentile lies among the ordered times at 0.9 (n - 1).
    assert within >= int(0.9 * (len(took_s) - 1)) + 1


@given(TIMES, st.randoms(use_true_random=False))
def test_the_order_does_not_count(took_s: list[float], random: Random) -> None:
    shuffled = list(took_s)
    random.shuffle(shuffled)
    assert expectation_of(shuffled) == expectation_of(took_s)


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
