"""While the database is slow or away: answers come soon or not at all, or there is another one."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from bot.domain.ports import StoreUnavailable

T = TypeVar("T")
OtherT = TypeVar("OtherT")

logger = logging.getLogger(__name__)

SOON_S = 0.7
"""Discord waits 3 s for an answer, including both ways and several such reads."""


async def unless_away(
    call: Awaitable[T], otherwise: OtherT, said: str, *, level: int = logging.WARNING
) -> T | OtherT:
    """What `call` returns; `otherwise`, with `said` in the log, if the database does not answer.

    Only where there is something better than the gates' answer that the database is away.
    """
    try:
        return await call
    except StoreUnavailable as error:
        logger.log(level, "%s (%s)", said, error)
        return otherwise


async def promptly(call: Coroutine[Any, Any, T], *, within_s: float = SOON_S) -> T:
    """What `call` returns, if it does so in time; else the call goes on without its caller.

    A database call cannot be interrupted, so a time limit around it would not limit it.

    Raises:
        StoreUnavailable: it took too long, or raised this itself.
    """
    task = asyncio.create_task(call)
    done, _ = await asyncio.wait({task}, timeout=within_s)
    if not done:
        task.add_done_callback(_forget)
        raise StoreUnavailable("the database didn't answer in time")
    return task.result()


def _forget(task: asyncio.Task[Any]) -> None:
    """Consume the failure, if it is one: no caller waits for it any more."""
    with suppress(asyncio.CancelledError):
        task.exception()
