"""Words in a prompt choose what happens to it, and everyday prompts choose nothing."""

import pytest

from bot.playground.runcomfy_scenario import Scenario
from bot.playground.runcomfy_scripts import WORDS, scenario_of


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("please FAIL", "fail"),
        ("a long queue of people", "long queue"),
        ("a storm, huge", "storm"),
        ("slow-motion kite", "slow"),
    ],
)
def test_a_word_in_the_prompt_chooses(prompt: str, word: str) -> None:
    assert scenario_of(prompt) is WORDS[word][1]


@pytest.mark.parametrize("prompt", ["a red kite over the sea", "failure", "slowly", "imagery"])
def test_other_prompts_choose_nothing(prompt: str) -> None:
    assert scenario_of(prompt) is None


def test_every_word_is_explained_and_reached() -> None:
    for word, (meaning, scenario) in WORDS.items():
        assert len(meaning) > 10
        assert scenario_of(f"a {word} kite") is scenario
        assert scenario != Scenario()
