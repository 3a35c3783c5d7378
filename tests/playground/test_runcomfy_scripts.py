"""Each purchase gets its scenario, and keeps it through refusals that pass."""

import pytest

from bot.playground.runcomfy_scenario import (
    Ending,
    Fault,
    Hangs,
    Scenario,
    api_error,
    rate_limited,
    unavailable,
)
from bot.playground.runcomfy_scripts import WORDS, Scripts

FAILING = Scenario(ending=Ending.FAILS)
BUSY_TWICE = Scenario(on_submit=(Fault(rate_limited(), times=2),))


def test_scripted_scenarios_come_first_and_in_order() -> None:
    scripts = Scripts()
    scripts.default = Scenario(queue_s=1)
    scripts.add(FAILING, Scenario(queue_s=9))

    taken = [scripts.take(prompt)[0] for prompt in ("slow", "slow", "slow", "a kite")]

    assert taken == [FAILING, Scenario(queue_s=9), WORDS["slow"][1], Scenario(queue_s=1)]


def test_a_scripted_refusal_that_passes_keeps_its_scenario_for_the_next_post() -> None:
    scripts = Scripts()
    scripts.add(BUSY_TWICE, FAILING)

    taken = [scripts.take("a kite") for _ in range(4)]

    assert [scenario for scenario, _ in taken] == [BUSY_TWICE] * 3 + [FAILING]
    assert [fault is not None for _, fault in taken] == [True, True, False, False]


def test_a_prompts_refusal_that_passes_is_kept_for_that_prompt_alone() -> None:
    scripts = Scripts()

    first, other, second, third, anew = (
        scripts.take(prompt)[1]
        for prompt in ("busy kite", "busy gull", "busy kite", "busy kite", "busy kite")
    )

    assert first
    assert other
    assert second
    assert third is None
    assert anew


def test_an_account_that_is_broke_has_money_again_for_the_next_request() -> None:
    scripts = Scripts()

    refused, again = (scripts.take("a broke kite")[1] for _ in range(2))

    assert refused is not None
    assert refused.how == api_error(400002, status=402)
    assert again is None


@pytest.mark.parametrize("fault", [Fault(unavailable()), Fault(Hangs(), times=2, accepted=True)])
def test_a_scenario_is_over_once_it_is_refused_for_good_or_accepted(fault: Fault[Hangs]) -> None:
    scripts = Scripts()
    scripts.add(Scenario(on_submit=(fault,)))

    assert scripts.take("a kite")[1] == fault
    assert scripts.take("a kite") == (Scenario(), None)
