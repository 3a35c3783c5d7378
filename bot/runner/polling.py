"""When each job is looked at: by what former jobs took, and by what the service is spared."""

from bot.domain.expectation import Expectation, Expectations
from bot.domain.job import Job
from bot.domain.ports import Clock
from bot.runner.cadence import poll_delay_s
from bot.runner.likelihood import Likelihood, learned
from bot.runner.pace import Pace, Turn


class Polling:
    """The polling of one process: a cadence that learns, under one pace for all jobs."""

    def __init__(self, *, expectations: Expectations, clock: Clock, per_second: float) -> None:
        self._expectations = expectations
        self._clock = clock
        self._pace = Pace(per_second=per_second, clock=clock)
        self._learned: dict[int, tuple[Expectation, Likelihood]] = {}

    def turn(self) -> Turn:
        """A place in the line for one watch."""
        return Turn(self._pace)

    async def delay_s(self, job: Job) -> float:
        """Seconds that a job at the service can be left alone."""
        age_s = (self._clock.now() - (job.sent_at or job.created_at)).total_seconds()
        return poll_delay_s(age_s, await self._likelihood(job))

    async def _likelihood(self, job: Job) -> Likelihood | None:
        expectation = await self._expectations.of(job)
        if expectation is None:
            return None
        known = self._learned.get(job.request.duration_s)
        if known is None or known[0] != expectation:
            known = expectation, learned(expectation)
            self._learned[job.request.duration_s] = known
        return known[1]
