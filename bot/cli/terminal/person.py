"""The person at the terminal: presses Ctrl-C, answers a question, waits for a job, or has gone."""

import asyncio
import signal
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from enum import Enum
from functools import partial
from typing import Any, TextIO, assert_never

from bot.app.terminal import heard_input, heard_signals
from bot.cli.terminal.screen import Screen
from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import JobId
from bot.features.ordering import CancelAnswer, CancelledForCertain, Ordering
from bot.features.terminal_jobs import OPERATOR_ID


class Sign(Enum):
    """What the person signals."""

    INTERRUPT = "interrupt"
    """Ctrl-C."""
    YES = "yes"
    NO = "no"
    GONE = "gone"
    """No person can answer, or the process was told to end."""


class PersonAtTerminal:
    """Receives signals and lines while `listening`."""

    def __init__(self, *, stdin: TextIO | None) -> None:
        self._stdin = stdin
        self._signs: asyncio.Queue[Sign] = asyncio.Queue()

    @contextmanager
    def listening(self) -> Generator[None]:
        """Receive Ctrl-C and SIGTERM; afterwards they are ignored, since everything is closing."""
        put = self._signs.put_nowait
        with heard_signals(
            {
                signal.SIGINT: partial(put, Sign.INTERRUPT),
                signal.SIGTERM: partial(put, Sign.GONE),
            }
        ):
            yield

    async def interrupts(self) -> Sign:
        """The next Ctrl-C, or GONE."""
        return await self._signs.get()

    async def answers(self) -> Sign:
        """Whether the next line that is typed is a yes; anything else is a no."""
        line = await self._line()
        if not line:
            return Sign.GONE
        said = line.decode(errors="replace").strip().casefold()
        return Sign.YES if said in {"y", "yes"} else Sign.NO

    async def _line(self) -> bytes:
        """One line; empty where no one can be typed."""
        line: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def typed(data: bytes) -> bool:
            if not line.done():
                line.set_result(data)
            return False

        try:
            number = self._stdin.fileno() if self._stdin is not None else -1
            with heard_input(number, typed):
                return await line
        except (OSError, ValueError):
            return b""


class HowItEnded(Enum):
    """Why the wait ended."""

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
    """The first sign; None when the job is over, which takes precedence."""
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
            pass  # the line says so as soon as the watch has seen it
        case Denied():
            screen.refuse(answer)
        case _:
            assert_never(answer)
