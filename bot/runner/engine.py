"""The engines of a process that works alone: for every job that needs work, or for a single one."""

import asyncio
import logging
from functools import partial
from random import Random

from bot.domain.figures import said_number
from bot.domain.job import Job, JobId
from bot.domain.ports import Clock, JobStore
from bot.runner.tasks import SWEEP_EVERY_S, Housekeeping, going_on, keep_house, lasting
from bot.runner.watches import Watches, WatchJob

logger = logging.getLogger(__name__)


class EmbeddedEngine:
    """Watches every job that needs work, in tasks of its own supervisor.

    The supervisor starts the watches, not the caller: a command's task, its context and its
    cancellation do not affect them.
    """

    def __init__(
        self,
        *,
        store: JobStore,
        watch: WatchJob,
        clock: Clock,
        random: Random,
        drain_timeout_s: float,
        housekeeping: Housekeeping | None = None,
    ) -> None:
        self._housekeeping = housekeeping
        self._store = store
        self._clock = clock
        self._drain_timeout_s = drain_timeout_s
        self._watches = Watches(watch=watch, clock=clock, random=random)
        self._inbox: asyncio.Queue[JobId] = asyncio.Queue()
        self._rows: dict[JobId, Job] = {}
        self._stopping = False
        self._around: list[asyncio.Task[None]] = []

    @property
    def watching(self) -> frozenset[JobId]:
        """The jobs that have a watch now."""
        return self._watches.running

    async def start(self) -> None:
        """Start watching every job that needs work.

        Raises:
            StoreUnavailable: the database cannot be read; the bot should not start.
        """
        unfinished = await self._store.unfinished()
        for job in unfinished:
            self._rows[job.id] = job
            self.enqueue(job.id)
        if unfinished:
            logger.info("picking up %s", said_number(len(unfinished), "unfinished job"))
        loops = {"engine": self._supervise, "sweep": self._sweep}
        if self._housekeeping is not None:
            loops["housekeeping"] = partial(keep_house, self._housekeeping, clock=self._clock)
        self._around = [
            asyncio.create_task(lasting(name, loop, clock=self._clock), name=name)
            for name, loop in loops.items()
        ]

    def enqueue(self, job_id: JobId) -> None:
        """Watch a job whose row is committed; if it is already watched, wake its watch."""
        self._inbox.put_nowait(job_id)

    @property
    def was_last(self) -> bool:
        """Whether it is stopped: there is never another engine."""
        return self._stopping

    async def stop(self, *, drain_timeout_s: float | None = None) -> None:
        """Let current work finish within the drain timeout; all jobs stay unchanged."""
        self._stopping = True
        for task in self._around:
            task.cancel()
        if self._around:
            await asyncio.wait(self._around)
        timeout_s = self._drain_timeout_s if drain_timeout_s is None else drain_timeout_s
        await self._watches.stop(timeout_s=timeout_s)

    async def _supervise(self) -> None:
        while True:
            job_id = await self._inbox.get()
            if not self._watches.wake(job_id):
                task = self._watches.begin(job_id, self._rows.pop(job_id, None))
                task.add_done_callback(lambda task, job_id=job_id: self._ended(job_id, task))
                # Starting thousands at once must let other tasks run in between.
                await asyncio.sleep(0)

    def _ended(self, job_id: JobId, task: asyncio.Task[bool]) -> None:
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            # The sweep starts it again.
            logger.error("job %s: an error ended its watch", job_id, exc_info=error)
        elif task.result() and not self._stopping:
            # A wake after the last poll starts a new watch instead of being lost.
            self.enqueue(job_id)

    async def _sweep(self) -> None:
        """Watch jobs that became active elsewhere, as by an operator at a shell."""
        while True:
            await self._clock.sleep(SWEEP_EVERY_S)
            with going_on("couldn't look for jobs that nothing watches"):
                for job_id in set(await self._store.unfinished_ids()) - self.watching:
                    self.enqueue(job_id)


class SingleEngine:
    """Watches the one job that it is given, and leaves all others to a bot."""

    def __init__(
        self, *, watch: WatchJob, clock: Clock, random: Random, drain_timeout_s: float
    ) -> None:
        self.over = asyncio.Event()
        """Set when the job needs no more work."""
        self._drain_timeout_s = drain_timeout_s
        self._watches = Watches(watch=watch, clock=clock, random=random)
        self._stopping = False

    def enqueue(self, job_id: JobId) -> None:
        """Watch the job; if it is already watched, wake its watch."""
        if not self._watches.wake(job_id):
            self._watches.begin(job_id).add_done_callback(self._ended)

    async def stop(self) -> None:
        """Let current work finish within the drain timeout; the job stays unchanged."""
        self._stopping = True
        await self._watches.stop(timeout_s=self._drain_timeout_s)

    def _ended(self, task: asyncio.Task[bool]) -> None:
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            logger.error("an error ended a watch", exc_info=error)
        elif not self._stopping:
            self.over.set()
