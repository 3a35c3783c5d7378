"""What to expect of a job, from this bot's own last ones: measured, or not said at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Final, Protocol

from bot.generation.job import Job, State

LIKE_LENGTH_S: Final = 2
"""Videos count as of like length up to so many seconds apart."""
SAMPLE_MAX: Final = 50
SAMPLE_MIN: Final = 5
"""Of fewer nothing is said."""
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

    def changes_at(self, job: Job, now: datetime) -> datetime | None:
        """When next there is something else to say about the job, if ever."""
        moments = (self.expected_at(job), self.late_from(job))
        return min((moment for moment in moments if moment and moment > now), default=None)


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


def _after(sent_at: datetime | None, seconds: float) -> datetime | None:
    return None if sent_at is None else sent_at + timedelta(seconds=seconds)
