"""Metrics of RunComfy: its answers to purchases and polls, failures, delays in seeing ends."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.domain import outcomes
from bot.domain.outcomes import FailureReason, Sighting, SubmitOutcome
from bot.domain.ports import Clock
from bot.observability.metrics.jobs import OPERATOR, SERVER


@dataclass(slots=True)
class _Polled:
    looked_at: datetime
    unfinished_at: datetime | None = None


class Looks:
    """The requests that this process polls, from their acceptance to their end."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, _Polled] = {}

    def began(self, request_id: str) -> None:
        """Expect polls of it from now on."""
        self._seen.setdefault(request_id, _Polled(looked_at=self._clock.now()))

    def ended(self, request_id: str) -> None:
        """Expect no more polls of it."""
        self._seen.pop(request_id, None)

    def tried(self, request_id: str) -> None:
        """Record a poll, whatever its result."""
        if (seen := self._seen.get(request_id)) is not None:
            seen.looked_at = self._clock.now()

    def unfinished(self, request_id: str) -> None:
        """Record that the service said that it is not done yet."""
        if (seen := self._seen.get(request_id)) is not None:
            seen.unfinished_at = self._clock.now()

    def overlooked_s(self, request_id: str) -> float | None:
        """The longest time for which a request that is done now may have been done.

        None if this process has never seen it unfinished: the time is then unlimited.
        """
        seen = self._seen.get(request_id)
        if seen is None or seen.unfinished_at is None:
            return None
        return self._since_s(seen.unfinished_at)

    def longest_unseen_s(self) -> float:
        """Seconds since the last poll of the request that was not polled for the longest."""
        return max((self._since_s(seen.looked_at) for seen in self._seen.values()), default=0.0)

    def _since_s(self, instant: datetime) -> float:
        return max(0.0, (self._clock.now() - instant).total_seconds())


WINDOW: Final = timedelta(minutes=5)
SLICE: Final = timedelta(seconds=15)


@dataclass(slots=True)
class _Slice:
    began_at: datetime
    calls: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many."""

    failed: int
    calls: int


class ErrorRate:
    """Calls and failures of the last five minutes, forgotten in slices of 15 s."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._slices: deque[_Slice] = deque()

    def count(self, *, failed: bool) -> None:
        """Count one call."""
        now = self._clock.now()
        self._forget(now)
        if not self._slices or now - self._slices[-1].began_at >= SLICE:
            self._slices.append(_Slice(began_at=now))
        self._slices[-1].calls += 1
        self._slices[-1].failed += failed

    def rate(self) -> Rate:
        """The rate of the last minutes."""
        self._forget(self._clock.now())
        return Rate(
            failed=sum(part.failed for part in self._slices),
            calls=sum(part.calls for part in self._slices),
        )

    def _forget(self, now: datetime) -> None:
        while self._slices and now - self._slices[0].began_at > WINDOW:
            self._slices.popleft()


SUBMISSIONS: Final = ("accepted", "not_sent", "rate_limited", "refused", "unknown")
REFUSALS: Final = (
    FailureReason.INPUT_REFUSED,
    FailureReason.PICTURE_REFUSED,
    FailureReason.KEY_REFUSED,
    FailureReason.NO_BALANCE,
    FailureReason.MODEL_MISSING,
)
"""Why the service refuses before it begins; a further reason would appear when it happens."""
VERDICTS: Final = ("succeeded", "failed", "cancelled")
UNFINISHED: Final = ("queued", "rendering")
NO_VERDICTS: Final = ("gone", "unclear", "unanswered", "rate_limited", "key_refused")
UNWELL: Final = ("unclear", "unanswered", "rate_limited", "key_refused")
"""Poll results that tell about the service's health, not about the request."""
OF_THE_ACCOUNT: Final = ("refused", "rate_limited", "key_refused")
"""Answers that, with a server's own key, concern only its managers."""

_POST_BUCKETS_S: Final = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120)
_DETECTION_BUCKETS_S: Final = (0.5, 1, 1.5, 2, 2.5, 3, 5, 8, 15, 30, 60, 120, 300)


