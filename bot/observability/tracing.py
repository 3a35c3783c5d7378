"""Sees to it that whatever is logged during work on a job carries the job's ids.

They are bound to the task that does the work, and shared by the tasks that it starts: what one of
them learns, such as the id of a request that was just accepted, all of them say. So the code that
does the work has nothing to pass along.
"""

from structlog.contextvars import bind_contextvars, get_contextvars

from bot.domain.job import Job, JobId
from bot.domain.observing import JobObserver
from bot.runner.watch import Signals
from bot.runner.watches import WatchFactory, Watching

ABOUT = "about"


class Ids(dict[str, str | int | None]):
    """What is bound: one mapping, so that tasks can share it."""


def trace_job(job: Job) -> None:
    """From here on, this task is about `job`; an id that is not known yet is not said."""
    ids = Ids(job=job.id, request=job.request_id, server=job.server_id)
    if (bound := _bound_for(job.id)) is not None:
        bound.update(ids)
    else:
        bind_contextvars(**{ABOUT: ids})


def _bound_for(job_id: JobId) -> Ids | None:
    """What this task is about, if that is this job already."""
    bound = get_contextvars().get(ABOUT)
    return bound if isinstance(bound, Ids) and bound["job"] == job_id else None


class TracingObserver:
    """Lets a task be about the job whose row it reads, adds or moves, and passes everything on."""

    def __init__(self, observer: JobObserver) -> None:
        self._observer = observer

    def job_sought(self, job_id: JobId, job: Job | None = None) -> None:
        """A task may have to say that it could not reach the row."""
        if job is not None:
            trace_job(job)
        elif _bound_for(job_id) is None:
            bind_contextvars(**{ABOUT: Ids(job=job_id)})
        self._observer.job_sought(job_id, job)

    def job_seen(self, job: Job) -> None:
        """A task works on this row."""
        trace_job(job)
        self._observer.job_seen(job)

    def job_moved(self, before: Job, after: Job) -> None:
        """A move is committed."""
        trace_job(after)
        self._observer.job_moved(before, after)


def traced(watch: WatchFactory) -> WatchFactory:
    """The same watches, each about its job before the row was ever read."""

    def traced_watch(job_id: JobId, signals: Signals) -> Watching:
        return _Traced(job_id, watch(job_id, signals), signals.row)

    return traced_watch


class _Traced:
    __slots__ = ("_job_id", "_row", "_watch")

    def __init__(self, job_id: JobId, watch: Watching, row: Job | None) -> None:
        self._job_id = job_id
        self._watch = watch
        self._row = row

    async def run(self) -> None:
        """Run the watch. The binding outlives it, for the gate that says how the watch broke."""
        bind_contextvars(**{ABOUT: Ids(job=self._job_id)})
        if self._row is not None:
            trace_job(self._row)
            self._row = None  # thousands wait for minutes, and none needs it any more
        await self._watch.run()
