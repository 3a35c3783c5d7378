"""Faults come one after the other, each as often as it says."""

from bot.playground.runcomfy_scenario import (
    Fault,
    Hangs,
    Scenario,
    fault_at,
    rate_limited,
    unavailable,
)


def test_faults_take_their_turns() -> None:
    faults = (Fault(unavailable(), times=2), Fault(rate_limited(), times=1))

    turns = [fault_at(faults, call) for call in range(4)]

    assert turns == [faults[0], faults[0], faults[1], None]
    assert fault_at((*faults, Fault(Hangs())), 99) == Fault(Hangs())


def test_a_scenario_that_says_nothing_is_a_good_run() -> None:
    good = Scenario()

    assert not any((good.on_submit, good.on_status, good.on_result, good.on_cancel, good.on_file))
