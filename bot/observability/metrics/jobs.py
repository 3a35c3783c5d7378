"""Metrics of jobs: how many are in each state, for how long, and what they cost."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.domain.generation.models import MODELS, model_named
from bot.domain.job import LIVE_STATES, Job, State
from bot.domain.observer import Population
from bot.domain.ports import Clock

STATE_BUCKETS_S: Final = (
    *(1, 2, 5, 10, 30, 60, 120, 180, 240, 360, 600, 900, 1_800, 3_600, 14_400, 86_400),
)
OPERATOR, SERVER = "operator", "server"
"""Whose key paid: the operator's, or one that a server's managers gave."""
OTHER: Final = "other"
"""A model that is no longer declared: of old rows."""
COST, ESTIMATE = "cost", "estimate"
"""Where a sum of money comes from: the service told it, or it is estimated."""


def owner_of(key_id: int | None) -> str:
    """Who pays with this key."""
    return OPERATOR if key_id is None else SERVER


class JobMetrics:
    """Metrics from the moves of jobs."""

    def __init__(self, registry: CollectorRegistry, *, clock: Clock) -> None:
        self._clock = clock
        self._jobs = Gauge(
            "kling_jobs", "Jobs in the database, by state.", ["state"], registry=registry
        )
        self._oldest_s = Gauge(
            "kling_oldest_job_seconds",
            "How long the oldest job has been in a state; 0 if there is none.",
            ["state"],
            registry=registry,
        )
        self._state_s = Histogram(
            "kling_job_state_seconds",
            "How long jobs stay in a state, observed when they leave it.",
            ["state"],
            buckets=STATE_BUCKETS_S,
            registry=registry,
        )
        self._spend = Counter(
            "kling_spend_microusd",
            "What rendered jobs cost, in millionths of a dollar.",
            ["key_owner", "basis", "model"],
            registry=registry,
        )
        for state in State:
            self._state_s.labels(state.value)
        for owner in (OPERATOR, SERVER):
            for basis in (COST, ESTIMATE):
                for model in MODELS:
                    self._spend.labels(owner, basis, model.id)

    def counted(self, found: Mapping[State, Population] | None) -> None:
        """Set how many jobs are in each state; None if unknown, which removes the figures."""
        self._jobs.clear()
        self._oldest_s.clear()
        if found is None:
            return
        now = self._clock.now()
        for state in State:
            population = found.get(state, Population(0))
            self._jobs.labels(state.value).set(population.jobs)
            if state in LIVE_STATES or state is State.UNSURE:
                age_s = (now - (population.oldest_since or now)).total_seconds()
                self._oldest_s.labels(state.value).set(max(0.0, age_s))

    def moved(self, before: Job, after: Job) -> None:
        """Record a committed move."""
        if after.state is before.state:
            return
        stood_s = (after.state_since - before.state_since).total_seconds()
        # A clock that was set back must not make a duration negative.
        self._state_s.labels(before.state.value).observe(max(0.0, stood_s))
        if after.state is State.RENDERED or after.cost_microusd is not None:
            self._spent(before, after)

    def _spent(self, before: Job, after: Job) -> None:
        """Count a price once: with the move that brought it."""
        if before.state not in (State.QUEUED, State.RENDERING):
            return
        owner = owner_of(after.key_id)
        model = after.model_id if model_named(after.model_id) else OTHER
        if after.cost_microusd is None:
            self._spend.labels(owner, ESTIMATE, model).inc(after.estimate_microusd)
        else:
            self._spend.labels(owner, COST, model).inc(after.cost_microusd)
