"""Words: nothing that people type can do anything on a card but be read."""

import re

import pytest
from hypothesis import given
from pydantic import ValidationError

from bot.domain.generation.request import GenerationRequest
from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.domain.outcomes import FailureReason
from bot.features.ordering import CancelRefusal
from bot.languages.language import load_languages
from bot.ui.words import cards as words
from bot.ui.words import requests as words_requests
from bot.ui.words.declines import REASONS
from tests.domain.samples import texts

ENGLISH = load_languages().of("en")
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_~|`<]")


@given(texts(max_size=400))
def test_a_quoted_prompt_is_one_line_of_plain_text(prompt: str) -> None:
    quoted = words.quoted_prompt(prompt)
    assert quoted.startswith("> ")
    assert "\n" not in quoted
    assert not UNESCAPED.search(quoted[2:])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("**bold** _it_", r"> \*\*bold\*\* \_it\_"),
        ("# heading", r"> \# heading"),
        ("one\ntwo\n\n# three", r"> one two \# three"),
        ("<@123> <t:1:R> </kling:1>", r"> \<\@123\> \<t\:1\:R\> \<\/kling\:1\>"),
        ("||spoiler||", r"> \|\|spoiler\|\|"),
        ("in\u202evisible\u200b \u2066bidi", "> invisible bidi"),
        ("a family 👨\u200d👩\u200d👧 ❤\ufe0f", "> a family 👨\u200d👩\u200d👧 ❤\ufe0f"),
    ],
)
def test_markdown_mentions_and_hidden_characters_do_nothing(typed: str, read: str) -> None:
    assert words.quoted_prompt(typed) == read


def test_three_hundred_characters_are_shown_and_no_more() -> None:
    assert words.quoted_prompt("k" * 300) == "> " + "k" * 300
    assert words.quoted_prompt("k" * 301) == "> " + "k" * 299 + "…"


def test_every_state_and_every_refusal_has_its_words() -> None:
    assert set(words.HEADINGS) == set(State)
    assert set(words.FAILURES) == set(FailureReason)
    assert set(REASONS) == set(DeclineReason)
    assert set(words.CANCEL_REFUSALS) == set(CancelRefusal)
    # What is asked and not yet confirmed waits to be sent, to its reader.
    headings = {**words.HEADINGS, State.ASKED: "asked"}
    assert words.HEADINGS[State.ASKED] == words.HEADINGS[State.WAITING]
    told = [*headings.values(), *words.CANCEL_REFUSALS.values()]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize(
    ("microusd", "shown"),
    [(0, "$0.00"), (840_000, "$0.84"), (2_520_000, "$2.52"), (5_001, "$0.01"), (4_999, "$0.00")],
)
def test_money_is_rounded_to_the_cent(microusd: int, shown: str) -> None:
    assert ENGLISH.dollars(microusd) == shown


def test_the_settings_line_names_what_was_chosen() -> None:
    plain = GenerationRequest(prompt="kite")
    assert (
        words_requests.settings_line(ENGLISH, plain, private=False)
        == "Pro (1080p) · 5 s · 16:9 · with sound"
    )
    chosen = GenerationRequest(prompt="kite", sound=False, guidance=1, negative_prompt="rain")
    assert words_requests.settings_line(ENGLISH, chosen, private=True) == (
        "Pro (1080p) · 5 s · 16:9 · silent · guidance 1 · negative prompt · private"
    )


def test_the_alt_text_stays_within_the_limit() -> None:
    assert words.video_alt(ENGLISH, "a  kite\nflies") == "Video: a kite flies"
    assert len(words.video_alt(ENGLISH, "k" * 2_500)) <= 1_024


def test_what_the_model_would_refuse_is_named() -> None:
    with pytest.raises(ValidationError) as refused:
        GenerationRequest(prompt="a red kite", duration_s=99, guidance=9)
    said = words_requests.bad_request(ENGLISH, refused.value)
    assert said == "Please change this and try again: duration, guidance. Nothing was charged."
