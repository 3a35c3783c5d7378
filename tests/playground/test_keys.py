"""Keys are heard one by one from a terminal or a pipe, and their absence harms nothing."""

import asyncio
import os
import pty
import termios
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from io import FileIO
from pathlib import Path
from typing import TextIO

import pytest

from bot.playground.play import heard
from tests.patience import PATIENCE_S


@dataclass(frozen=True, slots=True)
class Line:
    """Two ends: one to listen at, one to write into."""

    stdin: TextIO
    keyboard: FileIO


@pytest.fixture
def pipe() -> Generator[Line]:
    readable, writable = os.pipe()
    with os.fdopen(readable) as stdin, FileIO(writable, "w") as keyboard:
        yield Line(stdin, keyboard)


@pytest.fixture
def terminal() -> Generator[Line]:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stdin, FileIO(ours, "w") as keyboard:
        yield Line(stdin, keyboard)


class Presses:
    """What was heard, in order."""

    def __init__(self, *keys: str) -> None:
        self._heard: asyncio.Queue[str] = asyncio.Queue()
        self.actions = {key: partial(self._heard.put_nowait, key) for key in keys}

    async def next(self, count: int) -> str:
        """Wait for so many more."""
        async with asyncio.timeout(PATIENCE_S):
            return "".join([await self._heard.get() for _ in range(count)])

    @property
    def nothing_more(self) -> bool:
        return self._heard.empty()


async def is_listened_to(stdin: TextIO) -> bool:
    """Whether it still is after all that is there to hear; asking takes the listener away."""
    for _ in range(3):
        await asyncio.sleep(0)
    return asyncio.get_running_loop().remove_reader(stdin)


async def test_the_action_of_a_key_is_called_and_other_keys_are_nothing(terminal: Line) -> None:
    presses = Presses("r", "q")
    with heard(terminal.stdin, presses.actions):
        terminal.keyboard.write(b"x\xffr")
        assert await presses.next(1) == "r"
        terminal.keyboard.write(b"rq")
        assert await presses.next(2) == "rq"
        assert presses.nothing_more
        assert await is_listened_to(terminal.stdin)


async def test_a_terminal_tells_keys_unseen_and_is_put_back_afterwards(terminal: Line) -> None:
    local_modes = 3
    former = termios.tcgetattr(terminal.stdin)
    with heard(terminal.stdin, {}):
        listening = termios.tcgetattr(terminal.stdin)
    assert former[local_modes] & termios.ECHO
    assert not listening[local_modes] & (termios.ECHO | termios.ICANON)
    assert listening[local_modes] & termios.ISIG, "Ctrl-C ends as ever"
    assert termios.tcgetattr(terminal.stdin) == former


@pytest.mark.parametrize("kind", ["terminal", "pipe"])
async def test_what_ends_is_let_go(kind: str, request: pytest.FixtureRequest) -> None:
    line: Line = request.getfixturevalue(kind)
    presses = Presses("r")
    with heard(line.stdin, presses.actions):
        line.keyboard.write(b"r\nr\n")
        assert await presses.next(2) == "rr"
        line.keyboard.close()
        assert not await is_listened_to(line.stdin)


async def test_a_file_and_no_input_at_all_are_no_trouble(tmp_path: Path) -> None:
    presses = Presses("r")
    (tmp_path / "keys").write_text("r")
    with (tmp_path / "keys").open() as file, heard(file, presses.actions):
        assert not await is_listened_to(file)
    with heard(None, presses.actions):
        await asyncio.sleep(0)
    assert presses.nothing_more
