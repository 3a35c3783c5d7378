"""Tasks that survive errors and cancellations.

Periodic work: a failed round is logged, and the next one runs. Writes: a cancelled caller lets
them finish.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from bot.domain.job import JobId
from bot.domain.ports import Clock, StoreUnavailable

logger = logging.getLogger(__name__)

SWEEP_EVERY_S: Final = 60.0
AGAIN_AFTER_S: Final = 1.0
FINISH_WITHIN_S: Final = 5.0
"""How long a cancelled caller still waits for its own write."""

T = TypeVar("T")

Housekeeping = Callable[[], Awaitable[None]]
"""Other work, run once a minute; it decides for itself whether it is due."""


@contextmanager
def going_on(
    what: str,
    *,
    job_id: JobId | None = None,
    expected: tuple[type[Exception], ...] = (),
    level: int = logging.WARNING,
) -> Generator[None]:
    """Log a failed round, and continue.

    A lost database is expected, and so are the errors in `expected`; for all others the log has the
    full trace.
    """
    extra = None if job_id is None else {"about": {"job": job_id}}
    try:
        yield
    except (StoreUnavailable, *expected) as error:
        logger.log(level, "%s (%s); trying again", what, type(error).__name__, extra=extra)
    except Exception:  # the gate of every task that lasts: logged, and done again
        logger.exception("%s; trying again", what, extra=extra)


async def lasting(what: str, work: Callable[[], Awaitable[None]], *, clock: Clock) -> None:
    """Repeat work that should never end, until cancelled: however it ends, it starts again.

    A loop that ended unnoticed would leave a bot that accepts requests and looks healthy.
    """
    while True:
        try:
            await work()
        except Exception:  # the gate of every task that lasts
            logger.exception("%s failed; starting it again", what)
        except asyncio.CancelledError:
            # If it is raised inside although this task was not cancelled, it is an ordinary error.
            if _is_cancelled():
                raise
            logger.exception("%s cancelled itself; starting it again", what)
        else:
            if _is_cancelled():
                return
            logger.error("%s ended; starting it again", what)
        await clock.sleep(AGAIN_AFTER_S)


async def keep_house(housekeeping: Housekeeping, *, clock: Clock) -> None:
    """Run once a minute until cancelled, in its own task, since a disk may be slow or broken."""
    while True:
        await clock.sleep(SWEEP_EVERY_S)
        with going_on("the housekeeping failed"):
            await housekeeping()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def unbroken(write: Coroutine[Any, Any, T], *, finish_within_s: float = FINISH_WITHIN_S) -> T:
    """Await `write`; if the caller is cancelled, let it finish first, for a few seconds."""
    task = asyncio.ensure_future(write)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=finish_within_s)
        task.cancel()
        raise
