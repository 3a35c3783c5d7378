"""What a person may ask is what the model takes, and nothing else gets through."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.generation.request import (
    DURATION_DEFAULT_S,
    GUIDANCE_DEFAULT,
    PROMPT_MAX_CHARS,
    SHOT_PROMPT_MAX_CHARS,
    Aspect,
    GenerationRequest,
    Shot,
)
from tests.domain.samples import fitting_shots, requests, texts


def refused_for(field: str, **values: object) -> bool:
    """Whether asking with these values is refused, and for this field alone."""
    with pytest.raises(ValidationError) as refusal:
        GenerationRequest.model_validate({"prompt": "a red kite", **values})
    return [error["loc"] for error in refusal.value.errors()] == [(field,)]


def test_a_prompt_alone_is_enough() -> None:
    request = GenerationRequest(prompt="a red kite")

    assert request.duration_s == DURATION_DEFAULT_S == 5
    assert request.aspect is Aspect.LANDSCAPE
    assert request.sound is True
    assert request.guidance == GUIDANCE_DEFAULT == 0.5
    assert request.negative_prompt is None


@given(requests())
def test_whatever_is_within_the_limits_survives_the_journey_through_json(
    request: GenerationRequest,
) -> None:
    assert GenerationRequest.model_validate_json(request.model_dump_json()) == request


@given(texts(min_size=1, max_size=PROMPT_MAX_CHARS).filter(str.strip))
def test_a_prompt_is_kept_word_for_word_but_for_the_space_around_it(text: str) -> None:
    kept = GenerationRequest(prompt=text).prompt

    assert kept in text
    assert text.split() == kept.split()
    assert GenerationRequest(prompt=kept).prompt == kept


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u3000", "\u00a0 \u2003"])
def test_a_blank_prompt_is_refused(blank: str) -> None:
    assert refused_for("prompt", prompt=blank)


@pytest.mark.parametrize("blank", [None, "", "   ", "\n"])
def test_a_blank_negative_prompt_means_none(blank: str | None) -> None:
    assert GenerationRequest(prompt="kite", negative_prompt=blank).negative_prompt is None


@pytest.mark.parametrize("character", ["k", "é", "凧", "🪁"])
def test_the_length_of_a_prompt_is_counted_in_characters_of_any_script(character: str) -> None:
    longest = character * PROMPT_MAX_CHARS
    request = GenerationRequest(prompt=longest, negative_prompt=longest)

    assert (request.prompt, request.negative_prompt) == (longest, longest)
    assert refused_for("prompt", prompt=longest + character)
    assert refused_for("negative_prompt", negative_prompt=longest + character)


def test_space_around_the_longest_prompt_does_not_make_it_too_long() -> None:
    longest = "k" * PROMPT_MAX_CHARS
    assert GenerationRequest(prompt=f"  {longest}\n").prompt == longest


def test_half_a_character_is_refused_since_no_service_could_be_sent_it() -> None:
    assert refused_for("prompt", prompt="kite \ud83e")
    assert refused_for("negative_prompt", negative_prompt="\udc00")


@pytest.mark.parametrize("seconds", range(3, 16))
def test_every_whole_second_from_3_to_15_may_be_asked(seconds: int) -> None:
    assert GenerationRequest(prompt="kite", duration_s=seconds).duration_s == seconds


@given(st.integers().filter(lambda seconds: not 3 <= seconds <= 15))
def test_no_other_duration_may_be_asked(seconds: int) -> None:
    assert refused_for("duration_s", duration_s=seconds)


@pytest.mark.parametrize("duration", [5.5, "long", None, math.nan])
def test_a_duration_is_a_whole_number(duration: object) -> None:
    assert refused_for("duration_s", duration_s=duration)


@given(st.floats(0, 1))
def test_guidance_from_0_to_1_is_kept_exactly(guidance: float) -> None:
    assert GenerationRequest(prompt="kite", guidance=guidance).guidance == guidance


@given(st.floats().filter(lambda guidance: not 0 <= guidance <= 1))
def test_guidance_beyond_0_to_1_or_not_a_number_is_refused(guidance: float) -> None:
    assert refused_for("guidance", guidance=guidance)


@pytest.mark.parametrize("guidance", [math.nan, math.inf, -math.inf, -1e-9, 1.000001])
def test_the_edges_of_guidance_hold(guidance: float) -> None:
    assert refused_for("guidance", guidance=guidance)


@pytest.mark.parametrize("aspect", ["4:3", "16:10", "", None])
def test_only_the_three_shapes_may_be_asked(aspect: object) -> None:
    assert [shape.value for shape in Aspect] == ["16:9", "9:16", "1:1"]
    assert refused_for("aspect", aspect=aspect)


def test_an_unknown_field_is_refused_rather_than_dropped() -> None:
    assert refused_for("seed", seed=7)


def test_a_request_cannot_be_changed_after_it_was_checked() -> None:
    request = GenerationRequest(prompt="kite")
    with pytest.raises(ValidationError):
        request.duration_s = 400
    assert request.duration_s == DURATION_DEFAULT_S


def test_a_refusal_does_not_repeat_what_was_asked() -> None:
    with pytest.raises(ValidationError) as refusal:
        GenerationRequest(prompt="canary-prompt", duration_s=400)
    assert "canary-prompt" not in str(refusal.value)
    with pytest.raises(ValidationError) as refusal:
        GenerationRequest(prompt="canary-prompt" * PROMPT_MAX_CHARS)
    assert "canary-prompt" not in str(refusal.value)


def a_shot(duration_s: int = 5, prompt: str = "the kite rises") -> Shot:
    return Shot(prompt=prompt, duration_s=duration_s)


def test_without_shots_it_is_a_video_of_one_piece_as_rows_of_before_say_it() -> None:
    before = '{"prompt":"a red kite","duration_s":5,"aspect":"16:9","sound":true,"guidance":0.5}'
    assert GenerationRequest.model_validate_json(before).shots == ()


@given(fitting_shots())
def test_two_to_five_shots_that_add_up_to_the_duration_may_be_asked(
    shots: tuple[Shot, ...],
) -> None:
    duration_s = sum(shot.duration_s for shot in shots)
    request = GenerationRequest(prompt="kite", duration_s=duration_s, shots=shots)
    assert request.shots == shots
    other = duration_s - 1 if duration_s > 3 else 4
    assert refused_for("shots", duration_s=other, shots=shots)


@pytest.mark.parametrize("number", [1, 6])
def test_no_other_number_of_shots_may_be_asked(number: int) -> None:
    shots = [{"prompt": "the kite rises", "duration_s": 3}] * number
    assert refused_for("shots", shots=shots, duration_s=min(3 * number, 15))


def test_shots_of_more_than_15_seconds_are_refused_for_their_duration_alone() -> None:
    shots = (a_shot(8), a_shot(8))
    assert refused_for("duration_s", duration_s=16, shots=shots)


@pytest.mark.parametrize("seconds", [2, 16, 5.5, "long"])
def test_a_shot_lasts_3_to_15_whole_seconds(seconds: object) -> None:
    with pytest.raises(ValidationError):
        Shot.model_validate({"prompt": "the kite rises", "duration_s": seconds})


@pytest.mark.parametrize("prompt", ["", " \n ", "k" * (SHOT_PROMPT_MAX_CHARS + 1)])
def test_a_shots_prompt_has_1_to_512_characters(prompt: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        a_shot(prompt=prompt)
    assert "kkk" not in str(refusal.value)
    assert a_shot(prompt="k" * SHOT_PROMPT_MAX_CHARS).prompt == "k" * SHOT_PROMPT_MAX_CHARS


def test_a_shots_prompt_is_one_paragraph() -> None:
    assert a_shot(prompt=" the kite\r\n\n rises\u2028high ").prompt == "the kite rises high"
