"""What is there when nothing is left to do, again and again, and what of it grows with the jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from types import MappingProxyType
from typing import Final

MEMORY: Final = "memory, MiB"
OF_THE_PROCESS: Final = (MEMORY, "open files", "sockets", "tasks", "threads")
"""Figures that begin from the start with each process; the others are of what it leaves behind."""
ROWS_OF: Final = "rows of"
KEPT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rows of jobs": "the job; its prompt and links go after `RETENTION_DAYS`",
        "rows of job_moves": "the history of the job",
        "rows of ledger": "the books, which are only ever added to",
        "rows of ledger_accounts": "what the job counts in; a person's go after 62 days",
        "rows of render_times": "once a day all but the last 50 of each length go",
        "data, MiB": "all of these rows",
    }
)
"""What grows with the jobs by design, and until when it is kept."""
MAY_VARY: Final[Mapping[str, float]] = MappingProxyType({MEMORY: 1.0})
"""More than this for 1,000 jobs is growth; of other figures more than one is."""
SURELY: Final = 3.0
"""A slope of so many times its own error is no chance."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All figures at one time of rest."""

    life: int
    """The number of the process, from 0."""
    since_start: int
    """The jobs that ended in this life."""
    ended: int
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Trend:
    """The straight line through one figure, for 1,000 ended jobs."""

    name: str
    per_thousand: float
    error: float
    first: float
    last: float

    @property
    def grows(self) -> bool:
        """Whether it grows with the jobs, beyond what chance does."""
        bar = max(MAY_VARY.get(self.name, 1.0), SURELY * self.error)
        return self.per_thousand > bar

    @property
    def is_a_leak(self) -> bool:
        """Whether it grows and must not."""
        return self.grows and self.name not in KEPT


def trends(readings: Sequence[Reading], *, warm_up: int) -> list[Trend]:
    """One for each figure. The first `warm_up` jobs of a life do not count for its process."""
    return [_trend(readings, name, warm_up) for name in readings[-1].figures]


def _trend(readings: Sequence[Reading], name: str, warm_up: int) -> Trend:
    if name in OF_THE_PROCESS:
        # Each process begins at a level of its own: what they have in common is the slope.
        lives = {reading.life for reading in readings}
        warm = [reading for reading in readings if reading.since_start > warm_up]
        groups = [[one for one in warm if one.life == life] for life in lives]
    else:
        groups = [[reading for reading in readings if reading.ended > warm_up]]
    slope, error = _line([[(one.ended, one.figures[name]) for one in group] for group in groups])
    counted = [one.figures[name] for group in groups for one in group] or [0.0]
    return Trend(name, slope * 1_000, error * 1_000, counted[0], counted[-1])


def _line(groups: Sequence[Sequence[tuple[float, float]]]) -> tuple[float, float]:
    """The common slope by least squares, and its standard error."""
    deviations = [
        (x - sum(at for at, _ in group) / len(group), y - sum(is_ for _, is_ in group) / len(group))
        for group in groups
        for x, y in group
    ]
    spread = sum(x * x for x, _ in deviations)
    if not spread:
        return 0.0, inf
    slope = sum(x * y for x, y in deviations) / spread
    free = len(deviations) - sum(bool(group) for group in groups) - 1
    if free < 1:
        return slope, inf
    left = sum((y - slope * x) ** 2 for x, y in deviations)
    return slope, sqrt(left / free / spread)
