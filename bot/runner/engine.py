"""The engines of a process that works alone: on every job that needs work, or on a single one."""

import asyncio
import logging
from functools import partial
from random import Random

from bot.domain.job import Job, JobId
from bot.domain.ports import Clock, JobStore
from bot.runner.tasks import SWEEP_EVERY_S, Housekeeping, going_on, keep_house, lasting
from bot.runner.watches import Watches, WatchJob

logger = logging.getLogger(__name__)


class EmbeddedEngine:
    """Watches every job that needs work, in tasks of its own supervisor.

    Watches are started by the supervisor and not by who asks: a command's task, its context and
    its cancellation have no part in them.
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
        loops = {"engine": self._supervise, "sweep": self._sweep}
        if self._housekeeping is not None:
            loops["housekeeping"] = partial(keep_house, self._housekeeping, clock=self._clock)
        self._around = [
            asyncio.create_task(lasting(name, loop, clock=self._clock), name=name)
            for name, loop in loops.items()
        ]

    def enqueue(self, job_id: JobId) -> None:
        """Watch a job whose row is committed; a watched one is looked at again at once."""
        self._inbox.put_nowait(job_id)

    @property
    def was_last(self) -> bool:
        """Whether it is stopped: there is never another."""
        return self._stopping

    async def stop(self, *, drain_timeout_s: float | None = None) -> None:
        """Let what is in flight finish within the drain timeout; all jobs stay as they are."""
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
                # Thousands that are taken up at once let others have their turn in between.
                await asyncio.sleep(0)

    def _ended(self, job_id: JobId, task: asyncio.Task[bool]) -> None:
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            # The sweep takes it up again.
            logger.error("job %s: the watch ended by an error", job_id, exc_info=error)
        elif task.result() and not self._stopping:
            # A nudge that came after the last look starts a new watch instead of being lost.
            self.enqueue(job_id)

    async def _sweep(self) -> None:
        """Take up what somebody else brought back to life, as an operator at a shell."""
        while True:
            await self._clock.sleep(SWEEP_EVERY_S)
            with going_on("the sweep could not be made"):
                for job_id in set(await self._store.unfinished_ids()) - self.watching:
                    self.enqueue(job_id)


class SingleEngine:
    """Watches the job that is handed to it, and leaves all others to a bot."""

    def __init__(
        self, *, watch: WatchJob, clock: Clock, random: Random, drain_timeout_s: float
    ) -> None:
        self.over = asyncio.Event()
        """Set once nothing more is to do for the job."""
        self._drain_timeout_s = drain_timeout_s
        self._watches = Watches(watch=watch, clock=clock, random=random)
        self._stopping = False

    def enqueue(self, job_id: JobId) -> None:
        """Watch the job; when it is watched already, look at it again at once."""
        if not self._watches.wake(job_id):
            self._watches.begin(job_id).add_done_callback(self._ended)

    async def stop(self) -> None:
        """Let what is in flight finish within the drain timeout; the job stays as it is."""
        self._stopping = True
        await self._watches.stop(timeout_s=self._drain_timeout_s)

    def _ended(self, task: asyncio.Task[bool]) -> None:
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            logger.error("the watch ended by an error", exc_info=error)
        elif not self._stopping:
            self.over.set()
