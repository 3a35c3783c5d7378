"""Calendar days and months of a time zone, and when they begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo


class Span(StrEnum):
    """The period that a limit applies to."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Day:
    """One calendar day, and the instants at which it begins and ends."""

    on: date
    begins_at: datetime
    ends_at: datetime


# One purchase asks ten times: for each account that it counts in.
@lru_cache(maxsize=64)
def period_of(span: Span, at: datetime, zone: ZoneInfo) -> str:
    """The local day or month that contains `at`, as `2026-11-22` or `2026-11`."""
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d}" if span is Span.DAY else f"{local:%Y-%m}"


@lru_cache(maxsize=64)
def renews_at(span: Span, at: datetime, zone: ZoneInfo) -> datetime:
    """When the next local day or month begins, in UTC; a day of 23 or 25 hours counts as one."""
    today = at.astimezone(zone).date()
    return _begins_at(today + timedelta(days=1) if span is Span.DAY else _next_month(today), zone)


def days_of_month(at: datetime, zone: ZoneInfo) -> Sequence[Day]:
    """All days of the local month that contains `at`, future days included."""
    first = at.astimezone(zone).date().replace(day=1)
    dates = [first + timedelta(days=n) for n in range((_next_month(first) - first).days + 1)]
    return [
        Day(day, _begins_at(day, zone), _begins_at(after, zone)) for day, after in pairwise(dates)
    ]


def _begins_at(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _next_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
