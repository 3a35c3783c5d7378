"""Days and months as people count them: by the calendar of a time zone, and when they renew."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Span(StrEnum):
    """What a limit counts within."""

    DAY = "day"
    MONTH = "month"


def period_of(span: Span, at: datetime, zone: ZoneInfo) -> str:
    """The day or month that `at` falls into there, as `2026-11-22` or `2026-11`."""
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d}" if span is Span.DAY else f"{local:%Y-%m}"


def renews_at(span: Span, at: datetime, zone: ZoneInfo) -> datetime:
    """When the next day or month begins there, in UTC; a day of 23 or 25 hours counts as one."""
    today = at.astimezone(zone).date()
    begins = today + timedelta(days=1) if span is Span.DAY else _next_month(today)
    return datetime(begins.year, begins.month, begins.day, tzinfo=zone).astimezone(UTC)


def _next_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
