"""Real time, only faster: a grace of minutes is over in seconds, and every process agrees on it."""

import asyncio
from datetime import UTC, datetime

from bot.clock import SystemClock

FACTOR = 30


class HastenedClock:
    """The Clock port; since `start` it has run `FACTOR` times as fast as the system's clock."""

    def __init__(self, *, start: datetime) -> None:
        self._start = start
        self._system = SystemClock()

    def now(self) -> datetime:
        return self._start + (datetime.now(UTC) - self._start) * FACTOR

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        await self._system.sleep(seconds / FACTOR, wake=wake)

    def real(self, instant: datetime) -> datetime:
        """When the system's clock showed what this one shows at `instant`."""
        return self._start + (instant - self._start) / FACTOR
