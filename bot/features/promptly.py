"""Answers from the database while somebody waits for them: soon, or not at all."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.domain.ports import StoreUnavailable

T = TypeVar("T")

SOON_S = 0.7
"""Discord waits 3 s for an answer, the ways there and back and several such reads included."""


async def promptly(call: Coroutine[Any, Any, T], *, within_s: float = SOON_S) -> T:
    """What `call` returns, if it does so in time; else it goes on by itself, for nobody.

    A database call cannot be broken off in the middle, so a time limit around it would not limit.

    Raises:
        StoreUnavailable: it took too long, or failed so by itself.
    """
    task = asyncio.create_task(call)
    done, _ = await asyncio.wait({task}, timeout=within_s)
    if not done:
        task.add_done_callback(_forget)
        raise StoreUnavailable("the database did not answer in time")
    return task.result()


def _forget(task: asyncio.Task[Any]) -> None:
    """Take note of the failure, if it is one: nobody waits for it any more."""
    if not task.cancelled():
        task.exception()
