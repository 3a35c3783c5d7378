"""What to expect of a job, remembered for a minute, since cards are drawn more often."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.expectation import (
    LIKE_LENGTH_S,
    SAMPLE_MAX,
    Expectation,
    Timings,
    can_be_expected,
    expectation_of,
)
from bot.domain.job import Job
from bot.domain.ports import Clock, StoreUnavailable

REMEMBERED_FOR: Final = timedelta(minutes=1)


class RecentExpectations:
    """Asks how long jobs took at most once a minute for each length of video."""

    def __init__(self, *, timings: Timings, clock: Clock) -> None:
        self._timings = timings
        self._clock = clock
        self._remembered: dict[int, tuple[datetime, Expectation | None]] = {}

    async def of(self, job: Job) -> Expectation | None:
        """What to expect of a job at the service; None for others, and while too few are known."""
        if not can_be_expected(job):
            return None
        duration_s, now = job.request.duration_s, self._clock.now()
        until, expectation = self._remembered.get(duration_s, (now, None))
        if now >= until:
            # Whoever asks meanwhile gets the old answer: thousands of jobs ask once, not each.
            self._remembered[duration_s] = (now + REMEMBERED_FOR, expectation)
            expectation = await self._measured(duration_s)
            self._remembered[duration_s] = (now + REMEMBERED_FOR, expectation)
        return expectation

    async def _measured(self, duration_s: int) -> Expectation | None:
        try:
            took_s = await self._timings.last(
                shortest_s=duration_s - LIKE_LENGTH_S,
                longest_s=duration_s + LIKE_LENGTH_S,
                most=SAMPLE_MAX,
            )
        except StoreUnavailable:
            # A card without a forecast is better than no card.
            return None
        return expectation_of(took_s)
