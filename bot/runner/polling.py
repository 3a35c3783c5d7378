"""When each job is polled: densely when its end is likely, but with few requests overall.

Render times are modelled as log-normal: no job is done at once, most take about the usual time, and
a few take far longer. Everything follows from the median and the 90th percentile.
"""

from dataclasses import dataclass
from math import erfc, exp, log, pi, sqrt
from typing import Final

from bot.domain.forecast import Forecast, Forecasts
from bot.domain.job import Job
from bot.domain.ports import Clock
from bot.runner.cadence import POLL_MAX_S, SLOW_POLL_S

POLL_MIN_S: Final = 2.0
SLOW_AFTER_S: Final = 30 * 60.0
"""Jobs older than this are polled at the slowest rate: RunComfy's own clients wait no longer."""

USUAL_GAP_S: Final = 5.0
"""How often other clients poll: a job is never polled more often in total than at this rate."""
THRIFT: Final = 0.95
"""Our share of that total."""
DENSE_GAP_S: Final = 2.0
"""Minimum time between two polls."""
QUIET_GAP_S: Final = 15.0
"""Maximum time between two polls, so that the card shows when rendering begins."""
QUIET_SHARE: Final = 1 / 16
"""For short renderings the maximum is this share of the median instead."""

_NINETIETH: Final = 1.2816
"""The 90th percentile of the normal distribution, in standard deviations."""
_SPREAD_MIN: Final = 0.1
_SPREAD_MAX: Final = 1.5
_AT_ONCE_S: Final = 0.001
"""No job is done by then, and logarithms of smaller values are no use."""
_SURVIVAL_MIN: Final = 1e-9
_GRID: Final = tuple(-4 + 0.1 * step for step in range(81))
_HALVINGS: Final = 16

BURST_S: Final = 0.5
"""Unused turns are kept this long, so that polls that coincide by chance are not delayed."""
_NO_WAIT_S: Final = 0.001


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The distribution of how long a job takes, and the matching gaps between polls."""

    median_s: float
    spread: float
    """The standard deviation of the times' logarithms."""
    eagerness: float
    """What `gap_s` divides by the root of the likelihood of an end within the next second."""

    def hazard_per_s(self, age_s: float) -> float:
        """The likelihood that an unfinished job of that age is done within the next second."""
        if age_s < _AT_ONCE_S:
            return 0.0
        return _hazard(log(age_s / self.median_s) / self.spread) / (self.spread * age_s)

    def gap_s(self, age_s: float) -> float:
        """Seconds until the next poll of a job of that age.

        For a given number of polls, gaps inversely proportional to the square root of that
        likelihood minimise the mean delay between the end and the poll that finds it.
        """
        return _bounded_gap_s(self.eagerness, self.hazard_per_s(age_s), self.median_s)


def learned(forecast: Forecast) -> Likelihood:
    """The distribution for the latest jobs' times, with as many polls as `THRIFT` allows.

    Takes about a millisecond, so callers keep it as long as the forecast is unchanged.
    """
    median_s = max(forecast.median_s, 1.0)
    spread = log(max(forecast.most_s / median_s, 1.0)) / _NINETIETH
    spread = min(_SPREAD_MAX, max(_SPREAD_MIN, spread))
    low, high = 0.0, 100.0
    # There is no formula for the number of polls per eagerness, because gaps are bounded.
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        tried = Likelihood(median_s, spread, middle)
        low, high = (low, middle) if _is_thrifty(tried) else (middle, high)
    return Likelihood(median_s, spread, high)


def _is_thrifty(likelihood: Likelihood) -> bool:
    looks = 0.0
    for z in _GRID:
        age_s = likelihood.median_s * exp(likelihood.spread * z)
        time_s = likelihood.spread * age_s * (_GRID[1] - _GRID[0])
        looks += _survival(z) * time_s / likelihood.gap_s(age_s)
    # Before the grid begins, the gaps are as long as allowed.
    beginning_s = likelihood.median_s * exp(likelihood.spread * (_GRID[0] - 0.05))
    looks += beginning_s / likelihood.gap_s(0)
    mean_s = likelihood.median_s * exp(likelihood.spread**2 / 2)
    return looks <= THRIFT * mean_s / USUAL_GAP_S


