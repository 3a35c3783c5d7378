"""The engine of several machines: procrastinate gives each job to one of the processes.

Our table of jobs is authoritative. A queue entry in procrastinate only means that one process has
to watch this job, and another one if that process dies. This module adds what procrastinate leaves
to its users: it hands on the jobs of dead processes, hands jobs on at once when it pauses, and
survives the loss of the database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final

import procrastinate
import psycopg
from procrastinate import exceptions
from procrastinate.jobs import Job as Entry
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.schema import SchemaManager

from bot.domain.job import JobId
from bot.domain.ports import Clock, JobStore, StoreUnavailable
from bot.runner.cadence import retry_delay_s
from bot.runner.tasks import SWEEP_EVERY_S, Housekeeping, going_on, keep_house, lasting
from bot.runner.wakeups import CHANNEL, Nudges
from bot.runner.watches import Watches, WatchJob

logger = logging.getLogger(__name__)

TASK: Final = "watch"
_SCHEMA_LOCK: Final = 0x6B6C71
_LOST = (exceptions.ConnectorException, psycopg.Error, OSError)
"""What calls on the queue raise when the database is down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How quickly the processes notice each other."""

    heartbeat_s: float = 5.0
    dead_after_s: float = 20.0
    """A process without a heartbeat for this long counts as dead, and its jobs are handed on."""
    round_s: float = 5.0
    """Time between two searches for jobs of dead processes."""
    fetch_s: float = 1.0
    """How soon a job that was handed on is found; a new one is announced."""
    patience_s: float = 10.0
    """How long a call waits for a connection to the queue."""
    open_jobs: int = 10_000
    """The maximum number of jobs that one process watches."""


class WatchPaused(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The watch paused with work left: another process continues."""


class _HandOn(BaseRetryStrategy):
    """However a watch ends before its job does, the queue entry stays for the next process."""

    def get_retry_decision(self, *, exception: BaseException, job: Entry) -> RetryDecision:
        del exception, job
        return RetryDecision()


