"""The person at the terminal: presses Ctrl-C, answers a question, or has gone."""

import asyncio
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum
from typing import Final, TextIO

_LINE_BYTES: Final = 1_024


class Sign(Enum):
    """What a person gives to understand."""

    INTERRUPT = "interrupt"
    """Ctrl-C."""
    YES = "yes"
    NO = "no"
    GONE = "gone"
    """Nobody is there to answer, or the process is told to end."""


class PersonAtTerminal:
    """Hears signals and lines while `listening`."""

    def __init__(self, *, stdin: TextIO | None) -> None:
        self._stdin = stdin
        self._signs: asyncio.Queue[Sign] = asyncio.Queue()

    @contextmanager
    def listening(self) -> Generator[None]:
        """Hear Ctrl-C and SIGTERM; afterwards they are ignored, since all is being put down."""
        loop = asyncio.get_running_loop()
        heard = {signal.SIGINT: Sign.INTERRUPT, signal.SIGTERM: Sign.GONE}
        for number, sign in heard.items():
            loop.add_signal_handler(number, self._signs.put_nowait, sign)
        try:
            yield
        finally:
            for number in heard:
                loop.remove_signal_handler(number)
                signal.signal(number, signal.SIG_IGN)

    async def interrupts(self) -> Sign:
        """The next Ctrl-C, or GONE."""
        return await self._signs.get()

    async def answers(self) -> Sign:
        """What is typed as an answer, by line: yes, or anything else for no."""
        line = await self._line()
        if not line:
            return Sign.GONE
        said = line.decode(errors="replace").strip().casefold()
        return Sign.YES if said in {"y", "yes"} else Sign.NO

    async def _line(self) -> bytes:
        """One line; empty where nobody can type one."""
        loop = asyncio.get_running_loop()
        got: asyncio.Future[bytes] = loop.create_future()
        try:
            number = self._stdin.fileno() if self._stdin is not None else -1
            # By the loop and not by a thread, which nothing could call back from its wait.
            loop.add_reader(number, _read_into, got, number)
        except (OSError, ValueError):
            return b""
        try:
            return await got
        finally:
            loop.remove_reader(number)


def _read_into(got: asyncio.Future[bytes], number: int) -> None:
    if not got.done():
        got.set_result(os.read(number, _LINE_BYTES))