def _bounded_gap_s(eagerness: float, hazard_per_s: float, median_s: float) -> float:
    quiet_s = max(DENSE_GAP_S, min(QUIET_GAP_S, median_s * QUIET_SHARE))
    if hazard_per_s <= 0:
        return quiet_s
    return min(quiet_s, max(DENSE_GAP_S, eagerness / sqrt(hazard_per_s)))


def _survival(z: float) -> float:
    return erfc(z / sqrt(2)) / 2


def _hazard(z: float) -> float:
    """The hazard of the standard normal distribution; far out it is close to `z` itself."""
    survival = _survival(z)
    if survival < _SURVIVAL_MIN:
        return z
    return exp(-z * z / 2) / sqrt(2 * pi) / survival


def poll_delay_s(since_sent_s: float, likelihood: Likelihood | None = None) -> float:
    """Seconds until the next poll: short when the end is likely, long when it is not.

    Without data on earlier jobs: short at first, later a sixtieth of the age.
    """
    if since_sent_s >= SLOW_AFTER_S:
        return SLOW_POLL_S
    if likelihood is not None:
        return likelihood.gap_s(since_sent_s)
    return min(POLL_MAX_S, max(POLL_MIN_S, since_sent_s / 60))


class Pace:
    """Hands out turns, on average no more than `per_second`.

    If there is more demand, every caller waits the same number of turns: the gaps grow equally for
    all jobs, and none is skipped.
    """

    def __init__(self, *, per_second: float, clock: Clock) -> None:
        self._gap_s = 1 / per_second
        self._clock = clock
        self._seen_at = clock.now()
        self._passed_s = 0.0
        self._next_s = 0.0

    def passed_s(self) -> float:
        """Seconds since the start; while a clock is set back, this stands still."""
        now = self._clock.now()
        self._passed_s += max(0.0, (now - self._seen_at).total_seconds())
        self._seen_at = now
        return self._passed_s

    def next_turn_s(self) -> float:
        """Take the next free turn; returns its time, by `passed_s`."""
        turn_s = max(self._next_s, self.passed_s() - BURST_S)
        self._next_s = turn_s + self._gap_s
        return turn_s


class Turn:
    """One job's place in the line, kept while it briefly does something else."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._at_s: float | None = None

    def wait_s(self) -> float:
        """Seconds until this job may be polled; at 0 the caller is let through and must poll."""
        if self._at_s is None:
            self._at_s = self._pace.next_turn_s()
        left_s = self._at_s - self._pace.passed_s()
        # Clocks count microseconds: a remainder from rounding is no wait.
        if left_s >= _NO_WAIT_S:
            return left_s
        self._at_s = None
        return 0.0


class Polling:
    """The polling of one process: a learned cadence, with one pace for all jobs."""

    def __init__(self, *, forecasts: Forecasts, clock: Clock, per_second: float) -> None:
        self._forecasts = forecasts
        self._clock = clock
        self._pace = Pace(per_second=per_second, clock=clock)
        self._learned: dict[tuple[str, int], tuple[Forecast, Likelihood]] = {}

    def turn(self) -> Turn:
        """A place in the line for one watch."""
        return Turn(self._pace)

    async def delay_s(self, job: Job) -> float:
        """Seconds until the next poll of a job at the service."""
        age_s = (self._clock.now() - (job.sent_at or job.created_at)).total_seconds()
        return poll_delay_s(age_s, await self._likelihood(job))

    async def _likelihood(self, job: Job) -> Likelihood | None:
        forecast = await self._forecasts.of(job)
        if forecast is None:
            return None
        kind = (job.model_id, job.request.duration_s)
        known = self._learned.get(kind)
        if known is None or known[0] != forecast:
            known = forecast, learned(forecast)
            self._learned[kind] = known
        return known[1]
