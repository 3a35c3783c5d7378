"""Turns the events of jobs into metrics."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, assert_never

from prometheus_client import CollectorRegistry, Counter

from bot.domain.job import Job, JobId, State
from bot.domain.observer import Observer
from bot.domain.outcomes import Sighting, SubmitOutcome
from bot.domain.ports import LocalFile, NotPresented, Presented, PresentOutcome, Trouble
from bot.observability.metrics.jobs import JobMetrics, owner_of
from bot.observability.metrics.service import Looks, ServiceMetrics

AT_THE_SERVICE: Final = frozenset({State.QUEUED, State.RENDERING})


class DeliveryWay(StrEnum):
    """How a video reached its requester."""

    CARD = "card"
    """On the card that answered the command."""
    NEW_CARD = "new_card"
    """On a new card in the same channel: the old one was deleted."""
    DIRECT = "direct"
    """In a direct message: the place is closed."""


class DeliveryContent(StrEnum):
    """What reached the requester."""

    ORIGINAL = "original"
    COPY = "copy"
    """A smaller copy, and a link to the original."""
    LINK = "link"


class MetricsObserver(Observer):
    """Counts the jobs, purchases, polls and deliveries of this process."""

    def __init__(
        self,
        registry: CollectorRegistry,
        *,
        jobs: JobMetrics,
        service: ServiceMetrics,
        looks: Looks,
    ) -> None:
        self._jobs = jobs
        self._service = service
        self._looks = looks
        self._watched: dict[JobId, str | None] = {}
        self._deliveries = Counter(
            "kling_deliveries",
            "Results that reached the person who ordered them.",
            ["way", "content"],
            registry=registry,
        )
        self._troubles = Counter(
            "kling_delivery_troubles",
            "Deliveries that Discord didn't take; the bot tries each again.",
            ["trouble"],
            registry=registry,
        )
        self._upload_bytes = Counter(
            "kling_upload_bytes", "Bytes of results uploaded to Discord.", registry=registry
        )
        for way in DeliveryWay:
            for content in DeliveryContent:
                self._deliveries.labels(way.value, content.value)
        for trouble in Trouble:
            self._troubles.labels(trouble.value)

    def job_seen(self, job: Job) -> None:
        """Update from the row whether this process has to poll its request."""
        if job.id not in self._watched:
            return
        if job.state in AT_THE_SERVICE and job.request_id is not None:
            self._watched[job.id] = job.request_id
            self._looks.began(job.request_id)
        else:
            self._forget(job.id)

    def job_moved(self, before: Job, after: Job) -> None:
        """Record a committed move."""
        self._jobs.moved(before, after)
        self.job_seen(after)

    def watch_began(self, job_id: JobId) -> None:
        """Expect polls of this job by this process."""
        self._watched.setdefault(job_id, None)

    def watch_ended(self, job_id: JobId) -> None:
        """Expect no more polls: another process may watch the job, or none."""
        self._forget(job_id)
        self._watched.pop(job_id, None)

    def submitted(
        self, outcome: SubmitOutcome, *, took_s: float, key_id: int | None = None
    ) -> None:
        """Record the answer to a paid POST."""
        self._service.submitted(outcome, took_s=took_s, owner=owner_of(key_id))

    def looked(self, request_id: str, sighting: Sighting, *, key_id: int | None = None) -> None:
        """Record the result of a poll."""
        self._service.looked(request_id, sighting, owner=owner_of(key_id))

    def presented(self, job: Job, outcome: PresentOutcome) -> None:
        """Count a delivery with what was uploaded for it, or what prevented it."""
        match outcome:
            case Presented():
                way, content = _way(job, outcome), _content(outcome.files)
                self._deliveries.labels(way.value, content.value).inc()
                self._upload_bytes.inc(sum(file.size_bytes for file in outcome.files))
            case NotPresented(trouble):
                self._troubles.labels(trouble.value).inc()
            case _:
                assert_never(outcome)

    def _forget(self, job_id: JobId) -> None:
        request_id = self._watched.get(job_id)
        if request_id is not None:
            self._looks.ended(request_id)
            self._watched[job_id] = None


def _way(job: Job, presented: Presented) -> DeliveryWay:
    if presented.place is None:
        return DeliveryWay.CARD
    same_channel = presented.place.channel_id == job.place.channel_id
    return DeliveryWay.NEW_CARD if same_channel else DeliveryWay.DIRECT


def _content(sent: Sequence[LocalFile]) -> DeliveryContent:
    if not sent:
        return DeliveryContent.LINK
    is_copy = any(file.is_copy for file in sent)
    return DeliveryContent.COPY if is_copy else DeliveryContent.ORIGINAL
