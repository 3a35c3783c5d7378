"""A text leaves without its secrets: the given ones in every spelling, the others by shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.observability.redaction import REDACTED, Redactor


@pytest.mark.parametrize("spelling", ["ca'na ry/+", r"ca\'na ry/+", "ca%27na%20ry%2F%2B"])
def test_a_given_secret_goes_in_all_its_spellings(spelling: str) -> None:
    redact = Redactor([SecretStr("ca'na ry/+"), SecretStr(r"ca\'na ry/+")])

    assert redact(f"<{spelling}>") == f"<{REDACTED}>"


def test_what_has_the_shape_of_a_secret_goes_though_nobody_gave_it() -> None:
    assert Redactor([])("Authorization: Bearer canary") == f"Authorization: Bearer {REDACTED}"


@given(text=st.text("abc ,.:-", max_size=80))
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert Redactor([SecretStr("CANARY")])(text) == text


def test_a_long_text_takes_no_long_time() -> None:
    text = "a." * 200_000 + "CANARY"

    assert Redactor([SecretStr("CANARY")])(text).endswith(f"a.{REDACTED}")


def test_a_secret_that_is_learnt_later_is_taken_out_from_then_on() -> None:
    redact = Redactor([SecretStr("first-canary")])
    assert "second-canary" in redact("second-canary")
    redact.learn(SecretStr("second-canary"))
    redact.learn(SecretStr("second-canary"), SecretStr(""))
    assert redact("first-canary, second-canary, a third") == f"{REDACTED}, {REDACTED}, a third"
