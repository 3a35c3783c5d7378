"""The watches of one process: each job has one, none dies unseen, and all pause when asked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from bot.domain.job import Job, JobId
from bot.domain.ports import Clock, RowUnreadable
from bot.runner.cadence import retry_delay_s

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Signals:
    """What the engine tells a watch: look again now, or stop at the next pause."""

    wake: asyncio.Event
    row: Job | None = None
    """The row, if it was read just now with many others; its watch takes it away."""
    draining: bool = False

    def drain(self) -> None:
        """Let the watch end at its next pause, which is now."""
        self.draining = True
        self.wake.set()


WatchJob = Callable[[JobId, Signals], Awaitable[None]]
"""Carries one job on until nothing more is to do for it, or it is to pause."""


class Watches:
    """Runs watches in tasks of their own; one that breaks is run again, ever more slowly."""

    def __init__(self, *, watch: WatchJob, clock: Clock, random: Random) -> None:
        self._watch = watch
        self._clock = clock
        self._random = random
        self._signals: dict[JobId, Signals] = {}
        self._tasks: dict[JobId, asyncio.Task[bool]] = {}

    @property
    def running(self) -> frozenset[JobId]:
        """The jobs that have a watch now."""
        return frozenset(self._signals)

    def begin(self, job_id: JobId, row: Job | None = None) -> asyncio.Task[bool]:
        """Watch a job, beginning with its row if that was just read; one that is watched stays so.

        The task ends when there is nothing more to do: then it says True if a nudge came too late
        for it. A watch that was let go may have left work to do: its row says so.
        """
        if (running := self._tasks.get(job_id)) is not None:
            self.wake(job_id)
            return running
        signals = Signals(asyncio.Event(), row)
        self._signals[job_id] = signals
        task = asyncio.create_task(self._to_the_end(job_id, signals), name=f"watch {job_id}")
        self._tasks[job_id] = task
        return task

    def wake(self, job_id: JobId) -> bool:
        """Let a watch look again at once; False when the job has none here."""
        if (signals := self._signals.get(job_id)) is None:
            return False
        signals.wake.set()
        return True

    def let_go(self, job_id: JobId) -> None:
        """Let a watch end at its next pause, wherever its job stands."""
        if (signals := self._signals.get(job_id)) is not None:
            signals.drain()

    async def ended(self, job_id: JobId) -> None:
        """Wait until a watch that was let go is over; one that goes on is not waited for."""
        signals = self._signals.get(job_id)
        if signals is not None and signals.draining:
            await asyncio.wait({self._tasks[job_id]})

    async def stop(self, *, timeout_s: float) -> None:
        """Let what is in flight finish within the timeout; all jobs stay as they are."""
        for job_id in self.running:
            self.let_go(job_id)
        tasks = set(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=timeout_s)
            for task in late:
                task.cancel()
            if late:
                # Which of them were being sent, each says by itself.
                logger.warning("%d jobs did not pause in time and are cut off", len(late))
                await asyncio.wait(late)

    async def _to_the_end(self, job_id: JobId, signals: Signals) -> bool:
        try:
            failures = 0
            while not await self._ran(job_id, signals):
                failures += 1
                delay_s = retry_delay_s(failures, None, self._random)
                await self._clock.sleep(delay_s, wake=signals.wake)
                if not signals.draining:
                    signals.wake.clear()
            return signals.wake.is_set() and not signals.draining
        finally:
            del self._signals[job_id]
            del self._tasks[job_id]

    async def _ran(self, job_id: JobId, signals: Signals) -> bool:
        """Run a watch once; False when it broke and must be run again."""
        try:
            await self._watch(job_id, signals)
        except RowUnreadable:
            # The store said so. The sweep comes back to it, as does the version that can read it.
            return True
        except Exception:  # the gate of every watch: logged, and the job is taken up again
            logger.exception("job %s: the watch broke; it is taken up again", job_id)
            signals.row = None
            return signals.draining
        return True
