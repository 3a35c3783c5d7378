"""The stand-in checks submissions as strictly as the service does."""

import json
from base64 import b64encode

import pytest
from pydantic import JsonValue

from bot.domain.generation.models import MODELS, Option
from bot.playground.runcomfy_input import PICTURE_MAX_BYTES, ModelInput, input_schema, read_input
from tests.pictures import a_picture, saved

JsonObject = dict[str, JsonValue]


def shots(*durations: int, **more: JsonValue) -> JsonObject:
    segments: list[JsonValue] = [{"prompt": "a shot", "duration": each} for each in durations]
    return {"prompt": "a kite", "multi_prompt": segments, **more}


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": "a kite"},
        {"prompt": "x" * 2_500, "negative_prompt": "y" * 2_500},
        {"prompt": "a kite", "duration": 3, "aspect_ratio": "1:1", "cfg_scale": 0, "sound": False},
        {"prompt": "a kite", "duration": 15, "aspect_ratio": "9:16", "cfg_scale": 1},
        shots(5),
        shots(3, 4, 8, duration=15, shot_type="customize"),
    ],
)
def test_what_the_schema_allows_is_taken(body: JsonObject) -> None:
    assert isinstance(read_input(json.dumps(body).encode()), ModelInput)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"prompt": ""},
        {"prompt": None},
        {"prompt": "x" * 2_501},
        {"prompt": "a kite", "negative_prompt": "y" * 2_501},
        {"prompt": "a kite", "duration": 2},
        {"prompt": "a kite", "duration": 16},
        {"prompt": "a kite", "duration": 5.5},
        {"prompt": "a kite", "duration": "5"},
        {"prompt": "a kite", "aspect_ratio": "4:3"},
        {"prompt": "a kite", "cfg_scale": 1.1},
        {"prompt": "a kite", "cfg_scale": -0.1},
        {"prompt": "a kite", "sound": "yes"},
        {"prompt": "a kite", "seed": 7},
        {"prompt": "a kite", "generate_audio": True},
        {"prompt": "a kite", "shot_type": "auto"},
        shots(3, 3),
        shots(2, 3),
        shots(),
        shots(5) | {"prompt": None},
        {"prompt": "a kite", "multi_prompt": [{"prompt": "x" * 513, "duration": 5}]},
        {"prompt": "a kite", "multi_prompt": [{"prompt": "x", "duration": 5, "shot": 1}]},
    ],
)
def test_anything_else_is_refused_with_details(body: JsonObject) -> None:
    details = read_input(json.dumps(body).encode())

    assert isinstance(details, list)
    assert all(isinstance(detail, dict) and detail["msg"] for detail in details)
    assert details


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff"])
def test_what_is_no_object_is_refused_as_well(body: bytes) -> None:
    assert isinstance(read_input(body), list)


def test_the_details_quote_the_input() -> None:
    assert "four to three" in str(read_input(b'{"prompt": "a", "aspect_ratio": "four to three"}'))


def test_the_schema_names_every_field() -> None:
    assert set(input_schema()["properties"]) == {
        "prompt",
        "negative_prompt",
        "duration",
        "aspect_ratio",
        "cfg_scale",
        "sound",
        "multi_prompt",
        "shot_type",
    }


def data_uri(data: bytes, kind: str = "data:image/png") -> str:
    return f"{kind};base64,{b64encode(data).decode()}"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (data_uri(saved(a_picture((480, 320)))), ""),
        (data_uri(saved(a_picture((480, 320))), "data:text/html"), "neither a link nor a data URI"),
        ("ftp://example.org/kite.png", "neither a link nor a data URI"),
        (data_uri(bytes(PICTURE_MAX_BYTES + 1)), "the image is too large"),
        (data_uri(saved(a_picture((299, 400)))), "the size of the image is not supported"),
        (data_uri(b"no picture"), "the image cannot be read"),
    ],
)
def test_a_picture_is_checked_as_the_service_does(value: str, said: str) -> None:
    model = next(one for one in MODELS if one.has(Option.START_FRAME))
    body = {"prompt": "a kite", model.names[Option.START_FRAME]: value}
    read = read_input(json.dumps(body).encode(), model)
    assert isinstance(read, ModelInput) == (not said)
    assert said in str(read)
