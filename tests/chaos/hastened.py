"""Real time, only faster: a grace of minutes is over in seconds, and every process agrees on it."""

import asyncio
from datetime import UTC, datetime

from bot.domain.clock import SystemClock

FACTOR = 30


class HastenedClock:
    """The Clock port; since `start` it has run `factor` times as fast as the system's clock."""

    def __init__(self, *, start: datetime, factor: int = FACTOR) -> None:
        self._start = start
        self._factor = factor
        self._system = SystemClock()

    def now(self) -> datetime:
        return self._start + (datetime.now(UTC) - self._start) * self._factor

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        await self._system.sleep(seconds / self._factor, wake=wake)

    def real(self, instant: datetime) -> datetime:
        """When the system's clock showed what this one shows at `instant`."""
        return self._start + (instant - self._start) / self._factor
