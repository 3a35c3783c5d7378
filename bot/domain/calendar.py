"""Days and months as people count them: by the calendar of a time zone, and when they renew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo


class Span(StrEnum):
    """What a limit counts within."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar, with the instants between which it lies."""

    on: date
    begins_at: datetime
    ends_at: datetime


def period_of(span: Span, at: datetime, zone: ZoneInfo) -> str:
    """The day or month that `at` falls into there, as `2026-11-22` or `2026-11`."""
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d}" if span is Span.DAY else f"{local:%Y-%m}"


def renews_at(span: Span, at: datetime, zone: ZoneInfo) -> datetime:
    """When the next day or month begins there, in UTC; a day of 23 or 25 hours counts as one."""
    today = at.astimezone(zone).date()
    return _begins_at(today + timedelta(days=1) if span is Span.DAY else _next_month(today), zone)


def days_of_month(at: datetime, zone: ZoneInfo) -> Sequence[Day]:
    """All days of the month that `at` falls into there, also those that are yet to come."""
    first = at.astimezone(zone).date().replace(day=1)
    dates = [first + timedelta(days=n) for n in range((_next_month(first) - first).days + 1)]
    return [
        Day(day, _begins_at(day, zone), _begins_at(after, zone)) for day, after in pairwise(dates)
    ]


def _begins_at(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _next_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
