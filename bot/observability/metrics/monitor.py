"""All metrics and health checks of one process."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from bot.domain.job import State
from bot.domain.money.price import Prices
from bot.domain.observer import Population
from bot.domain.ports import Clock, StoreUnavailable
from bot.observability.metrics.discord import GatewayMetrics, HeardClient, InteractionMetrics
from bot.observability.metrics.jobs import JobMetrics
from bot.observability.metrics.observer import MetricsObserver
from bot.observability.metrics.readiness import (
    WELL,
    CachedAnswer,
    Check,
    Readiness,
    database_check,
    polling_check,
    readiness,
    service_check,
)
from bot.observability.metrics.service import ErrorRate, Looks, ServiceMetrics
from bot.storage.census import SqlCensus

EVERY_S: Final = 0.5
_BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class LoopLag:
    """Measures the event loop's lag while `measured` is open."""

    def __init__(self, registry: CollectorRegistry, *, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._lag_s = Histogram(
            "kling_event_loop_lag_seconds",
            "How late the event loop wakes a task that sleeps.",
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self.last_s = 0.0
        """The last measurement."""

    @asynccontextmanager
    async def measured(self) -> AsyncGenerator[None]:
        """Measure until the block ends."""
        measuring = asyncio.create_task(self._measure(), name="event-loop lag")
        try:
            yield
        finally:
            measuring.cancel()
            await asyncio.wait({measuring})

    async def _measure(self) -> None:
        now: Callable[[], float] = asyncio.get_running_loop().time
        while True:
            due = now() + self._every_s
            # Not the injected clock: a virtual one never wakes late.
            await asyncio.sleep(self._every_s)
            self.last_s = max(0.0, now() - due)
            self._lag_s.observe(self.last_s)


logger = logging.getLogger(__name__)

COUNTS_KEPT_S: Final = 5.0
"""Jobs are counted at most so often, however often the metrics are scraped."""


class Monitor:
    """The metrics of one process in a registry of their own, and its health."""

    def __init__(self, *, clock: Clock, now_s: Callable[[], float] = time.monotonic) -> None:
        # Otherwise a third of all lines, which Prometheus does not use; the library's own switch.
        disable_created_metrics()
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        looks, error_rate = Looks(clock=clock), ErrorRate(clock=clock)
        self._clock = clock
        self._jobs = JobMetrics(self.registry, clock=clock)
        self.observer = MetricsObserver(
            self.registry,
            jobs=self._jobs,
            service=ServiceMetrics(self.registry, looks=looks, error_rate=error_rate),
            looks=looks,
        )
        self.interactions = InteractionMetrics(self.registry, now_s=now_s)
        self.gateway = GatewayMetrics(self.registry, clock=clock)
        self.loop_lag = LoopLag(self.registry)
        self._ready = Gauge(
            "kling_ready",
            "1 if this check of /readyz passes, else 0.",
            ["check"],
            registry=self.registry,
        )
        self._tasks = Gauge(
            "kling_tasks",
            "Running asyncio tasks: a few for each live job, and a few for the bot.",
            registry=self.registry,
        )
        self._prices_raised = Gauge(
            "kling_prices_raised",
            "Models that cost more in RunComfy's catalogue than the price this version came with.",
            registry=self.registry,
        )
        self.url: str | None = None
        """The address of the HTTP server, while it runs."""
        self._is_stopping = False
        self._counts: CachedAnswer[Mapping[State, Population]] | None = None
        self._checks: dict[str, Check] = {
            "running": self._why_not_running,
            "gateway": self._why_not_connected,
            "polling": polling_check(looks),
            "runcomfy": service_check(error_rate),
        }

    def ask(self, census: SqlCensus) -> None:
        """Query this database from now on: for its jobs, and whether it takes writes."""
        self._counts = CachedAnswer(census.populations, clock=self._clock, keep_s=COUNTS_KEPT_S)
        self._checks["database"] = database_check(census.try_writing, clock=self._clock)

    def estimate_by(self, prices: Prices) -> None:
        """Tell from now on how many of these prices were raised."""
        self._prices_raised.set_function(lambda: len(prices.raised))

    def check(self, name: str, check: Check) -> None:
        """Add a check of whether the bot can do its work."""
        self._checks[name] = check

    def listen_to(self, client: HeardClient) -> None:
        """Observe this client's gateway and interactions from now on."""
        self.gateway.listen_to(client)
        client.add_listener(self.interactions.received, "on_interaction")

    def stop(self) -> None:
        """Report from now on that the bot takes no more work."""
        self._is_stopping = True

    async def readiness(self) -> Readiness:
        """Whether the bot can do its work now."""
        found = await readiness(self._checks)
        for name, finding in found.findings.items():
            self._ready.labels(name).set(finding == WELL)
        return found

    async def refresh(self) -> None:
        """Update the metrics that are only read on demand."""
        self.interactions.settle()
        self.gateway.read_latency()
        self._tasks.set(len(asyncio.all_tasks()))
        self._jobs.counted(await self._counted())
        await self.readiness()

    async def _counted(self) -> Mapping[State, Population] | None:
        try:
            return None if self._counts is None else await self._counts.answer()
        except (StoreUnavailable, TimeoutError) as error:
            logger.warning("couldn't count the jobs: %s", error or "the database is slow")
            return None

    async def _why_not_running(self) -> str | None:
        return "the bot is stopping" if self._is_stopping else None

    async def _why_not_connected(self) -> str | None:
        return self.gateway.why_not_connected()
