"""Any bytes may come: only what is certain is understood, and nothing ever fails."""

import json
import math
from base64 import b64encode
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.domain.generation.models import Cutting, Option
from bot.domain.generation.picture import SENT_MAX_BYTES, Picture
from bot.domain.generation.request import (
    PROMPT_MAX_CHARS,
    SHOT_PROMPT_MAX_CHARS,
    GenerationRequest,
    Shot,
)
from bot.domain.outcomes import FailureReason, Media, MediaKind
from bot.domain.ports import Frames
from bot.playground.runcomfy_input import ModelInput, input_schema, read_input
from bot.runcomfy.output import Files, UnreadableOutput
from bot.runcomfy.wire import (
    CancelAnswer,
    CancelWord,
    ResultAnswer,
    ResultWord,
    StatusAnswer,
    StatusWord,
    SubmitAnswer,
    body_of,
    read_cost_microusd,
    read_request_id,
)
from tests.domain.samples import requests
from tests.runcomfy.any_json import ANSWER_KEYS, any_json


def body_as_sent(request: GenerationRequest, frames: Frames) -> bytes:
    return b"".join(body_of(request, frames))


@pytest.mark.parametrize(
    ("cost", "microusd"),
    [
        (0.84, 840_000),
        ("0.84", 840_000),
        (" 2.52 ", 2_520_000),
        (1, 1_000_000),
        (0, 0),
        ("1e-3", 1_000),
        (0.1 + 0.2, 300_000),
        (0.0000004, 0),
        (0.0000025, 2),
        (-0.84, None),
        (10_001, None),
        (math.nan, None),
        (math.inf, None),
        ("NaN", None),
        ("sNaN", None),
        ("-Infinity", None),
        ("1e999999999999999999999", None),
        ("$0.84", None),
        ("", None),
        (True, None),
        (None, None),
        ({"usd": 0.84}, None),
        pytest.param(10**5_000, None, id="5000 digits"),
    ],
)
def test_a_cost_is_whole_microdollars_or_nothing(cost: JsonValue, microusd: int | None) -> None:
    assert read_cost_microusd(cost) == microusd


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10_000_000_000))
def test_no_microdollar_is_lost_on_the_way(microusd: int) -> None:
    usd = Decimal(microusd) / 1_000_000

    assert read_cost_microusd(str(usd)) == microusd
    assert read_cost_microusd(float(usd)) == microusd


@pytest.mark.parametrize(
    ("value", "request_id"),
    [
        ("8f14e45f-ceea-467f-a8d5-0d2b6d1f4c11", "8f14e45f-ceea-467f-a8d5-0d2b6d1f4c11"),
        (" padded ", "padded"),
        (12345, "12345"),
        ("x" * 200, "x" * 200),
        ("x" * 201, None),
        ("", None),
        (".", None),
        ("..", None),
        ("a\nb", None),
        ("a\x00b", None),
        ("\ud83d", None),
        (True, None),
        (-1, None),
        pytest.param(10**5_000, None, id="5000 digits"),
        (1.5, None),
        (None, None),
        (["id"], None),
    ],
)
def test_an_id_is_taken_if_it_can_be_kept_and_asked_for(
    value: JsonValue, request_id: str | None
) -> None:
    assert read_request_id(value) == request_id
    assert SubmitAnswer.model_validate({"request_id": value}).request_id == request_id


@pytest.mark.parametrize(
    ("position", "understood"),
    [(3, 3), (0, 0), (-1, None), (2.5, None), ("3", None), (True, None), (10**9, None)],
)
def test_a_queue_position_is_a_plain_number_or_nothing(
    position: JsonValue, understood: int | None
) -> None:
    document = {"status": "in_queue", "queue_position": position}

    assert StatusAnswer.model_validate(document).queue_position == understood


def test_words_are_known_in_any_case_and_with_any_space_around() -> None:
    assert StatusAnswer.model_validate({"status": " In_Queue\n"}).status is StatusWord.IN_QUEUE
    assert ResultAnswer.model_validate({"status": "SUCCEEDED"}).status is ResultWord.SUCCEEDED
    assert CancelAnswer.model_validate({"outcome": "Cancelled"}).outcome is CancelWord.CANCELLED


def test_the_two_vocabularies_are_not_mixed() -> None:
    assert StatusAnswer.model_validate({"status": "succeeded"}).status is None
    assert StatusAnswer.model_validate({"status": "failed"}).status is None
    assert ResultAnswer.model_validate({"status": "completed"}).status is None
    assert CancelAnswer.model_validate({"outcome": "cancellation_requested"}).outcome is None


def test_nothing_is_read_from_a_result_but_what_is_named() -> None:
    answer = ResultAnswer.model_validate(
        {
            "status": "succeeded",
            "video": "https://elsewhere.example/input.mp4",
            "input": {"video": "https://elsewhere.example/input.mp4"},
            "output": {"video": "https://files.runcomfy.net/kite.mp4"},
            "cost": "0.84",
        }
    )

    kite = Media(kind=MediaKind.VIDEO, url="https://files.runcomfy.net/kite.mp4")
    assert answer.output == Files((kite,))
    assert answer.cost_microusd == 840_000


def test_an_empty_object_says_nothing_at_all() -> None:
    answer = ResultAnswer.model_validate({})

    assert answer.status is None
    assert answer.output == UnreadableOutput()
    assert answer.failure is FailureReason.GENERATION_FAILED
    assert answer.cost_microusd is None


