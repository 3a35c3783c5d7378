"""What may be told to whoever counts and measures, in the words of the domain."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.job import Job, JobId
from bot.domain.outcomes import Sighting, SubmitOutcome
from bot.domain.ports import Trouble


class Way(StrEnum):
    """On which way a video reached its requester."""

    CARD = "card"
    """On the card that answered the command."""
    NEW_CARD = "new_card"
    """On a new card in the same channel: the old one was deleted."""
    DIRECT = "direct"
    """In a direct message: the place is closed."""


class Content(StrEnum):
    """What reached the requester."""

    ORIGINAL = "original"
    COPY = "copy"
    """A smaller copy, and a link to the original."""
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Population:
    """The jobs in one state."""

    jobs: int
    oldest_since: datetime | None = None
    """Since when the one that came first is there; not asked for where jobs are over."""


class JobObserver(Protocol):
    """Hears what becomes of rows, in the past tense and at once; it neither waits nor raises."""

    def job_sought(self, job_id: JobId, job: Job | None = None) -> None:
        """A task is about to read this row, or to add it; whether it can, nobody knows yet."""
        ...

    def job_seen(self, job: Job) -> None:
        """A task read or added this row, and works on it now."""
        ...

    def job_moved(self, before: Job, after: Job) -> None:
        """A move is committed."""
        ...


class Observer(JobObserver, Protocol):
    """Hears everything that is worth counting, under the same rules."""

    def watch_began(self, job_id: JobId) -> None:
        """This process watches the job."""
        ...

    def watch_ended(self, job_id: JobId) -> None:
        """It does so no more, whatever the reason."""
        ...

    def submitted(
        self, outcome: SubmitOutcome, *, took_s: float, key_id: int | None = None
    ) -> None:
        """The service answered the paid POST, or did not; `key_id` is of a server's own key."""
        ...

    def looked(self, request_id: str, sighting: Sighting, *, key_id: int | None = None) -> None:
        """The service was asked where a request stands."""
        ...

    def delivered(self, way: Way, content: Content, *, size_bytes: int) -> None:
        """Discord confirmed a result; `size_bytes` were uploaded for it."""
        ...

    def not_delivered(self, trouble: Trouble) -> None:
        """Discord did not take a result this time."""
        ...


class Unobserved:
    """Nobody counts."""

    def job_sought(self, job_id: JobId, job: Job | None = None) -> None:
        """Say nothing."""

    def job_seen(self, job: Job) -> None:
        """Say nothing."""

    def job_moved(self, before: Job, after: Job) -> None:
        """Say nothing."""

    def watch_began(self, job_id: JobId) -> None:
        """Say nothing."""

    def watch_ended(self, job_id: JobId) -> None:
        """Say nothing."""

    def submitted(
        self, outcome: SubmitOutcome, *, took_s: float, key_id: int | None = None
    ) -> None:
        """Say nothing."""

    def looked(self, request_id: str, sighting: Sighting, *, key_id: int | None = None) -> None:
        """Say nothing."""

    def delivered(self, way: Way, content: Content, *, size_bytes: int) -> None:
        """Say nothing."""

    def not_delivered(self, trouble: Trouble) -> None:
        """Say nothing."""
