"""Real time, for all tests: it is waited until something is so, never for a guessed time.

A machine may be slow without a test being wrong, so no test reads a real clock itself.
"""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Final

PATIENCE_S: Final = 120.0
"""Far longer than a starved machine needs: only a test that fails waits for it."""
RUNS_OUT_S: Final = 0.1
"""A time limit that is meant to run out: what is expected comes after it, never within it."""
LOOK_EVERY_S = 0.001


async def until(
    condition: Callable[[], object | Awaitable[object]],
    *,
    within_s: float = PATIENCE_S,
    otherwise: Callable[[], object] = lambda: "it never came to be",
) -> None:
    """Wait until it is so; AssertionError, with what `otherwise` tells, if it never is."""
    deadline = time.monotonic() + within_s
    while not await is_so(condition):
        assert time.monotonic() < deadline, otherwise()
        await asyncio.sleep(LOOK_EVERY_S)


async def is_so(condition: Callable[[], object | Awaitable[object]]) -> object:
    """What a condition says, be it a coroutine or not."""
    found = condition()
    return await found if inspect.isawaitable(found) else found


def stand_still(seconds: float) -> None:
    """Block the event loop for at least so long."""
    time.sleep(seconds)
