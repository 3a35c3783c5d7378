"""Looks take turns: no more than so many a second, in the order of asking, and nobody is lost."""

from datetime import timedelta

import pytest

from bot.runner.pace import Pace, Turn
from tests.clocks import FakeClock, ShakenClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


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
