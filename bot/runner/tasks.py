"""What an engine does for as long as it runs: one time may fail, and there is always a next."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Final

from bot.domain.job import JobId
from bot.domain.ports import Clock, StoreUnavailable

logger = logging.getLogger(__name__)

SWEEP_EVERY_S: Final = 60.0
AGAIN_AFTER_S: Final = 1.0

Chore = Callable[[], Awaitable[None]]
"""What else is done once a minute; it decides for itself whether it is time."""


@contextmanager
def going_on(
    what: str,
    *,
    job_id: JobId | None = None,
    expected: tuple[type[Exception], ...] = (),
    level: int = logging.WARNING,
) -> Generator[None]:
    """Say in the log that it failed, and go on: whoever does it again and again never ends unseen.

    A database that is away is expected, and so is what else is named; of anything else the log
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


async def do_chores(chore: Chore, *, clock: Clock) -> None:
    """Once a minute, until cancelled; in a task of its own, since a disk may be slow or broken."""
    while True:
        await clock.sleep(SWEEP_EVERY_S)
        with going_on("the chores could not be done"):
            await chore()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
