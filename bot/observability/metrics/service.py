"""RunComfy in figures: what it answers to purchases and looks, and how soon its ends are seen."""

from typing import Final, assert_never

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.domain import outcomes
from bot.domain.outcomes import FailureReason, Sighting, SubmitOutcome
from bot.observability.metrics.error_rate import ErrorRate
from bot.observability.metrics.jobs import OPERATOR, SERVER
from bot.observability.metrics.looks import Looks

SUBMISSIONS: Final = ("accepted", "not_sent", "rate_limited", "refused", "unknown")
REFUSALS: Final = (
    FailureReason.INPUT_REFUSED,
    FailureReason.KEY_REFUSED,
    FailureReason.NO_BALANCE,
    FailureReason.MODEL_MISSING,
)
"""Why the service refuses before it begins; a further reason would appear when it happens."""
VERDICTS: Final = ("succeeded", "failed", "cancelled")
UNFINISHED: Final = ("queued", "rendering")
NO_VERDICTS: Final = ("gone", "unclear", "unanswered", "rate_limited", "key_refused")
UNWELL: Final = ("unclear", "unanswered", "rate_limited", "key_refused")
"""Looks that say something of the service's health, and nothing of the request."""
OF_THE_ACCOUNT: Final = ("refused", "rate_limited", "key_refused")
"""Answers that with a server's own key concern its managers, and nobody else."""

_POST_BUCKETS_S: Final = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120)
_DETECTION_BUCKETS_S: Final = (0.5, 1, 1.5, 2, 2.5, 3, 5, 8, 15, 30, 60, 120, 300)


class ServiceMetrics:
    """What the service's answers tell."""

    def __init__(self, registry: CollectorRegistry, *, looks: Looks, error_rate: ErrorRate) -> None:
        self._looks = looks
        self._error_rate = error_rate
        self._submissions = Counter(
            "kling_submissions",
            "Paid POSTs by outcome, the reason of those refused, and whose key would have paid.",
            ["outcome", "reason", "key_owner"],
            registry=registry,
        )
        self._submission_s = Histogram(
            "kling_submission_seconds",
            "How long a paid POST took to be answered.",
            buckets=_POST_BUCKETS_S,
            registry=registry,
        )
        self._polls = Counter(
            "kling_polls", "Looks at accepted requests.", ["result"], registry=registry
        )
        self._poll_errors = Counter(
            "kling_poll_errors", "Looks without a usable answer.", ["kind"], registry=registry
        )
        self._detection_lag_s = Histogram(
            "kling_detection_lag_seconds",
            "For how long at most a finished request was not seen to be finished.",
            buckets=_DETECTION_BUCKETS_S,
            registry=registry,
        )
        lag = Gauge(
            "kling_poll_lag_seconds",
            "Time since the look that is the longest ago, of all requests under way.",
            registry=registry,
        )
        lag.set_function(looks.longest_unseen_s)
        self._begin_at_zero()

    def submitted(self, outcome: SubmitOutcome, *, took_s: float, owner: str) -> None:
        """Take in the answer to a paid POST."""
        name, reason = _submission(outcome)
        self._submissions.labels(name, reason, owner).inc()
        self._submission_s.observe(max(0.0, took_s))
        self._count(name, failed=name not in ("accepted", "refused"), owner=owner)

    def looked(self, request_id: str, sighting: Sighting, *, owner: str) -> None:
        """Take in what a look showed."""
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
        """Say every series from the start: what appears later has no increase to be alarmed by."""
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
        case outcomes.Accepted():
            return "accepted", ""
        case outcomes.NotSent():
            return "not_sent", ""
        case outcomes.RateLimited():
            return "rate_limited", ""
        case outcomes.Refused(reason):
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
