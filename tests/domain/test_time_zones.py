"""A time zone is found by its city, suggested where it is misspelt, and never guessed."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.time_zones import COMMON_ZONES, SUGGESTED_MAX, zone_typed

KNOWN = available_timezones()


def test_the_common_ones_are_known_and_fit_into_one_select() -> None:
    assert set(COMMON_ZONES) <= KNOWN
    assert len(COMMON_ZONES) <= 23


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Rome", "Europe/Rome"),
        ("europe/rome", "Europe/Rome"),
        ("  ROME ", "Europe/Rome"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_name_or_its_city(typed: str, zone: str) -> None:
    assert zone_typed(typed, KNOWN) == zone


@pytest.mark.parametrize(
    ("typed", "among"),
    [("Rom", "Europe/Rome"), ("Berlinn", "Europe/Berlin"), ("tok", "Asia/Tokyo")],
)
def test_what_is_misspelt_is_suggested(typed: str, among: str) -> None:
    suggested = zone_typed(typed, KNOWN)
    assert not isinstance(suggested, str)
    assert among in suggested


def test_a_city_that_stands_twice_is_not_guessed() -> None:
    known = ["America/Kentucky/Louisville", "America/Louisville", "Europe/Rome"]
    assert zone_typed("louisville", known) == known[:2]


@pytest.mark.parametrize("typed", ["", "xyzzy", "\n"])
def test_what_is_like_none_is_no_zone(typed: str) -> None:
    assert list(zone_typed(typed, KNOWN)) == []


@given(st.text(max_size=60))
def test_whatever_is_typed_only_known_zones_are_answered(typed: str) -> None:
    found = zone_typed(typed, ["Europe/Rome", "America/New_York", "UTC"])
    suggested = [found] if isinstance(found, str) else found
    assert set(suggested) <= {"Europe/Rome", "America/New_York", "UTC"}
    assert len(suggested) <= SUGGESTED_MAX
