"""Writes that must not be cut in half by a cancellation, and yet cannot hang a shutdown."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

FINISH_WITHIN_S = 5.0
"""How long a cancelled caller still waits for the write that it began."""


async def unbroken(write: Coroutine[Any, Any, T], *, finish_within_s: float = FINISH_WITHIN_S) -> T:
    """Await `write`; a cancellation of the caller lets it finish first, for a few seconds."""
    task = asyncio.ensure_future(write)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=finish_within_s)
        task.cancel()
        raise
