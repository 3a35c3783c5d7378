"""The embedded engine: in one process, one task watches one live job, and none dies unseen."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import Random
from typing import Protocol

from bot.generation.job import Job, JobId
from bot.generation.ports import Clock, JobStore, StoreUnavailable
from bot.runner.cadence import retry_delay_s
from bot.runner.watch import Signals

logger = logging.getLogger(__name__)

SWEEP_EVERY_S = 60.0


class Watching(Protocol):
    """One job's life, in one call."""

    async def run(self) -> None:
        """Work until nothing more is to do for the job, or the bot drains."""
        ...


Chore = Callable[[], Awaitable[None]]
"""What else is done once a minute; it decides for itself whether it is time."""

WatchFactory = Callable[[JobId, Signals], Watching]


class EmbeddedEngine:
    """Watches every job that needs work, in tasks of its own supervisor.

    Watches are started by the supervisor and not by who asks: a command's task, its context and
    its cancellation have no part in them.
    """

    def __init__(
        self,
        *,
        store: JobStore,
        watch: WatchFactory,
        clock: Clock,
        random: Random,
        drain_timeout_s: float,
        chore: Chore | None = None,
    ) -> None:
        self._chore = chore
        self._store = store
        self._watch = watch
        self._clock = clock
        self._random = random
        self._drain_timeout_s = drain_timeout_s
        self._inbox: asyncio.Queue[JobId] = asyncio.Queue()
        self._draining = asyncio.Event()
        self._wakes: dict[JobId, asyncio.Event] = {}
        # Rows that were read for all watches at once, until each has taken its own.
        self._rows: dict[JobId, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._supervisor: asyncio.Task[None] | None = None
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def watching(self) -> frozenset[JobId]:
        """The jobs that have a watch now."""
        return frozenset(self._wakes)

    async def start(self) -> None:
        """Take up every job that needs work.

        Raises:
            StoreUnavailable: the database cannot be read; the bot should not start.
        """
        unfinished = await self._store.unfinished()
        for job in unfinished:
            self._rows[job.id] = job
            self.enqueue(job.id)
        if unfinished:
            logger.info("%d unfinished jobs are taken up again", len(unfinished))
        self._supervisor = asyncio.create_task(self._supervise(), name="engine")
        self._sweeper = asyncio.create_task(self._sweep(), name="sweep")

    def enqueue(self, job_id: JobId) -> None:
        """Watch a job whose row is committed; a watched one is looked at again at once."""
        self._inbox.put_nowait(job_id)

    async def stop(self, *, drain_timeout_s: float | None = None) -> None:
        """Let what is in flight finish within the drain timeout; all jobs stay as they are."""
        timeout_s = self._drain_timeout_s if drain_timeout_s is None else drain_timeout_s
        self._draining.set()
        for task in (self._sweeper, self._supervisor):
            if task is not None:
                task.cancel()
                await asyncio.wait({task})
        for wake in self._wakes.values():
            wake.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            logger.warning("%d jobs did not pause in time; they go on later", len(self._tasks))
            await asyncio.wait(self._tasks)

    async def _supervise(self) -> None:
        while True:
            job_id = await self._inbox.get()
            if (wake := self._wakes.get(job_id)) is not None:
                wake.set()
                continue
            self._wakes[job_id] = asyncio.Event()
            task = asyncio.create_task(self._watch_to_the_end(job_id), name=f"watch {job_id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _sweep(self) -> None:
        """Take up what somebody else brought back to life, as an operator at a shell."""
        while True:
            await self._clock.sleep(SWEEP_EVERY_S)
            try:
                unfinished = await self._store.unfinished_ids()
                if self._chore is not None:
                    await self._chore()
            except StoreUnavailable:
                logger.warning("the sweep could not read the database; the next one will")
                continue
            for job_id in unfinished:
                if job_id not in self._wakes:
                    self.enqueue(job_id)

    async def _watch_to_the_end(self, job_id: JobId) -> None:
        wake = self._wakes[job_id]
        try:
            failures = 0
            while not await self._watched(job_id, wake):
                failures += 1
                delay_s = retry_delay_s(failures, None, self._random)
                await self._clock.sleep(delay_s, wake=self._draining)
        finally:
            del self._wakes[job_id]
            # A nudge that came after the last look starts a new watch instead of being lost.
            if wake.is_set() and not self._draining.is_set():
                self.enqueue(job_id)

    async def _watched(self, job_id: JobId, wake: asyncio.Event) -> bool:
        """Run a watch once; False when it broke and must be run again."""
        row = self._rows.pop(job_id, None)
        try:
            await self._watch(job_id, Signals(wake, self._draining, row)).run()
        except Exception:  # the gate of every watch: logged, and the job is taken up again
            logger.exception("job %s: the watch broke; it is taken up again", job_id)
            return self._draining.is_set()
        return True