class ClusterEngine:
    """Shares the jobs of one database among any number of processes."""

    def __init__(
        self,
        *,
        store: JobStore,
        watch: WatchJob,
        clock: Clock,
        random: Random,
        drain_timeout_s: float,
        conninfo: str,
        housekeeping: Housekeeping | None = None,
        news: Mapping[str, Callable[[str], object]] | None = None,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._drain_timeout_s = drain_timeout_s
        self._housekeeping = housekeeping
        self._rhythm = rhythm or Rhythm()
        self._watches = Watches(watch=watch, clock=clock, random=random)
        self._nudges = Nudges(
            conninfo=conninfo, clock=clock, heard={CHANNEL: self._watches.wake, **(news or {})}
        )
        self._connector = procrastinate.PsycopgConnector(
            conninfo=conninfo,
            min_size=1,
            max_size=4,
            timeout=self._rhythm.patience_s,
            num_workers=1,
            # Its retries become rarer and the next call waits for them: reconnect from scratch
            # instead.
            reconnect_timeout=5,
        )
        self._queue = procrastinate.App(connector=self._connector)
        self._task = self._queue.task(name=TASK, retry=_HandOn())(self._attend)
        self._inbox: asyncio.Queue[JobId] = asyncio.Queue()
        self._stopping = self._was_last = False
        self._around: list[asyncio.Task[None]] = []
        self._worker: asyncio.Task[None] | None = None

    @property
    def watching(self) -> frozenset[JobId]:
        """The jobs that have a watch in this process now."""
        return self._watches.running

    async def start(self) -> None:
        """Join the other processes, and put every job that needs work into the queue.

        Raises:
            StoreUnavailable: the database cannot be reached; the bot should not start.
        """
        # procrastinate's own log names jobs by queue numbers, and reports pauses as errors.
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        with _translated():
            await self._queue.open_async()
            await self._prepare_schema()
            await self._queue_orphans()
        self._worker = self._begun("worker", self._work)
        loops = {
            "post": self._post,
            "rounds": self._make_rounds,
            "sweep": self._sweep,
            "nudges": self._nudges.listen,
        }
        if self._housekeeping is not None:
            loops["housekeeping"] = partial(keep_house, self._housekeeping, clock=self._clock)
        self._around = [self._begun(name, loop) for name, loop in loops.items()]

    def enqueue(self, job_id: JobId) -> None:
        """Have a job watched by a process; if it is already watched, wake its watch."""
        if not self._watches.wake(job_id):
            self._inbox.put_nowait(job_id)

    @property
    def was_last(self) -> bool:
        """Whether it is stopped, and no other process had a heartbeat."""
        return self._was_last

    async def stop(self, *, drain_timeout_s: float | None = None) -> None:
        """Take no more jobs, pause the current ones, and hand them on; all jobs stay unchanged."""
        self._stopping = True
        timeout_s = self._drain_timeout_s if drain_timeout_s is None else drain_timeout_s
        if self._worker is not None:
            self._worker.cancel()
            # It leaves the queue first, so that it does not fetch again what it hands on.
            await asyncio.sleep(0)
        for task in self._around:
            task.cancel()
        await self._watches.stop(timeout_s=timeout_s)
        ending = {task for task in (*self._around, self._worker) if task is not None}
        if ending:
            await asyncio.wait(ending)
        with _going_on("couldn't close the queue cleanly"):
            if self._worker is not None:
                self._worker = None
                self._was_last = not await self._others_work()
            await self._queue.close_async()

    def _begun(self, name: str, loop: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        return asyncio.create_task(lasting(name, loop, clock=self._clock), name=name)

    # --- the queue ----------------------------------------------------------------------------

    async def _work(self) -> None:
        """Fetch jobs while the engine runs; losing the database only interrupts this."""
        failures = 0
        while not self._stopping:
            with _going_on("couldn't reach the queue"):
                await self._queue.run_worker_async(
                    concurrency=self._rhythm.open_jobs,
                    install_signal_handlers=False,
                    # It sends no heartbeats while it waits for its queue entries, which end hours
                    # later. So they end at once, and `_attend` waits during an ordinary stop.
                    shutdown_graceful_timeout=0,
                    delete_jobs="always",
                    fetch_job_polling_interval=self._rhythm.fetch_s,
                    update_heartbeat_interval=self._rhythm.heartbeat_s,
                    stalled_worker_timeout=self._rhythm.dead_after_s,
                )
                failures = 0
                logger.warning("lost the queue; joining it again")
            failures += 1
            await asyncio.sleep(min(retry_delay_s(failures, None, self._random), 5.0))

    async def _attend(self, job_id: JobId) -> None:
        """Hold a job's queue entry while this process watches it."""
        try:
            # The job may come back while its previous watch is still ending, with work left.
            await self._watches.ended(job_id)
            if self._stopping:
                raise WatchPaused
            nudged_late = await asyncio.shield(self._watches.begin(job_id))
        except asyncio.CancelledError:
            # The queue gives this process up: another process may have the job by now.
            self._watches.let_go(job_id)
            if not self._stopping:
                raise
            # No other process gets it before the watch has ended.
            await self._watches.ended(job_id)
            raise WatchPaused from None
        if self._stopping:
            raise WatchPaused
        if nudged_late:
            self.enqueue(job_id)

    async def _post(self) -> None:
        """Wake the watch of a job, and put the job into the queue if it has none."""
        while True:
            job_id = await self._inbox.get()
            with _going_on("couldn't wake the other processes", job_id=job_id):
                await self._nudges.tell(job_id)
            with _going_on(f"job {job_id}: couldn't queue it yet", job_id=job_id):
                if not await self._queued(job_id):
                    await self._defer(job_id)

    async def _make_rounds(self) -> None:
        """Hand on the jobs of dead processes."""
        while True:
            await self._clock.sleep(self._rhythm.round_s)
            with _going_on("couldn't look for jobs of dead processes"):
                await self._hand_on_jobs_of_the_dead()

    async def _sweep(self) -> None:
        """Find jobs without a queue entry, such as one that was resolved at a shell."""
        while True:
            await self._clock.sleep(SWEEP_EVERY_S)
            with _going_on("couldn't look for jobs that nothing watches"):
                await self._queue_orphans()

    async def _hand_on_jobs_of_the_dead(self) -> None:
        manager = self._queue.job_manager
        dead_after_s = self._rhythm.dead_after_s
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=dead_after_s))
        for entry in stalled:
            # Two processes make rounds: the second finds it already handed on.
            with _going_on("another process handed an entry on", level=logging.DEBUG):
                await manager.retry_job(entry)
        if stalled:
            logger.warning("handing on jobs of a dead process: %d", len(stalled))

    async def _queue_orphans(self) -> None:
        """The row is authoritative: add a queue entry for each job that has none."""
        unfinished = await self._store.unfinished_ids()
        queued = await self._queued()
        for job_id in unfinished:
            if job_id not in queued:
                await self._defer(job_id)

    async def _defer(self, job_id: JobId) -> None:
        # The lock prevents two queue entries of one job from being watched at once, in any process.
        await self._task.configure(lock=job_id).defer_async(job_id=job_id)

    async def _queued(self, job_id: JobId | None = None) -> frozenset[JobId]:
        """The jobs that have a queue entry: all of them, or only this one."""
        rows = await self._connector.execute_query_all_async(
            "SELECT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
            " AND (%(job_id)s::text IS NULL OR lock = %(job_id)s)",
            job_id=job_id,
        )
        return frozenset(row["lock"] for row in rows)

    async def _others_work(self) -> bool:
        row = await self._connector.execute_query_one_async(
            "SELECT count(*) AS workers FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %(dead_after_s)s)",
            dead_after_s=self._rhythm.dead_after_s,
        )
        return row["workers"] > 0

    async def _prepare_schema(self) -> None:
        async with self._connector.pool.connection() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
            found = await connection.execute("SELECT to_regclass('procrastinate_jobs')")
            row = await found.fetchone()
            if row is None or row[0] is None:
                await connection.execute(SchemaManager.get_schema())


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except _LOST as error:
        raise StoreUnavailable(f"the queue failed: {type(error).__name__}") from error


_going_on = partial(going_on, expected=_LOST)
"""A queue that cannot be reached is expected too."""
