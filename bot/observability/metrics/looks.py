"""When each accepted request was last looked at: how late the polling is, and what it overlooks."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ports import Clock


@dataclass(slots=True)
class _Seen:
    looked_at: datetime
    unfinished_at: datetime | None = None


class Looks:
    """The requests that this process polls, from their acceptance to their end."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, _Seen] = {}

    def began(self, request_id: str) -> None:
        """From now on it has to be looked at."""
        self._seen.setdefault(request_id, _Seen(looked_at=self._clock.now()))

    def ended(self, request_id: str) -> None:
        """It needs no more looks."""
        self._seen.pop(request_id, None)

    def tried(self, request_id: str) -> None:
        """It was looked at, whatever that showed."""
        if (seen := self._seen.get(request_id)) is not None:
            seen.looked_at = self._clock.now()

    def unfinished(self, request_id: str) -> None:
        """The service said that it is not done yet."""
        if (seen := self._seen.get(request_id)) is not None:
            seen.unfinished_at = self._clock.now()

    def overlooked_s(self, request_id: str) -> float | None:
        """For how long at most a request that is done now can have been done already.

        None when this process has not seen it unfinished: it may have been done for any time.
        """
        seen = self._seen.get(request_id)
        if seen is None or seen.unfinished_at is None:
            return None
        return self._since_s(seen.unfinished_at)

    def longest_unseen_s(self) -> float:
        """Seconds since the look that is the longest ago, over all requests."""
        return max((self._since_s(seen.looked_at) for seen in self._seen.values()), default=0.0)

    def _since_s(self, instant: datetime) -> float:
        return max(0.0, (self._clock.now() - instant).total_seconds())
