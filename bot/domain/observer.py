"""What happens to jobs, told to listeners: figures, the log's context, the end of a drain."""

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
    """Since when the oldest is in it; None where jobs are over."""


class Observer:
    """Passes everything on to `listeners`, in their order; without any it does nothing.

    A listener is a subclass that overrides what it needs. It hears at once what happened, and
    never raises; `watch_finished` alone may wait.
    """

    _listeners: tuple["Observer", ...] = ()

    def __init__(self, *listeners: "Observer") -> None:
        self._listeners = listeners

    def add(self, listener: "Observer") -> None:
        """Tell this one as well from now on, after the others."""
        self._listeners = (*self._listeners, listener)

    def job_sought(self, job_id: JobId, job: Job | None = None) -> None:
        """A task is about to read this row, or to add it; it may yet fail."""
        for listener in self._listeners:
            listener.job_sought(job_id, job)

    def job_seen(self, job: Job) -> None:
        """A task read or added this row, and works on it now."""
        for listener in self._listeners:
            listener.job_seen(job)

    def job_moved(self, before: Job, after: Job) -> None:
        """A move is committed."""
        for listener in self._listeners:
            listener.job_moved(before, after)

    def watch_began(self, job_id: JobId) -> None:
        """This process watches the job."""
        for listener in self._listeners:
            listener.watch_began(job_id)

    def watch_ended(self, job_id: JobId) -> None:
        """This process no longer watches the job, whatever the reason."""
        for listener in self._listeners:
            listener.watch_ended(job_id)

    async def watch_finished(self, job_id: JobId) -> None:
        """The watch ended by itself, and not by an error; told after `watch_ended`."""
        for listener in self._listeners:
            await listener.watch_finished(job_id)

    def submitted(
        self, outcome: SubmitOutcome, *, took_s: float, key_id: int | None = None
    ) -> None:
        """The service answered the paid POST, or did not; `key_id` is a server's own key."""
        for listener in self._listeners:
            listener.submitted(outcome, took_s=took_s, key_id=key_id)

    def looked(self, request_id: str, sighting: Sighting, *, key_id: int | None = None) -> None:
        """The service was asked where a request stands."""
        for listener in self._listeners:
            listener.looked(request_id, sighting, key_id=key_id)

    def presented(self, job: Job, outcome: PresentOutcome) -> None:
        """Discord took the job's result, or did not take it this time."""
        for listener in self._listeners:
            listener.presented(job, outcome)