def test_the_text_of_an_error_is_not_kept() -> None:
    answer = ResultAnswer.model_validate({"status": "failed", "error": "NSFW: a secret prompt"})

    assert answer.failure is FailureReason.CONTENT_REFUSED
    assert "secret prompt" not in repr(answer)


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ANSWER_KEYS, any_json())))
def test_no_object_is_too_strange_for_any_model(document: dict[str, JsonValue]) -> None:
    for model in (SubmitAnswer, StatusAnswer, ResultAnswer, CancelAnswer):
        assert model.model_validate(document)


def test_a_submission_says_the_defaults_out_loud() -> None:
    body = body_as_sent(GenerationRequest(prompt="a kite"), {})

    assert json.loads(body) == {
        "prompt": "a kite",
        "duration": 5,
        "aspect_ratio": "16:9",
        "cfg_scale": 0.5,
        "sound": True,
        "shot_type": "customize",
    }


def test_a_picture_is_sent_under_the_models_own_names() -> None:
    picture = Picture(digest="0" * 64, media_type="image/jpeg", width_px=300, height_px=300)
    request = GenerationRequest(
        prompt="it flies", quality="4k", start_frame=picture, end_frame=picture, sound=False
    )
    frames = {Option.START_FRAME: b"data:image/jpeg;base64,AA==", Option.END_FRAME: "https://x/y"}

    assert json.loads(body_as_sent(request, frames)) == {
        "prompt": "it flies",
        "duration": 5,
        "cfg_scale": 0.5,
        "generate_audio": False,
        "shot_type": "customize",
        "start_image_url": "data:image/jpeg;base64,AA==",
        "end_image_url": "https://x/y",
    }


def test_a_picture_is_a_piece_of_the_body_and_no_copy_of_it() -> None:
    """Megabytes that are put together or looked through would hold up the event loop."""
    picture = Picture(digest="0" * 64, media_type="image/jpeg", width_px=300, height_px=300)
    request = GenerationRequest(prompt="it flies", start_frame=picture, end_frame=picture)
    frames = {
        Option.START_FRAME: b"data:image/jpeg;base64,AA==",
        Option.END_FRAME: b"data:image/jpeg;base64,BB==",
    }
    pieces = body_of(request, frames)

    assert [piece for piece in pieces if any(piece is frame for frame in frames.values())] == [
        *frames.values()
    ]
    assert len(pieces) == 2 * len(frames) + 1


def test_the_largest_body_has_a_bound() -> None:
    """Two pictures of the largest kind, and texts of which every letter is written as six."""
    picture = Picture(digest="0" * 64, media_type="image/jpeg", width_px=300, height_px=300)
    longest = "\x01" * PROMPT_MAX_CHARS
    shot = Shot(prompt="\x01" * SHOT_PROMPT_MAX_CHARS, duration_s=3)
    request = GenerationRequest(
        prompt=longest,
        negative_prompt=longest,
        duration_s=15,
        shots=(shot,) * 5,
        start_frame=picture,
        end_frame=picture,
    )
    as_sent = b"data:image/jpeg;base64," + b64encode(bytes(SENT_MAX_BYTES))
    body = body_as_sent(request, dict.fromkeys(request.frames, as_sent))

    assert 2 * len(as_sent) < len(body) < 2 * len(as_sent) + 64 * 1024 < 11 * 1024 * 1024


def test_a_model_that_cuts_by_itself_is_told_whether_it_may() -> None:
    free = GenerationRequest(prompt="a kite", quality="standard", cutting=Cutting.BY_ITSELF)
    bound = GenerationRequest(prompt="a kite", quality="standard")

    assert json.loads(body_as_sent(free, {}))["shot_type"] == "intelligent"
    assert json.loads(body_as_sent(bound, {}))["shot_type"] == "customize"


def test_a_storyboard_is_sent_shot_by_shot_with_its_sum() -> None:
    shots = (Shot(prompt="it rises", duration_s=4), Shot(prompt="it falls", duration_s=3))
    body = body_as_sent(GenerationRequest(prompt="a kite", duration_s=7, shots=shots), {})

    assert json.loads(body) == {
        "prompt": "a kite",
        "duration": 7,
        "aspect_ratio": "16:9",
        "cfg_scale": 0.5,
        "sound": True,
        "multi_prompt": [
            {"prompt": "it rises", "duration": 4},
            {"prompt": "it falls", "duration": 3},
        ],
        "shot_type": "customize",
    }


OPTIONAL = {Option.NEGATIVE_PROMPT, Option.SHOTS, Option.END_FRAME}
"""What is left out where it is empty; everything else is always said."""


@given(requests())
def test_whatever_may_be_asked_is_valid_by_its_models_schema(request: GenerationRequest) -> None:
    frames = dict.fromkeys(request.frames, "https://pictures.example/first.png")
    body = body_as_sent(request, frames)
    said, model = json.loads(body), request.model

    jsonschema.validate(said, input_schema(model))
    assert {model.names[option] for option in model.names.keys() - OPTIONAL} <= said.keys()
    assert said.keys() <= set(model.names.values())
    taken = read_input(body, model)
    assert isinstance(taken, ModelInput)
    assert (taken.prompt, taken.duration_s) == (request.sent_prompt, request.duration_s)
    parts = [(part["prompt"], part["duration"]) for part in said.get("multi_prompt", [])]
    assert parts == [(shot.prompt, shot.duration_s) for shot in request.shots]
