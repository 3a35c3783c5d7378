"""Moves become time in each state and money spent, each counted once."""

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from bot.domain.generation.models import MODELS, USUAL
from bot.domain.job import Job, State
from bot.domain.lifecycle import Event, RenderingBegan, RenderingFailed, RenderingSucceeded
from bot.domain.lifecycle import after as lifecycle_after
from bot.domain.observer import Population
from bot.domain.outcomes import FailureReason
from bot.observability.metrics.jobs import JobMetrics
from tests.clocks import START, FakeClock
from tests.domain.samples import A_VIDEO, a_job

RENDERED = RenderingSucceeded((A_VIDEO,), None)


def at(job: Job, event: Event, *, after_s: float) -> tuple[Job, Job]:
    moved = lifecycle_after(job, event, job.state_since + timedelta(seconds=after_s))
    assert moved is not None
    return job, moved


def a_rendering(**changes: object) -> Job:
    return a_job(state=State.RENDERING).model_copy(update={"request_id": "r-1", **changes})


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> JobMetrics:
    return JobMetrics(registry, clock=FakeClock())


def spent(
    registry: CollectorRegistry, owner: str, basis: str, model: str = USUAL.id
) -> float | None:
    labels = {"key_owner": owner, "basis": basis, "model": model}
    return registry.get_sample_value("kling_spend_microusd_total", labels)


def test_the_time_in_a_state_is_known_when_it_is_left(
    metrics: JobMetrics, registry: CollectorRegistry
) -> None:
    metrics.moved(*at(a_job(state=State.QUEUED), RenderingBegan(), after_s=42))

    def sample(name: str, state: str) -> float | None:
        return registry.get_sample_value(f"kling_job_state_seconds_{name}", {"state": state})

    assert (sample("count", "queued"), sample("sum", "queued")) == (1, 42)
    assert sample("count", "rendering") == 0


def test_a_clock_that_was_set_back_makes_no_time_negative(
    metrics: JobMetrics, registry: CollectorRegistry
) -> None:
    metrics.moved(*at(a_job(state=State.QUEUED), RenderingBegan(), after_s=-3_600))

    assert registry.get_sample_value("kling_job_state_seconds_sum", {"state": "queued"}) == 0


@pytest.mark.parametrize(
    ("job", "event", "owner", "basis", "microusd"),
    [
        (a_rendering(), RENDERED, "operator", "estimate", 840_000),
        (a_rendering(), RenderingSucceeded((A_VIDEO,), 7), "operator", "cost", 7),
        (a_rendering(key_id=3), RENDERED, "server", "estimate", 840_000),
        (
            a_rendering(),
            RenderingFailed(FailureReason.GENERATION_FAILED, 5),
            "operator",
            "cost",
            5,
        ),
    ],
)
def test_what_was_rendered_costs_what_the_service_says_or_the_estimate(
    metrics: JobMetrics,
    registry: CollectorRegistry,
    job: Job,
    event: Event,
    owner: str,
    basis: str,
    microusd: int,
) -> None:
    metrics.moved(*at(job, event, after_s=60))

    assert spent(registry, owner, basis) == microusd
    everything = [
        spent(registry, o, b) for o in ("operator", "server") for b in ("cost", "estimate")
    ]
    assert sum(sum_ or 0 for sum_ in everything) == microusd


@pytest.mark.parametrize(
    ("model_id", "label"), [(MODELS[0].id, MODELS[0].id), ("kling/kling-2.0/pro", "other")]
)
def test_what_was_spent_is_counted_by_model_and_old_ones_together(
    metrics: JobMetrics, registry: CollectorRegistry, model_id: str, label: str
) -> None:
    metrics.moved(*at(a_rendering(model_id=model_id), RENDERED, after_s=60))

    assert spent(registry, "operator", "estimate", label) == 840_000
    assert spent(registry, "operator", "estimate") == 0


def test_what_failed_without_a_price_costs_nothing_and_nothing_costs_twice(
    metrics: JobMetrics, registry: CollectorRegistry
) -> None:
    failed = at(a_rendering(), RenderingFailed(FailureReason.GENERATION_FAILED), after_s=60)
    metrics.moved(*failed)
    rendered = a_rendering(state=State.RENDERED, cost_microusd=7)
    metrics.moved(rendered, rendered.model_copy(update={"state": State.DELIVERED}))

    assert spent(registry, "operator", "cost") == 0
    assert spent(registry, "operator", "estimate") == 0


def test_a_move_within_a_state_counts_nothing(
    metrics: JobMetrics, registry: CollectorRegistry
) -> None:
    queued = a_job(state=State.QUEUED)
    metrics.moved(queued, queued.model_copy(update={"queue_position": 3, "version": 9}))

    assert registry.get_sample_value("kling_job_state_seconds_count", {"state": "queued"}) == 0


def test_jobs_that_nobody_could_count_are_left_out(
    metrics: JobMetrics, registry: CollectorRegistry
) -> None:
    metrics.counted({State.UNSURE: Population(2)})
    counted = [registry.get_sample_value("kling_jobs", {"state": s}) for s in ("unsure", "queued")]
    metrics.counted(None)

    assert counted == [2, 0]
    assert registry.get_sample_value("kling_jobs", {"state": "unsure"}) is None


def test_the_oldest_of_a_state_is_told_where_something_is_still_to_come(
    metrics: JobMetrics, registry: CollectorRegistry
) -> None:
    metrics.counted(
        {
            State.RENDERED: Population(3, START - timedelta(seconds=90)),
            State.QUEUED: Population(1, START + timedelta(seconds=90)),
            State.DELIVERED: Population(7),
        }
    )

    def oldest_s(state: State) -> float | None:
        return registry.get_sample_value("kling_oldest_job_seconds", {"state": state.value})

    assert oldest_s(State.RENDERED) == 90
    assert oldest_s(State.QUEUED) == 0, "a clock that was set back"
    assert oldest_s(State.UNSURE) == 0
    assert oldest_s(State.DELIVERED) is None
