"""A choice is made or not; a question about the price is asked above the sum that was chosen."""

import pytest
from pydantic import ValidationError

from bot.domain.generation.models import USUAL
from bot.domain.generation.request import DURATION_MAX_S, Aspect, GenerationRequest
from bot.domain.preferences import (
    ASK_ABOVE_CHOICES_MICROUSD,
    Preferences,
)


def test_nothing_chosen_stands_in_for_nothing_and_asks_never() -> None:
    assert Preferences().defaults == {}
    assert not Preferences().wants_to_be_asked(10**12)


def test_what_was_chosen_stands_in_for_the_options_of_a_request() -> None:
    choices = Preferences(aspect=Aspect.SQUARE, duration_s=3, sound=False)
    request = GenerationRequest.model_validate({"prompt": "a kite", **choices.defaults})
    assert (request.aspect, request.duration_s, request.sound) == (Aspect.SQUARE, 3, False)


@pytest.mark.parametrize(
    ("estimate", "asks"), [(999_999, False), (1_000_000, False), (1_000_001, True)]
)
def test_only_what_is_dearer_is_asked_about(estimate: int, asks: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert Preferences(ask_above_microusd=1_000_000).wants_to_be_asked(estimate) is asks


def test_zero_asks_always() -> None:
    assert Preferences(ask_above_microusd=0).wants_to_be_asked(1)


def test_every_sum_that_is_offered_can_be_passed() -> None:
    assert max(ASK_ABOVE_CHOICES_MICROUSD) < USUAL.sound_microusd_per_s * DURATION_MAX_S


@pytest.mark.parametrize(
    "wrong", [{"duration_s": 2}, {"aspect": "4:3"}, {"ask_above_microusd": -1}, {"colour": "red"}]
)
def test_a_choice_that_there_is_not_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Preferences.model_validate(wrong)
