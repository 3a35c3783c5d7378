"""Tasks that errors and cancellations do not end in the middle.

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
"""How long a cancelled caller still waits for the write that it began."""

T = TypeVar("T")

Housekeeping = Callable[[], Awaitable[None]]
"""What else is done once a minute; it decides for itself whether it is time."""


@contextmanager
def going_on(
    what: str,
    *,
    job_id: JobId | None = None,
    expected: tuple[type[Exception], ...] = (),
    level: int = logging.WARNING,
) -> Generator[None]:
    """Log a failed round, and go on.

    A database that is away is expected, and so are the errors in `expected`; of any other the log
    has the whole trace.
    """
    extra = None if job_id is None else {"about": {"job": job_id}}
    try:
        yield
    except (StoreUnavailable, *expected) as error:
        logger.log(level, "%s (%s); it is tried again", what, type(error).__name__, extra=extra)
    except Exception:  # the gate of every task that lasts: logged, and done again
        logger.exception("%s; it is tried again", what, extra=extra)


async def lasting(what: str, work: Callable[[], Awaitable[None]], *, clock: Clock) -> None:
    """Do until cancelled what should never end by itself: whatever ends it, it begins again.

    A loop that ended unseen would leave a bot that takes requests and looks healthy.
    """
    while True:
        try:
            await work()
        except Exception:  # the gate of every task that lasts
            logger.exception("%s broke; it begins again", what)
        except asyncio.CancelledError:
            # One that is raised within, though this task was not cancelled, is an error like any.
            if _is_cancelled():
                raise
            logger.exception("%s was cancelled from within; it begins again", what)
        else:
            if _is_cancelled():
                return
            logger.error("%s ended; it begins again", what)
        await clock.sleep(AGAIN_AFTER_S)


async def keep_house(housekeeping: Housekeeping, *, clock: Clock) -> None:
    """Once a minute, until cancelled; in a task of its own, since a disk may be slow or broken."""
    while True:
        await clock.sleep(SWEEP_EVERY_S)
        with going_on("the housekeeping could not be done"):
            await housekeeping()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def unbroken(write: Coroutine[Any, Any, T], *, finish_within_s: float = FINISH_WITHIN_S) -> T:
    """Await `write`; a cancellation of the caller lets it finish first, for a few seconds."""
    task = asyncio.ensure_future(write)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=finish_within_s)
        task.cancel()
        raise
