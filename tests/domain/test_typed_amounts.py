"""Money and counts are read as people mean them; what may mean two things is asked for again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money.typed_amounts import (
    MOST_DOLLARS,
    MOST_VIDEOS,
    UnreadableAmount,
    count_in,
    microusd_in,
    typed_dollars,
)


@pytest.mark.parametrize(
    ("typed", "microusd"),
    [
        ("5", 5_000_000),
        ("$5.50", 5_500_000),
        ("5,50", 5_500_000),
        ("5.5 USD", 5_500_000),
        ("US$ 7", 7_000_000),
        ("7 dollars", 7_000_000),
        (" 12 ", 12_000_000),
        ("10 000", 10_000_000_000),
        ("1,000.50", 1_000_500_000),
        ("1.000,50", 1_000_500_000),
        ("\N{FULLWIDTH DOLLAR SIGN}\N{FULLWIDTH DIGIT FIVE}", 5_000_000),
        (".5", 500_000),
        ("0", 0),
        ("1000000", 1_000_000_000_000),
    ],
)
def test_an_amount_is_read_however_it_is_written(typed: str, microusd: int) -> None:
    assert microusd_in(typed) == microusd


@pytest.mark.parametrize("typed", ["", "  ", "-", "none", "No limit"])
def test_nothing_is_no_limit(typed: str) -> None:
    assert microusd_in(typed) is None
    assert count_in(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["five", "-5", "1,000", "1.000", "5.555", "€5", "$", "usd", "1e3", "1000001", "9" * 20, "5..5"],
)
def test_what_may_mean_two_things_or_none_is_not_guessed(typed: str) -> None:
    assert microusd_in(typed) == UnreadableAmount(typed)


@pytest.mark.parametrize("typed", ["five", "-1", "1.5", "1,5", "$5", "100001", "9" * 30])
def test_a_count_is_a_whole_number_within_reason(typed: str) -> None:
    assert count_in(typed) == UnreadableAmount(typed)


def test_a_count_may_have_a_least_and_a_most() -> None:
    assert count_in(str(MOST_VIDEOS)) == MOST_VIDEOS
    assert count_in("0", least=1) == UnreadableAmount("0")
    assert count_in("11", most=10) == UnreadableAmount("11")


@given(st.integers(0, MOST_DOLLARS * 100))
def test_what_is_shown_to_be_changed_is_read_as_what_it_was(cents: int) -> None:
    assert microusd_in(typed_dollars(cents * 10_000)) == cents * 10_000


def test_no_limit_is_shown_as_nothing() -> None:
    assert typed_dollars(None) == ""
    assert typed_dollars(5_000_000) == "5"
    assert typed_dollars(5_500_000) == "5.50"


@given(st.text())
def test_whatever_is_typed_is_answered(typed: str) -> None:
    for read in (microusd_in(typed), count_in(typed)):
        assert read is None or isinstance(read, UnreadableAmount) or read >= 0
