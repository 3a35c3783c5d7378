"""What to expect of a job, from this bot's own last ones: measured, or not said at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Final, Protocol

from bot.domain.job import Job, State

LIKE_LENGTH_S: Final = 2
"""Videos count as of like length up to so many seconds apart."""
SAMPLE_MAX: Final = 50
SAMPLE_MIN: Final = 5
"""Of fewer nothing is said."""
LATE_AFTER: Final = timedelta(minutes=8)
"""When a job is late while so few are known: typical are 2 to 6 minutes."""
_TENTHS: Final = 10
_MEDIAN, _NINETIETH = 4, 8


@dataclass(frozen=True, slots=True)
class Expectation:
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

    Raises:
        StoreUnavailable: the database cannot be reached now.
    """

    async def last(self, *, shortest_s: int, longest_s: int, most: int) -> Sequence[float]:
        """Seconds from sending to rendered of the last videos between two lengths."""
        ...


class Expectations(Protocol):
    """What to expect, for whoever draws cards."""

    async def of(self, job: Job) -> Expectation | None:
        """What to expect of a job at the service; None for others, and while too few are known."""
        ...


def expectation_of(took_s: Sequence[float]) -> Expectation | None:
    """The median and the 90th percentile of what was measured; None of too few."""
    if len(took_s) < SAMPLE_MIN:
        return None
    tenths = quantiles(took_s, n=_TENTHS, method="inclusive")
    return Expectation(median_s=tenths[_MEDIAN], most_s=tenths[_NINETIETH])


def can_be_expected(job: Job) -> bool:
    """Whether a job is in a state in which it may be asked when it will be there."""
    return job.state in (State.QUEUED, State.RENDERING)


def late_from(job: Job, expectation: Expectation | None) -> datetime:
    """From when on a job takes longer than usual."""
    measured = None if expectation is None else expectation.late_from(job)
    return measured or (job.sent_at or job.created_at) + LATE_AFTER


def is_late(job: Job, expectation: Expectation | None, now: datetime) -> bool:
    """Whether the service has had it for longer than usual without a verdict."""
    return can_be_expected(job) and now >= late_from(job, expectation)


def changes_at(job: Job, expectation: Expectation | None, now: datetime) -> datetime | None:
    """When next there is something else to say about a job, though nothing about it changed."""
    if not can_be_expected(job):
        return None
    moments = [late_from(job, expectation)]
    if expectation is not None and (expected_at := expectation.expected_at(job)) is not None:
        moments.append(expected_at)
    return min((moment for moment in moments if moment > now), default=None)


def _after(sent_at: datetime | None, seconds: float) -> datetime | None:
    return None if sent_at is None else sent_at + timedelta(seconds=seconds)
