"""Reports what happens to jobs to listeners: metrics, the log's context, the end of a drain."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.job import Job, JobId
from bot.domain.outcomes import Sighting, SubmitOutcome
from bot.domain.ports import PresentOutcome


@dataclass(frozen=True, slots=True)
class Population:
    """The jobs in one state."""

    jobs: int
    oldest_since: datetime | None = None
    """When the oldest one entered it; None for final states."""


class Observer:
    """Passes every event on to `listeners`, in order; without listeners it does nothing.

    A listener is a subclass that overrides what it needs. It is called at once and must not raise;
    only `watch_finished` may wait.
    """

    _listeners: tuple["Observer", ...] = ()

    def __init__(self, *listeners: "Observer") -> None:
        self._listeners = listeners

    def add(self, listener: "Observer") -> None:
        """Add a listener after the others."""
        self._listeners = (*self._listeners, listener)

    def job_sought(self, job_id: JobId, job: Job | None = None) -> None:
        """A task is about to read or add this row; that may still fail."""
        for listener in self._listeners:
            listener.job_sought(job_id, job)

    def job_seen(self, job: Job) -> None:
        """A task read or added this row, and works on it now."""
        for listener in self._listeners:
            listener.job_seen(job)

    def job_moved(self, before: Job, after: Job) -> None:
        """A state change was committed."""
        for listener in self._listeners:
            listener.job_moved(before, after)

    def watch_began(self, job_id: JobId) -> None:
        """This process watches the job."""
        for listener in self._listeners:
            listener.watch_began(job_id)

    def watch_ended(self, job_id: JobId) -> None:
        """This process no longer watches the job, for any reason."""
        for listener in self._listeners:
            listener.watch_ended(job_id)

    async def watch_finished(self, job_id: JobId) -> None:
        """The watch ended by itself and without an error; called after `watch_ended`."""
        for listener in self._listeners:
            await listener.watch_finished(job_id)

    def submitted(
        self, outcome: SubmitOutcome, *, took_s: float, key_id: int | None = None
    ) -> None:
        """The service answered the paid POST, or did not; `key_id` is a server's own key."""
        for listener in self._listeners:
            listener.submitted(outcome, took_s=took_s, key_id=key_id)

    def looked(self, request_id: str, sighting: Sighting, *, key_id: int | None = None) -> None:
        """The service was polled about a request."""
        for listener in self._listeners:
            listener.looked(request_id, sighting, key_id=key_id)

    def presented(self, job: Job, outcome: PresentOutcome) -> None:
        """Discord accepted the job's result, or did not this time."""
        for listener in self._listeners:
            listener.presented(job, outcome)
