"""Waiting for real I/O: it ends when something is so, never after a guessed time."""

import asyncio
import time
from collections.abc import Callable

PATIENCE_S = 60.0
"""Far longer than a starved machine needs: only a test that fails waits for it."""


async def until(condition: Callable[[], object], *, within_s: float = PATIENCE_S) -> None:
    """Wait until it is so; AssertionError if it never is."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        await asyncio.sleep(0.001)
