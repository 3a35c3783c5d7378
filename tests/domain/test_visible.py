"""What a reader sees of a text, and what not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.visible import is_blank, without_hidden
from tests.domain.samples import texts

INVISIBLE = [
    *("\u200b", "\u3164", "\u2800", "\x00", "\u202e", "\U000e0041", "\u00ad", "\u2060", "\ufeff"),
    *("\u034f", "\u115f", "\u1160", "\uffa0", "\u17b4", "\u180e", "\u200d", "\ufe0f", "\u2065"),
    *("\ufff0", "\U000e0fff", "\U000e0100", "\u0301", "\ue000", "\ud800", "\u2028", "\u00a0", " "),
]


@pytest.mark.parametrize("char", INVISIBLE, ids=lambda char: f"{ord(char):04x}")
def test_what_nobody_sees_is_blank_however_often_it_stands(char: str) -> None:
    assert is_blank(char)
    assert is_blank(char * 40)
    assert not is_blank(f"{char}a{char}")


@given(st.lists(st.sampled_from(INVISIBLE)).map("".join))
def test_no_mixture_of_them_can_be_seen(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    "text", ["a", "猫", "ก", "😀", "👩\u200d🚀", "❤️", "?", "e\u0301", "\U0001fae8", "1"]
)
def test_letters_pictures_and_marks_are_seen(text: str) -> None:
    assert not is_blank(text)
    assert without_hidden(text) == text


@given(texts(max_size=20))
def test_what_can_be_seen_stays_when_the_hidden_is_left_out(text: str) -> None:
    assert is_blank(without_hidden(text)) is is_blank(text)
