"""Waits for a job beside the person who asked for it, and cancels or leaves it at their word."""

import asyncio
from collections.abc import Coroutine
from enum import Enum
from typing import Any, assert_never

from bot.cli.terminal.person import PersonAtTerminal, Sign
from bot.cli.terminal.screen import Screen
from bot.domain.actor import Actor
from bot.domain.job import JobId
from bot.domain.refused import Refused
from bot.features.ordering import CancelAnswer, CancelledForCertain, Ordering
from bot.features.terminal_jobs import OPERATOR_ID


class HowItEnded(Enum):
    """Why the wait is over."""

    OVER = "over"
    """The job needs nothing more."""
    LEFT = "left"
    """The person left; the job goes on at RunComfy, and its row stays."""


QUESTION = "Cancel it? [y/N] (Ctrl-C again leaves it running)"
_OPERATOR = Actor(user_id=OPERATOR_ID)


async def wait_beside(
    job_id: JobId,
    *,
    over: asyncio.Event,
    ordering: Ordering,
    person: PersonAtTerminal,
    screen: Screen,
) -> HowItEnded:
    """Wait until the job is over; Ctrl-C asks whether to cancel it, and once more leaves it."""
    while True:
        sign = await _first_of(over, person.interrupts())
        if sign is Sign.INTERRUPT:
            screen.ask(QUESTION)
            sign = await _first_of(over, person.interrupts(), person.answers())
            screen.go_on()
        match sign:
            case None:
                return HowItEnded.OVER
            case Sign.INTERRUPT | Sign.GONE:
                return HowItEnded.LEFT
            case Sign.YES:
                _tell(await ordering.cancel(job_id, _OPERATOR), screen)
            case Sign.NO:
                pass
            case _:
                assert_never(sign)


async def _first_of(over: asyncio.Event, *signs: Coroutine[Any, Any, Sign]) -> Sign | None:
    """The first sign that is given; None when it is over, which comes before all signs."""
    ending = asyncio.ensure_future(over.wait())
    giving = [asyncio.ensure_future(sign) for sign in signs]
    try:
        done, _ = await asyncio.wait({ending, *giving}, return_when=asyncio.FIRST_COMPLETED)
        if ending in done:
            return None
        return next(task for task in giving if task in done).result()
    finally:
        for task in (ending, *giving):
            task.cancel()


def _tell(answer: CancelAnswer, screen: Screen) -> None:
    match answer:
        case CancelledForCertain():
            pass  # the line says so as soon as its watch has seen it
        case Refused():
            screen.refuse(answer)
        case _:
            assert_never(answer)
