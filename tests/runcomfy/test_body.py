"""The JSON object in a body is found, or there is none."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.runcomfy.body import read_object


@pytest.mark.parametrize(
    "body",
    [
        None,
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"17",
        b"{",
        b'{"a": 1} trailing',
        b"\xff\xfe\xfd",
        b"[" * 100_000,
        b'{"a": ' * 100_000,
        b"1" * 5_000,
        b"<html>",
    ],
)
def test_what_is_no_json_object_is_none(body: bytes | None) -> None:
    assert read_object(body) is None


def test_half_an_emoji_somewhere_does_not_make_an_answer_unreadable() -> None:
    assert read_object(b'{"input": "cut \\ud83d", "status": "succeeded"}') == {
        "input": "cut \ud83d",
        "status": "succeeded",
    }


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_any_bytes_are_read_without_a_fall(body: bytes) -> None:
    document = read_object(body)

    assert document is None or isinstance(json.loads(body), dict)
