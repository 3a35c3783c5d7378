"""Styles are found however they are spelled, and add to a prompt without touching it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.generation.request import PROMPT_MAX_CHARS, TOO_LONG_WITH_STYLE, GenerationRequest
from bot.domain.generation.styles import (
    BUILT_IN,
    SNIPPET_MAX_CHARS,
    STYLES_PER_SERVER,
    OfferedStyle,
    Style,
    UnknownStyle,
    added,
    find,
    folded,
    matching,
    with_own,
)
from tests.domain.samples import texts

CAFE = Style(name="Café noir", prompt="a café at night")
ITALIAN = {"clay": "argilla", "cinematic": "cinematografico"}
OFFERED = [
    *(OfferedStyle(style, ITALIAN.get(style.name, style.name)) for style in BUILT_IN),
    OfferedStyle(CAFE, CAFE.name),
]


def test_the_built_in_ones_are_a_handful_with_names_of_their_own() -> None:
    names = {folded(style.name) for style in BUILT_IN}
    assert {"cinematic", "anime", "documentary", "clay"} <= names
    assert len(names) == len(BUILT_IN) <= STYLES_PER_SERVER


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "", "prompt": "x"},
        {"name": "   ", "prompt": "x"},
        {"name": "\u0301", "prompt": "x"},
        {"name": "n" * 33, "prompt": "x"},
        {"name": "n", "prompt": "x" * (SNIPPET_MAX_CHARS + 1)},
        {"name": "n", "negative_prompt": "x" * (SNIPPET_MAX_CHARS + 1)},
        {"name": "n", "prompt": "  ", "negative_prompt": ""},
    ],
)
def test_a_style_outside_the_limits_is_none(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Style.model_validate(wrong)


@pytest.mark.parametrize(
    "typed", ["cinematic", "CINEMATIC", " cinematic ", "cinemátic", "Cinematografico"]
)
def test_a_style_is_found_by_name_or_label_in_any_spelling(typed: str) -> None:
    assert find(typed, OFFERED) == BUILT_IN[0]


def test_an_accent_may_be_left_out() -> None:
    assert find("cafe noir", OFFERED) == CAFE


def test_a_name_counts_before_another_ones_label() -> None:
    own = Style(name="Argilla", prompt="red clay from the river")
    assert find("argilla", [*OFFERED, OfferedStyle(own, own.name)]) == own


def test_an_unknown_style_is_answered_with_the_nearest_labels() -> None:
    assert find("argila", OFFERED) == UnknownStyle("argila", ("argilla",))
    assert find("qqqqqq", OFFERED) == UnknownStyle("qqqqqq", ())


def test_matches_begin_with_what_was_typed_in_any_word() -> None:
    assert [one.label for one in matching("NÓIR", OFFERED)] == ["noir", "Café noir"]
    assert [one.label for one in matching("cin", OFFERED)] == ["cinematografico"]
    assert [one.label for one in matching("cla", OFFERED)] == ["argilla"]
    assert matching("", OFFERED) == OFFERED
    assert matching("zzz", OFFERED) == []


def test_a_servers_own_word_wins_over_the_built_in_one() -> None:
    own = Style(name="Ánime", prompt="our way of drawing")
    named = with_own([own])
    assert named[0] == own
    assert [style.name for style in named].count("anime") == 0
    assert len(named) == len(BUILT_IN)


@given(typed=texts(max_size=80), snippet=texts(max_size=80))
def test_what_was_typed_is_never_touched(typed: str, snippet: str) -> None:
    both = added(typed, snippet)
    assert both.startswith(typed)
    assert both.endswith(snippet)
    assert len(both) <= len(typed) + len(snippet) + 2


def test_a_comma_stands_only_where_no_sentence_ended() -> None:
    assert added("a kite", "clay") == "a kite, clay"
    assert added("A kite.", "clay") == "A kite. clay"
    assert added("", "clay") == "clay"
    assert added("a kite", "") == "a kite"


@given(texts(max_size=40))
def test_folding_twice_folds_no_further(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_request_keeps_what_was_typed_and_sends_both() -> None:
    style = Style(name="s", prompt="in clay", negative_prompt="smooth")
    request = GenerationRequest(prompt="a kite", negative_prompt="rain", style=style)
    assert (request.prompt, request.negative_prompt) == ("a kite", "rain")
    assert request.sent_prompt == "a kite, in clay"
    assert request.sent_negative_prompt == "rain, smooth"


def test_without_a_style_what_was_typed_is_sent() -> None:
    request = GenerationRequest(prompt="a kite", negative_prompt="rain")
    assert (request.sent_prompt, request.sent_negative_prompt) == ("a kite", "rain")


def test_a_style_may_leave_the_negative_prompt_alone() -> None:
    style = Style(name="s", prompt="in clay")
    assert GenerationRequest(prompt="a kite", style=style).sent_negative_prompt is None


def test_a_request_of_before_there_were_styles_still_reads() -> None:
    assert GenerationRequest.model_validate_json('{"prompt": "a kite"}').style is None


@pytest.mark.parametrize("field", ["prompt", "negative_prompt"])
def test_a_text_that_is_too_long_with_its_style_says_by_how_much(field: str) -> None:
    style = Style(name="s", prompt="p" * 10, negative_prompt="n" * 10)
    fits = "x" * (PROMPT_MAX_CHARS - 12)
    assert GenerationRequest.model_validate({"prompt": "a", field: fits, "style": style})
    with pytest.raises(ValidationError) as refusal:
        GenerationRequest.model_validate({"prompt": "a", field: fits + "xyz", "style": style})
    (error,) = refusal.value.errors()
    assert error["type"] == TOO_LONG_WITH_STYLE
    assert error.get("ctx") == {"field": field, "excess": 3}


def test_a_prompt_that_was_refused_itself_is_not_refused_twice() -> None:
    style = Style(name="s", prompt="in clay")
    with pytest.raises(ValidationError) as refusal:
        GenerationRequest(prompt="x" * (PROMPT_MAX_CHARS + 1), style=style)
    assert [error["loc"] for error in refusal.value.errors()] == [("prompt",)]


@given(st.sampled_from(BUILT_IN), texts(min_size=1, max_size=60))
def test_a_styled_request_comes_back_from_its_row(style: Style, typed: str) -> None:
    request = GenerationRequest(prompt=f"a{typed}", style=style)
    assert GenerationRequest.model_validate_json(request.model_dump_json()) == request
