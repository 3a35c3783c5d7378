"""Sees to it that whatever is logged during work on a job carries the job's ids.

What is bound stays with the task that bound it, and with the tasks that it starts: a watch is a
task, and so is a command. So the code that does the work has nothing to pass along.
"""

from structlog.contextvars import bind_contextvars

from bot.generation.job import Job, JobId
from bot.runner.engine import WatchFactory, Watching
from bot.runner.watch import Signals


def trace_job(job: Job) -> None:
    """From here on, this task is about `job`; an id that is not known yet is not said."""
    bind_contextvars(job=job.id, request=job.request_id, server=job.place.guild_id)


def traced(watch: WatchFactory) -> WatchFactory:
    """The same watches, each about its job before the row was ever read."""

    def traced_watch(job_id: JobId, signals: Signals) -> Watching:
        return _Traced(job_id, watch(job_id, signals))

    return traced_watch


class _Traced:
    def __init__(self, job_id: JobId, watch: Watching) -> None:
        self._job_id = job_id
        self._watch = watch

    async def run(self) -> None:
        """Run the watch. The binding outlives it, for the gate that says how the watch broke."""
        bind_contextvars(job=self._job_id)
        await self._watch.run()
