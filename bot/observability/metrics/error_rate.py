"""The share of failed calls in the last minutes, in a fixed number of counters."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.ports import Clock

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
        """Take in one call."""
        now = self._clock.now()
        self._forget(now)
        if not self._slices or now - self._slices[-1].began_at >= SLICE:
            self._slices.append(_Slice(began_at=now))
        self._slices[-1].calls += 1
        self._slices[-1].failed += failed

    def rate(self) -> Rate:
        """What the last minutes came to."""
        self._forget(self._clock.now())
        return Rate(
            failed=sum(part.failed for part in self._slices),
            calls=sum(part.calls for part in self._slices),
        )

    def _forget(self, now: datetime) -> None:
        while self._slices and now - self._slices[0].began_at > WINDOW:
            self._slices.popleft()
