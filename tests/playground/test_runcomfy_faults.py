"""The named faults are what the service is known to send."""

import json

import pytest

from bot.playground.runcomfy_scenario import (
    ERROR_MESSAGES,
    api_error,
    malformed,
    rate_limited,
    unavailable,
)
from tests.runcomfy.answers import file_of, redirect, unprocessable


@pytest.mark.parametrize(
    ("code", "status"),
    [(400001, 400), (400002, 400), (400004, 400), (403001, 403), (404001, 404)],
)
def test_every_code_has_its_status_and_may_have_another(code: int, status: int) -> None:
    assert code in ERROR_MESSAGES
    assert api_error(code).status == status
    assert api_error(code, status=200).status == 200
    assert api_error(code).body == api_error(code, status=200).body


def test_a_limit_says_when_to_come_back_or_does_not() -> None:
    assert rate_limited().headers == {}
    assert rate_limited("3").headers == {"Retry-After": "3"}


def test_malformed_json_is() -> None:
    body = malformed().body

    assert isinstance(body, str)
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_the_others_are_what_they_are_called() -> None:
    assert unavailable().status == 503
    assert unavailable(500).status == 500
    assert unprocessable().status == 422
    assert redirect("/x").headers["Location"] == "/x"
    assert file_of(b"x", "text/html").headers["Content-Type"] == "text/html"
