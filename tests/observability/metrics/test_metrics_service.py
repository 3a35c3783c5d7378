"""What RunComfy answers becomes counts, a rate of errors, and how late the polling is."""

from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from bot.domain import outcomes
from bot.domain.job import State
from bot.domain.outcomes import FailureReason, Sighting, SubmitOutcome
from bot.domain.ports import LocalFile, NotPresented, Presented, Trouble
from bot.observability.metrics.jobs import JobMetrics
from bot.observability.metrics.observer import MetricsObserver
from bot.observability.metrics.service import ErrorRate, Looks, Rate, ServiceMetrics
from tests.clocks import FakeClock
from tests.domain.samples import A_VIDEO, HERE, a_job

QUEUED = a_job(state=State.QUEUED).model_copy(update={"request_id": "r-1"})


class Watching:
    """One process that watches, and its figures."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.registry = CollectorRegistry()
        self.error_rate = ErrorRate(clock=self.clock)
        looks = Looks(clock=self.clock)
        self.told = MetricsObserver(
            self.registry,
            jobs=JobMetrics(self.registry, clock=self.clock),
            service=ServiceMetrics(self.registry, looks=looks, error_rate=self.error_rate),
            looks=looks,
        )

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)

    def after(self, seconds: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))


@pytest.fixture
def watching() -> Watching:
    return Watching()


@pytest.mark.parametrize(
    ("outcome", "name", "reason", "failed"),
    [
        (outcomes.SubmitAccepted("r-1"), "accepted", "", 0),
        (outcomes.NotSent(), "not_sent", "", 1),
        (outcomes.RateLimited(), "rate_limited", "", 1),
        (outcomes.SubmitRefused(FailureReason.NO_BALANCE), "refused", "no_balance", 0),
        (outcomes.OutcomeUnknown("read timeout"), "unknown", "", 1),
    ],
)
def test_every_outcome_of_a_purchase_has_its_name(
    watching: Watching, outcome: SubmitOutcome, name: str, reason: str, failed: int
) -> None:
    labels = {"outcome": name, "reason": reason, "key_owner": "operator"}
    assert watching.value("kling_submissions_total", **labels) == 0
    watching.told.submitted(outcome, took_s=1.5)

    assert watching.value("kling_submissions_total", **labels) == 1
    assert watching.value("kling_submission_seconds_sum") == 1.5
    assert watching.error_rate.rate() == Rate(failed=failed, calls=1)


@pytest.mark.parametrize(
    ("sighting", "result", "is_error", "failed"),
    [
        (outcomes.StillQueued(), "queued", False, 0),
        (outcomes.StillRendering(), "rendering", False, 0),
        (outcomes.Succeeded((A_VIDEO,)), "succeeded", False, 0),
        (outcomes.Failed(FailureReason.CONTENT_REFUSED), "failed", False, 0),
        (outcomes.CancelledThere(), "cancelled", False, 0),
        (outcomes.Gone(), "gone", True, 0),
        (outcomes.Unclear("a word"), "unclear", True, 1),
        (outcomes.Unanswered("HTTP 503"), "unanswered", True, 1),
        (outcomes.Unanswered("HTTP 429", rate_limited=True), "rate_limited", True, 1),
        (outcomes.Unanswered("HTTP 401", key_refused=True), "key_refused", True, 1),
    ],
)
def test_every_look_has_its_result_and_some_are_errors(
    watching: Watching, sighting: Sighting, result: str, *, is_error: bool, failed: int
) -> None:
    watching.told.looked("r-1", sighting)

    assert watching.value("kling_polls_total", result=result) == 1
    errors = watching.value("kling_poll_errors_total", kind=result)
    assert errors == (1 if is_error else None)
    assert watching.error_rate.rate() == Rate(failed=failed, calls=1)


def test_what_the_service_says_of_a_servers_own_key_says_nothing_of_the_service(
    watching: Watching,
) -> None:
    key_id = 7
    for outcome in (
        outcomes.SubmitRefused(FailureReason.NO_BALANCE),
        outcomes.SubmitRefused(FailureReason.KEY_REFUSED),
        outcomes.RateLimited(),
    ):
        watching.told.submitted(outcome, took_s=1.5, key_id=key_id)
    for sighting in (
        outcomes.Unanswered("HTTP 401", key_refused=True),
        outcomes.Unanswered("HTTP 429", rate_limited=True),
    ):
        watching.told.looked("r-1", sighting, key_id=key_id)

    assert watching.error_rate.rate() == Rate(failed=0, calls=0)
    no_balance = {"outcome": "refused", "reason": "no_balance"}
    found = {
        owner: watching.value("kling_submissions_total", key_owner=owner, **no_balance)
        for owner in ("operator", "server")
    }
    assert found == {"operator": 0, "server": 1}


def test_a_service_that_answers_nobody_is_ill_whoever_pays(watching: Watching) -> None:
    watching.told.submitted(outcomes.NotSent(), took_s=1.5, key_id=7)
    watching.told.looked("r-1", outcomes.Unanswered("HTTP 503"), key_id=7)
    watching.told.looked("r-1", outcomes.StillQueued(), key_id=7)

    assert watching.error_rate.rate() == Rate(failed=2, calls=3)


def test_a_finished_request_was_overlooked_no_longer_than_since_it_was_seen_unfinished(
    watching: Watching,
) -> None:
    watching.told.watch_began(QUEUED.id)
    watching.told.job_seen(QUEUED)
    watching.told.looked("r-1", outcomes.StillRendering())
    watching.after(4)
    watching.told.looked("r-1", outcomes.Unanswered("HTTP 503"))
    watching.after(3)
    watching.told.looked("r-1", outcomes.Succeeded((A_VIDEO,)))

    assert watching.value("kling_detection_lag_seconds_sum") == 7
    assert watching.value("kling_detection_lag_seconds_count") == 1


def test_nobody_knows_how_long_a_request_was_done_that_was_never_seen_unfinished(
    watching: Watching,
) -> None:
    watching.told.watch_began(QUEUED.id)
    watching.told.job_seen(QUEUED)
    watching.after(4)
    watching.told.looked("r-1", outcomes.Succeeded((A_VIDEO,)))
    watching.told.looked("somebody else's", outcomes.Succeeded((A_VIDEO,)))

    assert watching.value("kling_detection_lag_seconds_count") == 0


def test_the_polling_is_as_late_as_the_request_that_was_not_looked_at_for_longest(
    watching: Watching,
) -> None:
    other = QUEUED.model_copy(update={"id": "job-2", "request_id": "r-2"})
    for job in (QUEUED, other):
        watching.told.watch_began(job.id)
        watching.told.job_seen(job)
    watching.after(10)
    watching.told.looked("r-1", outcomes.Unanswered("HTTP 503"))
    watching.after(5)
    late = watching.value("kling_poll_lag_seconds")
    watching.told.looked("r-2", outcomes.StillQueued())

    assert late == 15
    assert watching.value("kling_poll_lag_seconds") == 5


def test_only_what_this_process_watches_has_to_be_looked_at(watching: Watching) -> None:
    watching.told.job_seen(QUEUED)
    watching.after(100)
    of_another = watching.value("kling_poll_lag_seconds")
    watching.told.watch_began(QUEUED.id)
    watching.told.job_seen(QUEUED)
    watching.after(100)
    its_own = watching.value("kling_poll_lag_seconds")
    watching.told.watch_ended(QUEUED.id)

    assert (of_another, its_own, watching.value("kling_poll_lag_seconds")) == (0, 100, 0)


def test_a_job_that_left_the_service_needs_no_more_looks(watching: Watching) -> None:
    watching.told.watch_began(QUEUED.id)
    watching.told.job_seen(QUEUED)
    watching.told.job_moved(QUEUED, QUEUED.model_copy(update={"state": State.CANCELLED}))
    watching.after(100)

    assert watching.value("kling_poll_lag_seconds") == 0


def test_errors_are_forgotten_after_five_minutes_and_one_by_one_before(
    watching: Watching,
) -> None:
    for _ in range(4):
        watching.error_rate.count(failed=True)
        watching.after(60)
    watching.error_rate.count(failed=False)
    all_of_them = watching.error_rate.rate()
    watching.after(130)
    some = watching.error_rate.rate()
    watching.after(300)

    assert all_of_them == Rate(failed=4, calls=5)
    assert some == Rate(failed=2, calls=3)
    assert watching.error_rate.rate() == Rate(failed=0, calls=0)


def test_many_calls_take_no_more_room_than_few() -> None:
    clock = FakeClock()
    rate = ErrorRate(clock=clock)
    for _ in range(10_000):
        rate.count(failed=False)
        clock.move_to(clock.now() + timedelta(seconds=0.1))

    assert 2_900 <= rate.rate().calls <= 3_200


ANEW = HERE.model_copy(update={"message_id": 8})
ELSEWHERE = HERE.model_copy(update={"channel_id": 9})


def a_file(size_bytes: int, *, is_copy: bool = False) -> LocalFile:
    return LocalFile(Path("kite.mp4"), "kite.mp4", size_bytes, A_VIDEO, is_copy)


@pytest.mark.parametrize(
    ("presented", "way", "content", "size_bytes"),
    [
        (Presented(files=[a_file(5)]), "card", "original", 5),
        (Presented(files=[a_file(5), a_file(7)]), "card", "original", 12),
        (Presented(files=[a_file(5, is_copy=True)]), "card", "copy", 5),
        (Presented(), "card", "link", 0),
        (Presented(ANEW, files=[a_file(5)]), "new_card", "original", 5),
        (Presented(ELSEWHERE, files=[a_file(5)]), "direct", "original", 5),
        (Presented(ELSEWHERE), "direct", "link", 0),
    ],
)
def test_a_delivery_is_counted_by_its_way_and_what_was_attached(
    watching: Watching, presented: Presented, way: str, content: str, size_bytes: int
) -> None:
    watching.told.presented(a_job(), presented)

    counted = {
        (one, other): watching.value("kling_deliveries_total", way=one, content=other)
        for one in ("card", "new_card", "direct")
        for other in ("original", "copy", "link")
    }
    assert counted == {**dict.fromkeys(counted, 0), (way, content): 1}
    assert watching.value("kling_upload_bytes_total") == size_bytes


def test_what_stood_in_the_way_of_a_delivery_is_counted(watching: Watching) -> None:
    watching.told.presented(a_job(), NotPresented(Trouble.PASSING))

    assert watching.value("kling_delivery_troubles_total", trouble="passing") == 1
    assert watching.value("kling_deliveries_total", way="card", content="original") == 0
