"""Forecasts a job's duration from this bot's latest jobs; without enough data there is none."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Final

from bot.domain.job import Job, State
from bot.domain.outages import unless_away
from bot.domain.ports import Clock

LIKE_LENGTH_S: Final = 2
"""Videos whose lengths differ by at most this much count as similar."""
SAMPLE_MAX: Final = 50
SAMPLE_MIN: Final = 5
"""With fewer samples there is no forecast."""
LATE_AFTER: Final = timedelta(minutes=8)
"""When a job is late while there is no forecast: 2 to 6 minutes are typical."""
REMEMBERED_FOR: Final = timedelta(minutes=1)
_TENTHS: Final = 10
_TENTH, _MEDIAN, _NINETIETH = 0, 4, 8


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long jobs usually take from sending to a rendered video."""

    median_s: float
    """Half of the jobs took at most this long."""
    most_s: float
    """Nine in ten jobs took at most this long."""
    least_s: float = 0.0
    """One in ten jobs took at most this long."""
    shortest_s: float = 0.0
    """None took less."""

    def expected_at(self, job: Job) -> datetime | None:
        """When half of all similar jobs would be done; None before it was sent."""
        return _after(job.sent_at, self.median_s)

    def late_from(self, job: Job) -> datetime | None:
        """When nine in ten similar jobs would be done; None before it was sent."""
        return _after(job.sent_at, self.most_s)


@dataclass(frozen=True, slots=True)
class Similar:
    """Videos of a model between two lengths, and how many of the latest count."""

    model_id: str
    shortest_s: int
    longest_s: int
    most: int = SAMPLE_MAX


LastTimes = Callable[[Similar], Awaitable[Sequence[float]]]
"""Seconds from sending to rendered of such videos.

Raises:
    StoreUnavailable: the database cannot be reached now.
"""


def forecast_of(took_s: Sequence[float]) -> Forecast | None:
    """The median and the 90th percentile of the samples; None if there are too few."""
    if len(took_s) < SAMPLE_MIN:
        return None
    tenths = quantiles(took_s, n=_TENTHS, method="inclusive")
    return Forecast(
        median_s=tenths[_MEDIAN],
        most_s=tenths[_NINETIETH],
        least_s=tenths[_TENTH],
        shortest_s=min(took_s),
    )


def can_be_expected(job: Job) -> bool:
    """Whether a job's state allows a forecast."""
    return job.state in (State.QUEUED, State.RENDERING)


def late_from(job: Job, forecast: Forecast | None) -> datetime:
    """The time after which a job takes longer than usual."""
    measured = None if forecast is None else forecast.late_from(job)
    return measured or (job.sent_at or job.created_at) + LATE_AFTER


def is_late(job: Job, forecast: Forecast | None, now: datetime) -> bool:
    """Whether the service has had it for longer than usual without a verdict."""
    return can_be_expected(job) and now >= late_from(job, forecast)


def changes_at(job: Job, forecast: Forecast | None, now: datetime) -> datetime | None:
    """When the forecast's wording changes next although the job does not change."""
    if not can_be_expected(job):
        return None
    moments = [late_from(job, forecast)]
    if forecast is not None and (expected_at := forecast.expected_at(job)) is not None:
        moments.append(expected_at)
    return min((moment for moment in moments if moment > now), default=None)


class Forecasts:
    """Looks up durations at most once a minute for each model and length of video.

    Cards are drawn more often than that.
    """

    def __init__(self, *, last_times: LastTimes, clock: Clock) -> None:
        self._last_times = last_times
        self._clock = clock
        self._remembered: dict[tuple[str, int], tuple[datetime, Forecast | None]] = {}

    async def of(self, job: Job) -> Forecast | None:
        """The forecast for a job at the service; None for others, and with too few samples."""
        if not can_be_expected(job):
            return None
        kind, now = (job.model_id, job.request.duration_s), self._clock.now()
        until, forecast = self._remembered.get(kind, (now, None))
        if now >= until:
            # Callers in the meantime get the old answer: thousands of jobs cause one query, not
            # thousands.
            self._remembered[kind] = (now + REMEMBERED_FOR, forecast)
            forecast = await self._measured(*kind)
            self._remembered[kind] = (now + REMEMBERED_FOR, forecast)
        return forecast

    async def _measured(self, model_id: str, duration_s: int) -> Forecast | None:
        similar = Similar(model_id, duration_s - LIKE_LENGTH_S, duration_s + LIKE_LENGTH_S)
        said = "drawing a card without its forecast"
        return forecast_of(await unless_away(self._last_times(similar), (), said))


def _after(sent_at: datetime | None, seconds: float) -> datetime | None:
    return None if sent_at is None else sent_at + timedelta(seconds=seconds)
