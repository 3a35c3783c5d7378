"""The engine of several machines: procrastinate gives each job to one of the processes.

Our table of jobs stays the truth. An entry in procrastinate's queue only means "somebody has to
watch this job, and somebody else if that one dies". What procrastinate leaves to its users is
done here: jobs of dead processes are handed on, a pause hands them on at once, and a lost
database ends nothing.
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
"""What calls on the queue raise when the database is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How soon the processes notice each other."""

    heartbeat_s: float = 5.0
    dead_after_s: float = 20.0
    """Without a sign of life for so long a process is given up, and its jobs are handed on."""
    round_s: float = 5.0
    """Between two looks for jobs of dead processes."""
    fetch_s: float = 1.0
    """How soon a job that was handed on is found; a new one is announced."""
    patience_s: float = 10.0
    """How long a call waits for a connection to the queue."""
    open_jobs: int = 10_000
    """How many jobs one process watches at most."""


class WatchPaused(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The watch paused with work left: another process goes on."""


class _HandOn(BaseRetryStrategy):
    """Whatever ends a watch before its job's end, the entry is there for the next process."""

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
            # Its tries come ever more seldom, and the next call waits for them: it begins anew.
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
        """Join the others, and see to it that every job that needs work is in the queue.

        Raises:
            StoreUnavailable: the database cannot be reached; the bot should not start.
        """
        # Its own voice tells of jobs by the numbers of its queue, and of pauses as of errors.
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
        """Have a job watched by somebody; whoever watches it already looks again at once."""
        if not self._watches.wake(job_id):
            self._inbox.put_nowait(job_id)

    @property
    def was_last(self) -> bool:
        """Whether it is stopped, and there was no sign of life of another."""
        return self._was_last

    async def stop(self, *, drain_timeout_s: float | None = None) -> None:
        """Take no more jobs, pause those in hand, and hand them on; all stay as they are."""
        self._stopping = True
        timeout_s = self._drain_timeout_s if drain_timeout_s is None else drain_timeout_s
        if self._worker is not None:
            self._worker.cancel()
            # It lets go of the queue first, so that nobody fetches again what is handed on.
            await asyncio.sleep(0)
        for task in self._around:
            task.cancel()
        await self._watches.stop(timeout_s=timeout_s)
        ending = {task for task in (*self._around, self._worker) if task is not None}
        if ending:
            await asyncio.wait(ending)
        with _going_on("the queue could not be closed well"):
            if self._worker is not None:
                self._worker = None
                self._was_last = not await self._others_work()
            await self._queue.close_async()

    def _begun(self, name: str, loop: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        return asyncio.create_task(lasting(name, loop, clock=self._clock), name=name)

    # --- the queue ----------------------------------------------------------------------------

    async def _work(self) -> None:
        """Fetch jobs for as long as the engine runs; a lost database only interrupts it."""
        failures = 0
        while not self._stopping:
            with _going_on("the queue is away"):
                await self._queue.run_worker_async(
                    concurrency=self._rhythm.open_jobs,
                    install_signal_handlers=False,
                    # It gives no signs of life while it waits for its entries, which end hours
                    # later: they go at once, and an ordered stop is waited for by `_attend`.
                    shutdown_graceful_timeout=0,
                    delete_jobs="always",
                    fetch_job_polling_interval=self._rhythm.fetch_s,
                    update_heartbeat_interval=self._rhythm.heartbeat_s,
                    stalled_worker_timeout=self._rhythm.dead_after_s,
                )
                failures = 0
                logger.warning("the queue was lost; joining it again")
            failures += 1
            await asyncio.sleep(min(retry_delay_s(failures, None, self._random), 5.0))

    async def _attend(self, job_id: JobId) -> None:
        """Stand for a job in the queue for as long as it is watched here."""
        try:
            # It may be back while the watch that was let go still ends, with work left.
            await self._watches.ended(job_id)
            if self._stopping:
                raise WatchPaused
            nudged_late = await asyncio.shield(self._watches.begin(job_id))
        except asyncio.CancelledError:
            # The queue gives this process up: another one may have the job by now.
            self._watches.let_go(job_id)
            if not self._stopping:
                raise
            # Nobody else has it before the watch has ended.
            await self._watches.ended(job_id)
            raise WatchPaused from None
        if self._stopping:
            raise WatchPaused
        if nudged_late:
            self.enqueue(job_id)

    async def _post(self) -> None:
        """Tell whoever watches a job, and put it into the queue if nobody does."""
        while True:
            job_id = await self._inbox.get()
            with _going_on("a nudge was not told", job_id=job_id):
                await self._nudges.tell(job_id)
            with _going_on(f"job {job_id} could not be queued yet", job_id=job_id):
                if not await self._queued(job_id):
                    await self._defer(job_id)

    async def _make_rounds(self) -> None:
        """Hand on the jobs of the dead."""
        while True:
            await self._clock.sleep(self._rhythm.round_s)
            with _going_on("the rounds could not be made"):
                await self._hand_on_jobs_of_the_dead()

    async def _sweep(self) -> None:
        """Look for jobs that nobody has, such as one that was resolved at a shell."""
        while True:
            await self._clock.sleep(SWEEP_EVERY_S)
            with _going_on("the sweep could not be made"):
                await self._queue_orphans()

    async def _hand_on_jobs_of_the_dead(self) -> None:
        manager = self._queue.job_manager
        dead_after_s = self._rhythm.dead_after_s
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=dead_after_s))
        for entry in stalled:
            # Two processes make rounds: the second finds it handed on already.
            with _going_on("an entry was handed on by another process", level=logging.DEBUG):
                await manager.retry_job(entry)
        if stalled:
            logger.warning("%d jobs of a dead process are handed on", len(stalled))

    async def _queue_orphans(self) -> None:
        """The row is the truth: a job that no entry stands for gets one."""
        unfinished = await self._store.unfinished_ids()
        queued = await self._queued()
        for job_id in unfinished:
            if job_id not in queued:
                await self._defer(job_id)

    async def _defer(self, job_id: JobId) -> None:
        # The lock keeps two entries of one job from being watched at once, wherever.
        await self._task.configure(lock=job_id).defer_async(job_id=job_id)

    async def _queued(self, job_id: JobId | None = None) -> frozenset[JobId]:
        """The jobs that an entry stands for: of all, or of this one."""
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
"""A queue that is away is expected as well."""
