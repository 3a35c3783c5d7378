"""Folding: what looks alike becomes alike, and each letter remembers where it stood."""

import pytest
from hypothesis import given

from bot.domain.moderation.letter_folds import as_latin, folded, is_latin_text
from tests.domain.samples import texts


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Kite", "kite"),
        ("KÍTÉ", "kite"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("smørrebrød", "smorrebrod"),
        ("\ufb01ne", "fine"),
        ("①②", "12"),
        ("k\u200bi\u202et\u00ade", "kite"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\x00b\x1bc", "abc"),
    ],
)
def test_letters_are_folded(written: str, plain: str) -> None:
    assert folded(written).text == plain


@given(texts(max_size=60))
def test_every_letter_knows_where_it_stood(written: str) -> None:
    result = folded(written)
    assert len(result.index) == len(result.text)
    assert list(result.index) == sorted(result.index)
    assert all(0 <= place < len(written) for place in result.index)
    for letter, place in zip(result.text, result.index, strict=True):
        assert letter in folded(written[place]).text


@given(texts(max_size=60))
def test_folding_twice_changes_nothing_more(written: str) -> None:
    once = folded(written).text
    assert folded(once).text == folded(folded(once).text).text


def test_a_word_of_two_scripts_is_read_as_latin() -> None:
    assert as_latin("c\u0430t", anyway=False) == "cat"
    assert as_latin("cat", anyway=False) == "cat"


def test_a_word_of_one_other_script_is_read_as_latin_only_if_wanted() -> None:
    assert as_latin("\u0440\u043e\u0442", anyway=False) == "\u0440\u043e\u0442"
    assert as_latin("\u0440\u043e\u0442", anyway=True) == "pot"
    # It has a letter that looks like no Latin one.
    assert as_latin("\u0440\u043e\u0436", anyway=True) == "\u0440\u043e\u0436"


def test_a_text_is_latin_when_most_of_its_letters_are() -> None:
    assert is_latin_text("a large \u0440\u043e\u0442")
    assert not is_latin_text("\u0431\u043e\u043b\u044c\u0448\u043e\u0439 kite")
    assert not is_latin_text("123")
