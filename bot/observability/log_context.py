"""Adds the current job's ids to every log line.

They are bound to the task that works on the job, and shared by the tasks that it starts. If one of
them learns an id, such as that of a request that was just accepted, all of them log it. So the
code that does the work has nothing to pass along.
"""

from contextvars import ContextVar

from bot.domain.job import Job, JobId
from bot.domain.observer import Observer


class Ids(dict[str, str | int | None]):
    """The bound ids: one mapping, so that tasks can share it."""


ABOUT: ContextVar[Ids] = ContextVar("about")
"""What a task is bound to; the tasks that it starts inherit it."""


class LogContext(Observer):
    """Binds a task to the job whose row it reads, adds, moves or watches."""

    def job_sought(self, job_id: JobId, job: Job | None = None) -> None:
        """Bind the id alone: the task may have to log that it could not reach the row."""
        if job is not None:
            self.job_seen(job)
        elif _bound_for(job_id) is None:
            ABOUT.set(Ids(job=job_id))

    def job_seen(self, job: Job) -> None:
        """Bind this task to `job`; ids that are not known yet are not logged."""
        ids = Ids(job=job.id, request=job.request_id, server=job.server_id)
        if (bound := _bound_for(job.id)) is not None:
            bound.update(ids)
        else:
            ABOUT.set(ids)

    def job_moved(self, before: Job, after: Job) -> None:
        """Bind again: the move may have brought an id."""
        del before
        self.job_seen(after)

    def watch_began(self, job_id: JobId) -> None:
        """Bind for longer than the watch: the gate logs how the watch failed."""
        ABOUT.set(Ids(job=job_id))


def _bound_for(job_id: JobId) -> Ids | None:
    """The ids that are bound, if they are this job's."""
    bound = ABOUT.get(None)
    return bound if bound is not None and bound.get("job") == job_id else None
