"""How late the event loop is: a sleeper notes by how much it was woken too late."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Histogram

EVERY_S: Final = 0.5
_BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class LoopLag:
    """Measures while it is `measured`."""

    def __init__(self, registry: CollectorRegistry, *, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._lag_s = Histogram(
            "kling_event_loop_lag_seconds",
            "How much later than due the event loop came back to a sleeper.",
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self.last_s = 0.0
        """What was measured last."""

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
            # Not the injected clock: a virtual one wakes nobody too late.
            await asyncio.sleep(self._every_s)
            self.last_s = max(0.0, now() - due)
            self._lag_s.observe(self.last_s)
