"""The stand-in checks submissions as strictly as the service does."""

import json

import pytest
from pydantic import JsonValue

from bot.playground.runcomfy_input import ModelInput, input_schema, read_input

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
