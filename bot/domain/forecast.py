"""What to expect of a job, from this bot's own last ones: measured, or not said at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Final, Protocol

from bot.domain.job import Job, State
from bot.domain.ports import Clock, StoreUnavailable

LIKE_LENGTH_S: Final = 2
"""Videos count as of like length up to so many seconds apart."""
SAMPLE_MAX: Final = 50
SAMPLE_MIN: Final = 5
"""Of fewer nothing is said."""
LATE_AFTER: Final = timedelta(minutes=8)
"""When a job is late while so few are known: typical are 2 to 6 minutes."""
REMEMBERED_FOR: Final = timedelta(minutes=1)
_TENTHS: Final = 10
_MEDIAN, _NINETIETH = 4, 8


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long it usually takes from sending to a rendered video."""

    median_s: float
    """Half of them took at most so long."""
    most_s: float
    """Nine of ten took at most so long."""

    def expected_at(self, job: Job) -> datetime | None:
        """When half of its like would be there; None before it was sent."""
        return _after(job.sent_at, self.median_s)

    def late_from(self, job: Job) -> datetime | None:
        """When nine of ten of its like would be there."""
        return _after(job.sent_at, self.most_s)


class Timings(Protocol):
    """How long this bot's own jobs took.

    `bot.storage.timings.SqlTimings` reads it; `CountedTimings` of the tests counts how often.

    Raises:
        StoreUnavailable: the database cannot be reached now.
    """

    async def last(self, *, shortest_s: int, longest_s: int, most: int) -> Sequence[float]:
        """Seconds from sending to rendered of the last videos between two lengths."""
        ...


def forecast_of(took_s: Sequence[float]) -> Forecast | None:
    """The median and the 90th percentile of what was measured; None of too few."""
    if len(took_s) < SAMPLE_MIN:
        return None
    tenths = quantiles(took_s, n=_TENTHS, method="inclusive")
    return Forecast(median_s=tenths[_MEDIAN], most_s=tenths[_NINETIETH])


def can_be_expected(job: Job) -> bool:
    """Whether a job is in a state in which it may be asked when it will be there."""
    return job.state in (State.QUEUED, State.RENDERING)


def late_from(job: Job, forecast: Forecast | None) -> datetime:
    """From when on a job takes longer than usual."""
    measured = None if forecast is None else forecast.late_from(job)
    return measured or (job.sent_at or job.created_at) + LATE_AFTER


def is_late(job: Job, forecast: Forecast | None, now: datetime) -> bool:
    """Whether the service has had it for longer than usual without a verdict."""
    return can_be_expected(job) and now >= late_from(job, forecast)


def changes_at(job: Job, forecast: Forecast | None, now: datetime) -> datetime | None:
    """When next there is something else to say about a job, though nothing about it changed."""
    if not can_be_expected(job):
        return None
    moments = [late_from(job, forecast)]
    if forecast is not None and (expected_at := forecast.expected_at(job)) is not None:
        moments.append(expected_at)
    return min((moment for moment in moments if moment > now), default=None)


class Forecasts:
    """Asks how long jobs took at most once a minute for each length of video.

    Cards are drawn more often.
    """

    def __init__(self, *, timings: Timings, clock: Clock) -> None:
        self._timings = timings
        self._clock = clock
        self._remembered: dict[int, tuple[datetime, Forecast | None]] = {}

    async def of(self, job: Job) -> Forecast | None:
        """What to expect of a job at the service; None for others, and while too few are known."""
        if not can_be_expected(job):
            return None
        duration_s, now = job.request.duration_s, self._clock.now()
        until, forecast = self._remembered.get(duration_s, (now, None))
        if now >= until:
            # Who asks meanwhile gets the old answer: thousands of jobs ask once, not each.
            self._remembered[duration_s] = (now + REMEMBERED_FOR, forecast)
            forecast = await self._measured(duration_s)
            self._remembered[duration_s] = (now + REMEMBERED_FOR, forecast)
        return forecast

    async def _measured(self, duration_s: int) -> Forecast | None:
        try:
            took_s = await self._timings.last(
                shortest_s=duration_s - LIKE_LENGTH_S,
                longest_s=duration_s + LIKE_LENGTH_S,
                most=SAMPLE_MAX,
            )
        except StoreUnavailable:
            # A card without a forecast is better than no card.
            return None
        return forecast_of(took_s)


def _after(sent_at: datetime | None, seconds: float) -> datetime | None:
    return None if sent_at is None else sent_at + timedelta(seconds=seconds)
