"""The settings card keeps to Discord's limits, and every option of it can be chosen."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.generation.request import Aspect
from bot.domain.preferences import Notify, Preferences
from bot.languages.language import load_languages
from cogs.kling_me.settings import NOT_CHOSEN, SETTINGS, change_of, settings_card, value_of

LANGUAGES = load_languages()
SELECT, TEXT = 3, 10
ANY_CHOICES = st.builds(
    Preferences,
    notify=st.none() | st.sampled_from(Notify),
    language=st.none() | st.sampled_from(LANGUAGES.codes),
    aspect=st.none() | st.sampled_from(Aspect),
    duration_s=st.none() | st.integers(3, 15),
    sound=st.none() | st.booleans(),
    ask_above_microusd=st.none() | st.integers(0, 3_000_000),
)


def parts(payload: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in payload:
        yield part
        yield from parts(part.get("components", []))


def drawn(choices: Preferences, code: str = "en") -> list[dict[str, Any]]:
    view: Any = settings_card(choices, LANGUAGES.of(code), LANGUAGES)
    return list(parts(view.to_components()))


def options(choices: Preferences, setting: str) -> list[dict[str, Any]]:
    selects = {part["custom_id"]: part for part in drawn(choices) if part["type"] == SELECT}
    found: list[dict[str, Any]] = selects[f"kling:me:{setting}"]["options"]
    return found


@pytest.mark.parametrize("code", LANGUAGES.codes)
def test_it_is_within_discords_limits(code: str) -> None:
    everything = drawn(Preferences(), code)
    assert len(everything) <= 40
    assert sum(len(part["content"]) for part in everything if part["type"] == TEXT) <= 4_000
    selects = [part for part in everything if part["type"] == SELECT]
    assert len(selects) == len(SETTINGS)
    for select in selects:
        assert len(select["custom_id"]) <= 100
        assert 1 <= len(select["options"]) <= 25
        for option in select["options"]:
            assert 1 <= len(option["label"]) <= 100
            assert 1 <= len(option["value"]) <= 100


@given(ANY_CHOICES)
def test_at_most_one_option_is_shown_as_chosen_and_it_is_the_one(choices: Preferences) -> None:
    for setting in SETTINGS:
        chosen = [option for option in options(choices, setting) if option.get("default")]
        assert len(chosen) <= 1
        for option in chosen:
            assert option["value"] == value_of(choices, setting)


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_option_is_a_choice_that_comes_back_as_itself(setting: str) -> None:
    for option in options(Preferences(), setting):
        change = {k: v for k, v in change_of(setting, option["value"]).items() if v is not None}
        choices = Preferences.model_validate(change)
        assert value_of(choices, setting) == option["value"]


def test_every_setting_is_a_preference_and_every_preference_can_be_set() -> None:
    assert set(SETTINGS) == set(Preferences.model_fields)


def test_every_shape_and_every_way_of_being_told_can_be_chosen() -> None:
    for setting, members in (("aspect", Aspect), ("notify", Notify)):
        offered = [option["value"] for option in options(Preferences(), setting)]
        assert offered == [NOT_CHOSEN, *(member.value for member in members)]


def test_a_sum_that_is_no_longer_offered_is_shown_as_none_of_them() -> None:
    odd = Preferences(ask_above_microusd=123)
    shown = options(odd, "ask_above_microusd")
    assert not [option for option in shown if option.get("default")]
    assert shown[0]["value"] == NOT_CHOSEN
