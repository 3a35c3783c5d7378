"""Days and months by the calendars of people: of 23 and 25 hours, of 28 to 31 days."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money.calendar import Span, days_of_month, period_of, renews_at

ZONES = (
    *("UTC", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"),
    *("Pacific/Pago_Pago", "Asia/Kathmandu", "America/Havana", "Africa/Casablanca"),
)
"""From the first to the last on earth; some change their clocks at midnight, or by half an hour."""

zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2037, 12, 31),  # noqa: DTZ001 - likewise
    timezones=st.just(UTC),
)


def at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Rome", "2026-03-29", 23),
        ("Europe/Rome", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("America/Havana", "2026-03-08", 23),  # its midnight is skipped
        ("UTC", "2026-03-29", 24),
    ],
)
def test_a_day_may_have_another_length_and_is_one_day(zone: str, day: str, hours: float) -> None:
    evening_before = at(f"{day}T12:00", zone) - timedelta(days=1)
    begins = renews_at(Span.DAY, evening_before, ZoneInfo(zone))
    ends = renews_at(Span.DAY, begins, ZoneInfo(zone))
    assert ends - begins == timedelta(hours=hours)
    for instant in (begins, ends - timedelta(microseconds=1)):
        assert period_of(Span.DAY, instant, ZoneInfo(zone)) == day


@pytest.mark.parametrize(
    ("now", "renews"),
    [
        ("2026-01-31T23:59:59", "2026-02-01"),
        ("2026-02-28T00:00", "2026-03-01"),
        ("2028-02-29T12:00", "2028-03-01"),
        ("2026-12-31T23:59", "2027-01-01"),
        ("2026-04-30T00:00", "2026-05-01"),
    ],
)
def test_a_month_renews_on_the_first_whatever_its_length(now: str, renews: str) -> None:
    rome = ZoneInfo("Europe/Rome")
    expected = datetime.fromisoformat(renews).replace(tzinfo=rome)
    assert renews_at(Span.MONTH, at(now, "Europe/Rome"), rome) == expected


def test_east_and_west_have_their_own_day_at_the_same_instant() -> None:
    instant = datetime(2026, 12, 31, 11, 30, tzinfo=UTC)
    east, west = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")
    assert period_of(Span.DAY, instant, east) == "2027-01-01"
    assert period_of(Span.DAY, instant, west) == "2026-12-31"
    assert period_of(Span.MONTH, instant, east) == "2027-01"
    assert renews_at(Span.MONTH, instant, west) == datetime(2027, 1, 1, 11, tzinfo=UTC)


@given(instants, zones, st.sampled_from(Span))
def test_it_renews_exactly_where_the_next_period_begins(
    now: datetime, zone: ZoneInfo, span: Span
) -> None:
    renews = renews_at(span, now, zone)
    assert now < renews
    assert renews.tzinfo is UTC
    before = renews - timedelta(microseconds=1)
    assert period_of(span, before, zone) == period_of(span, now, zone)
    assert period_of(span, renews, zone) > period_of(span, now, zone)


@given(instants, zones)
def test_a_day_lies_within_its_month(now: datetime, zone: ZoneInfo) -> None:
    assert period_of(Span.DAY, now, zone).startswith(period_of(Span.MONTH, now, zone))
    assert renews_at(Span.DAY, now, zone) <= renews_at(Span.MONTH, now, zone)


@given(instants, zones)
def test_the_days_of_a_month_follow_each_other_without_a_gap(now: datetime, zone: ZoneInfo) -> None:
    days = days_of_month(now, zone)
    assert [day.on.day for day in days] == list(range(1, len(days) + 1))
    assert len(days) in (28, 29, 30, 31)
    assert all(one.ends_at == following.begins_at for one, following in pairwise(days))
    assert days[0].begins_at <= now < days[-1].ends_at == renews_at(Span.MONTH, now, zone)
    for day in days:
        assert day.on == date.fromisoformat(period_of(Span.DAY, day.begins_at, zone))
