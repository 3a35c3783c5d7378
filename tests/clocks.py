"""Time that stands still until a test moves it."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 1, tzinfo=UTC)
"""Where SimCord's own clock begins, so that both tell the same time."""


class FakeClock:
    """The Clock port in virtual time: sleepers wake in the order of their instants."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._order = itertools.count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    @property
    def sleeping(self) -> int:
        """How many sleep now."""
        return sum(not future.done() for _, _, future in self._sleepers)

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self._now + timedelta(seconds=max(seconds, 0))
        heapq.heappush(self._sleepers, (due, next(self._order), alarm))
        if wake is None:
            await alarm
            return
        nudge = asyncio.ensure_future(wake.wait())
        try:
            await asyncio.wait({alarm, nudge}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            nudge.cancel()
            alarm.cancel()

    def next_due(self) -> datetime | None:
        """When the next sleeper wakes."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def move_to(self, instant: datetime) -> None:
        """Let the time be `instant` and wake everybody who is due."""
        self._now = max(self._now, instant)
        while (due := self.next_due()) is not None and due <= self._now:
            heapq.heappop(self._sleepers)[2].set_result(None)


class ShakenClock(FakeClock):
    """Set back by somebody."""

    back = timedelta()

    def now(self) -> datetime:
        return super().now() - self.back

    def pass_time(self, seconds: float) -> None:
        self.move_to(super().now() + timedelta(seconds=seconds))
