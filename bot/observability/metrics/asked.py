"""A question to somebody who may be slow: asked once at a time, its answer kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.domain.ports import Clock

T = TypeVar("T")


class Asked(Generic[T]):
    """What `ask` answers, at most `keep_s` old, waited for at most `within_s`.

    Whoever stops waiting leaves the question open, and the next one waits for the same answer: so
    a database that hangs is asked once, however often somebody looks.
    """

    def __init__(
        self,
        ask: Callable[[], Awaitable[T]],
        *,
        clock: Clock,
        within_s: float = 2.0,
        keep_s: float = 0.0,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._within_s = within_s
        self._keep = timedelta(seconds=keep_s)
        self._asking: asyncio.Task[T] | None = None
        self._answered_at: datetime | None = None

    async def answer(self) -> T:
        """The answer.

        Raises:
            TimeoutError: there is none yet.
            Whatever `ask` raises.
        """
        if self._asking is None or self._is_stale():
            self._asking = asyncio.create_task(self._answer())
        asking = self._asking
        await asyncio.wait({asking}, timeout=self._within_s)
        if not asking.done():
            raise TimeoutError
        return asking.result()

    def _is_stale(self) -> bool:
        """Whether there is an answer, and it is too old; a clock that was set back makes it so."""
        if self._answered_at is None:
            return False
        return not timedelta() <= self._clock.now() - self._answered_at < self._keep

    async def _answer(self) -> T:
        self._answered_at = None
        try:
            return await self._ask()
        finally:
            self._answered_at = self._clock.now()
