"""How often this process asks the service in all: looks take turns, in the order of asking."""

from typing import Final

from bot.domain.ports import Clock

BURST_S: Final = 0.5
"""Turns that nobody took are kept for so long, so that a chance meeting delays nobody."""
_AT_ONCE_S: Final = 0.001


class Pace:
    """Hands out turns, on average no more than `per_second`.

    When more is wanted than that, everybody waits the same number of turns: gaps stretch for all
    jobs alike, and none is passed over.
    """

    def __init__(self, *, per_second: float, clock: Clock) -> None:
        self._gap_s = 1 / per_second
        self._clock = clock
        self._seen_at = clock.now()
        self._passed_s = 0.0
        self._next_s = 0.0

    def passed_s(self) -> float:
        """Seconds since the beginning, in which a clock that was set back stood still."""
        now = self._clock.now()
        self._passed_s += max(0.0, (now - self._seen_at).total_seconds())
        self._seen_at = now
        return self._passed_s

    def next_turn_s(self) -> float:
        """Take the next free turn; when it is, by `passed_s`."""
        turn_s = max(self._next_s, self.passed_s() - BURST_S)
        self._next_s = turn_s + self._gap_s
        return turn_s


class Turn:
    """One job's place in the line, kept while it does something else for a moment."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._at_s: float | None = None

    def wait_s(self) -> float:
        """Seconds until this one may look; at 0 it is let through and must look."""
        if self._at_s is None:
            self._at_s = self._pace.next_turn_s()
        left_s = self._at_s - self._pace.passed_s()
        # Clocks count microseconds: what is left of a wait by rounding is no wait.
        if left_s >= _AT_ONCE_S:
            return left_s
        self._at_s = None
        return 0.0
