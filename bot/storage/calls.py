"""Runs database calls to their end, even when their caller is cancelled meanwhile."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from bot.domain.ports import StoreUnavailable

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Calls:
    """The calls in flight on one database, each in a task of its own.

    A cancelled caller gets its CancelledError only once its call has ended, so that nothing is
    half done when it goes on: a transaction is committed or rolled back, and the connection is
    back in the pool. The database's own time limits bound the wait.
    """

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def run(self, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run `call` to its end and return its result.

        Raises:
            StoreUnavailable: `close` was called before.
        """
        if self._closed:
            raise StoreUnavailable("the store is closed")
        task = asyncio.create_task(call())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await to_its_end(task)

    async def close(self) -> None:
        """Accept no further calls, and wait for those in flight."""
        self._closed = True
        while self._running:
            await asyncio.wait(self._running)


async def to_its_end(task: asyncio.Task[T]) -> T:
    """Wait for `task` without ever cancelling it; a cancellation of the caller waits as well."""
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        while not task.done():
            # The first cancellation is raised below: further ones add nothing to it.
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        _say_if_failed(task)
        raise
    return task.result()


def _say_if_failed(task: asyncio.Task[Any]) -> None:
    """Log this failure, of which no one else will hear: its caller is gone."""
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.warning("a database call failed after its caller gave up: %s", type(error).__name__)