class ServiceMetrics:
    """Metrics from the service's answers."""

    def __init__(self, registry: CollectorRegistry, *, looks: Looks, error_rate: ErrorRate) -> None:
        self._looks = looks
        self._error_rate = error_rate
        self._submissions = Counter(
            "kling_submissions",
            "Paid POSTs by outcome, reason if refused, and whose key pays.",
            ["outcome", "reason", "key_owner"],
            registry=registry,
        )
        self._submission_s = Histogram(
            "kling_submission_seconds",
            "How long RunComfy took to answer a paid POST.",
            buckets=_POST_BUCKETS_S,
            registry=registry,
        )
        self._polls = Counter(
            "kling_polls", "Polls of accepted requests, by result.", ["result"], registry=registry
        )
        self._poll_errors = Counter(
            "kling_poll_errors", "Polls without a usable answer.", ["kind"], registry=registry
        )
        self._detection_lag_s = Histogram(
            "kling_detection_lag_seconds",
            "How long a finished request went unnoticed, at most.",
            buckets=_DETECTION_BUCKETS_S,
            registry=registry,
        )
        lag = Gauge(
            "kling_poll_lag_seconds",
            "Time since the last poll of the request that has waited the longest for one.",
            registry=registry,
        )
        lag.set_function(looks.longest_unseen_s)
        self._begin_at_zero()

    def submitted(self, outcome: SubmitOutcome, *, took_s: float, owner: str) -> None:
        """Record the answer to a paid POST."""
        name, reason = _submission(outcome)
        self._submissions.labels(name, reason, owner).inc()
        self._submission_s.observe(max(0.0, took_s))
        self._count(name, failed=name not in ("accepted", "refused"), owner=owner)

    def looked(self, request_id: str, sighting: Sighting, *, owner: str) -> None:
        """Record the result of a poll."""
        result = _sighting(sighting)
        self._polls.labels(result).inc()
        self._count(result, failed=result in UNWELL, owner=owner)
        self._looks.tried(request_id)
        if result in NO_VERDICTS:
            self._poll_errors.labels(result).inc()
        elif result in UNFINISHED:
            self._looks.unfinished(request_id)
        else:
            self._detected(request_id)

    def _count(self, result: str, *, failed: bool, owner: str) -> None:
        if owner == OPERATOR or result not in OF_THE_ACCOUNT:
            self._error_rate.count(failed=failed)

    def _detected(self, request_id: str) -> None:
        overlooked_s = self._looks.overlooked_s(request_id)
        if overlooked_s is not None:
            self._detection_lag_s.observe(overlooked_s)

    def _begin_at_zero(self) -> None:
        """Export every series from the start: an alert on an increase misses a new series."""
        for name in SUBMISSIONS:
            for reason in REFUSALS if name == "refused" else ("",):
                for owner in (OPERATOR, SERVER):
                    self._submissions.labels(name, reason, owner)
        for result in (*UNFINISHED, *VERDICTS, *NO_VERDICTS):
            self._polls.labels(result)
        for kind in NO_VERDICTS:
            self._poll_errors.labels(kind)


def _submission(outcome: SubmitOutcome) -> tuple[str, str]:
    match outcome:
        case outcomes.SubmitAccepted():
            return "accepted", ""
        case outcomes.NotSent():
            return "not_sent", ""
        case outcomes.RateLimited():
            return "rate_limited", ""
        case outcomes.SubmitRefused(reason):
            return "refused", reason.value
        case outcomes.OutcomeUnknown():
            return "unknown", ""
        case _:
            assert_never(outcome)


def _sighting(sighting: Sighting) -> str:
    match sighting:
        case outcomes.StillQueued():
            return "queued"
        case outcomes.StillRendering():
            return "rendering"
        case outcomes.Succeeded():
            return "succeeded"
        case outcomes.Failed():
            return "failed"
        case outcomes.CancelledThere():
            return "cancelled"
        case outcomes.Gone():
            return "gone"
        case outcomes.Unclear():
            return "unclear"
        case outcomes.Unanswered(key_refused=True):
            return "key_refused"
        case outcomes.Unanswered(rate_limited=True):
            return "rate_limited"
        case outcomes.Unanswered():
            return "unanswered"
        case _:
            assert_never(sighting)
