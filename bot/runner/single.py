"""The engine of one job: for whoever waits beside it, and leaves all other jobs to a bot."""

import asyncio
import logging
from random import Random

from bot.domain.job import JobId
from bot.domain.ports import Clock
from bot.runner.cadence import retry_delay_s
from bot.runner.watches import Signals, WatchJob

logger = logging.getLogger(__name__)


class SingleEngine:
    """Fulfils `Engine` for the first job that is handed to it, and takes up no other."""

    def __init__(
        self, *, watch: WatchJob, clock: Clock, random: Random, drain_timeout_s: float
    ) -> None:
        self.over = asyncio.Event()
        """Set once nothing more is to do for the job."""
        self._watch = watch
        self._clock = clock
        self._random = random
        self._drain_timeout_s = drain_timeout_s
        self._signals = Signals(asyncio.Event())
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up nothing: what else needs work is not this engine's."""

    def enqueue(self, job_id: JobId) -> None:
        """Watch the job; when it is watched already, look at it again at once."""
        if self._task is None:
            self._task = asyncio.create_task(self._watch_to_the_end(job_id), name="watch")
        else:
            self._signals.wake.set()

    async def stop(self) -> None:
        """Let what is in flight finish within the drain timeout; the job stays as it is."""
        self._signals.drain()
        if self._task is None:
            return
        await asyncio.wait({self._task}, timeout=self._drain_timeout_s)
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _watch_to_the_end(self, job_id: JobId) -> None:
        failures = 0
        while not await self._watched(job_id):
            failures += 1
            delay_s = retry_delay_s(failures, None, self._random)
            await self._clock.sleep(delay_s, wake=self._signals.wake)
            if not self._signals.draining:
                self._signals.wake.clear()
        if not self._signals.draining:
            self.over.set()

    async def _watched(self, job_id: JobId) -> bool:
        """Run the watch once; False when it broke and must be run again."""
        try:
            await self._watch(job_id, self._signals)
        except Exception:  # the gate of the watch: logged, and the job is taken up again
            logger.exception("job %s: the watch broke; it is taken up again", job_id)
            return self._signals.draining
        return True
