"""The looks at a job are where its end is likely, and never more than once in five seconds."""

from collections.abc import Callable
from itertools import pairwise
from math import exp, log
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.expectation import Expectation, expectation_of
from bot.runner.likelihood import DENSE_GAP_S, QUIET_GAP_S, Likelihood, learned

USUALLY = Expectation(median_s=240, most_s=480)
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
    likelihood = learned(Expectation(median_s=median_s, most_s=median_s * exp(spread)))

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
    likelihood = learned(Expectation(median_s=80, most_s=100))

    assert likelihood.gap_s(0) == 5


def test_times_that_are_all_the_same_are_looked_for_most_densely_when_they_are_due() -> None:
    likelihood = learned(Expectation(median_s=240, most_s=240))

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
    expectation = expectation_of(lives(spread, seed=1, many=50))
    assert expectation is not None
    gap = learned(expectation).gap_s

    ours = [looks_at(took_s, gap) for took_s in lives(spread, seed=2)]
    every_5_s = [looks_at(took_s, lambda _: 5.0) for took_s in lives(spread, seed=2)]

    assert fmean(looks for looks, _ in ours) < fmean(looks for looks, _ in every_5_s)
    assert fmean(late for _, late in ours) < fmean(late for _, late in every_5_s)
