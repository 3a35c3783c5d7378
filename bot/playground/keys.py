"""Single keys of the terminal; where there is no terminal, nothing is heard and nothing fails."""

import asyncio
import os
import termios
import tty
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from typing import TextIO


@contextmanager
def heard(stdin: TextIO | None, actions: Mapping[str, Callable[[], None]]) -> Generator[None]:
    """Call what belongs to a key when it is pressed, or when its letter comes through a pipe.

    `stdin` is None where standard input was closed: its number may be anybody's by now.
    """
    if stdin is None:
        yield
        return
    fd = stdin.fileno()
    loop = asyncio.get_running_loop()

    def pressed() -> None:
        if not _may_be_touched(fd):
            return
        keys = _read(fd)
        if not keys:  # the terminal went away, or the pipe ended
            loop.remove_reader(fd)
        for key in keys:
            if key in actions:
                actions[key]()

    with _single_keys(fd):
        # A file cannot be waited for.
        with suppress(PermissionError):
            loop.add_reader(fd, pressed)
        try:
            yield
        finally:
            loop.remove_reader(fd)


@contextmanager
def _single_keys(fd: int) -> Generator[None]:
    """Have keys told one by one and unseen, instead of by the line."""
    if not os.isatty(fd) or not _may_be_touched(fd):
        yield
        return
    former = termios.tcgetattr(fd)
    tty.setcbreak(fd)
    try:
        yield
    finally:
        # The terminal may be gone, or another program's by now.
        if _may_be_touched(fd):
            with suppress(termios.error):
                termios.tcsetattr(fd, termios.TCSADRAIN, former)


def _may_be_touched(fd: int) -> bool:
    """Whether touching it is harmless: a terminal stops those who do so from the background."""
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:  # it is not the terminal that could stop us, or none at all
        return True


def _read(fd: int) -> str:
    try:
        return os.read(fd, 64).decode(errors="replace")
    except OSError:
        return ""
