"""The watches of one process: one for each job, none ends unnoticed, all pause on request."""

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
    """The engine's signals to a watch: poll again now, or stop at the next pause."""

    wake: asyncio.Event
    row: Job | None = None
    """The row, if it was just read with many others; its watch takes it."""
    draining: bool = False
    _only_nudged: bool = False

    def press(self) -> None:
        """Let the watch read its row again."""
        self._only_nudged = False
        self.wake.set()

    def drain(self) -> None:
        """Let the watch end at its next pause, which is now."""
        self.draining = True
        self.press()

    def nudge(self) -> None:
        """Let the watch ask again whether it may poll; its row needs no reading for that."""
        if not self.wake.is_set():
            self._only_nudged = True
            self.wake.set()

    def take_nudge(self) -> bool:
        """Whether it was only nudged; then it may sleep again."""
        if taken := self._only_nudged:
            self._only_nudged = False
            self.wake.clear()
        return taken


WatchJob = Callable[[JobId, Signals], Awaitable[None]]
"""Carries one job on until it needs no more work, or has to pause."""


class Watches:
    """Runs each watch in its own task; one that breaks is restarted with growing delays."""

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
        """Watch a job, starting with its row if that was just read; an existing watch is kept.

        The task ends when there is no more work: its result is True if a wake came too late for it.
        A watch that was let go may leave work behind; its row shows that.
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
        """Let a watch poll again at once; False if the job has none here."""
        if (signals := self._signals.get(job_id)) is None:
            return False
        signals.press()
        return True

    def let_go(self, job_id: JobId) -> None:
        """Let a watch end at its next pause, in any state of its job."""
        if (signals := self._signals.get(job_id)) is not None:
            signals.drain()

    async def ended(self, job_id: JobId) -> None:
        """Wait until a watch that was let go has ended; do not wait for others."""
        signals = self._signals.get(job_id)
        if signals is not None and signals.draining:
            await asyncio.wait({self._tasks[job_id]})

    async def stop(self, *, timeout_s: float) -> None:
        """Let current work finish within the timeout; all jobs stay unchanged."""
        for job_id in self.running:
            self.let_go(job_id)
        tasks = set(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=timeout_s)
            for task in late:
                task.cancel()
            if late:
                # Each of those that were being sent logs that itself.
                logger.warning("cutting off jobs that didn't pause: %d", len(late))
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
            # The store logged it. The sweep retries it, as does the version that can read it.
            return True
        except Exception:  # the gate of every watch: logged, and the job is taken up again
            logger.exception("job %s: its watch failed; starting it again", job_id)
            signals.row = None
            return signals.draining
        return True
