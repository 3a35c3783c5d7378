"""Single keys of the terminal; where there is no terminal, nothing is heard and nothing fails."""

import asyncio
import os
import sys
import termios
import tty
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress


@contextmanager
def heard(actions: Mapping[str, Callable[[], None]]) -> Generator[None]:
    """Call what belongs to a key when it is pressed, or when its letter comes through a pipe."""
    # A closed standard input is none at all, and its number may be anybody's by now.
    if sys.stdin is None or sys.stdin.closed:
        yield
        return
    fd = sys.stdin.fileno()
    loop = asyncio.get_running_loop()

    def pressed() -> None:
        if not _may_be_read(fd):
            return
        try:
            keys = os.read(fd, 64).decode(errors="replace")
        except OSError:
            keys = ""
        if not keys:  # the terminal went away, or the pipe ended
            loop.remove_reader(fd)
        for key in keys:
            if key in actions:
                actions[key]()

    with _single_keys(fd):
        # A file cannot be waited for; it would say all at once anyway.
        with suppress(OSError):
            loop.add_reader(fd, pressed)
        try:
            yield
        finally:
            loop.remove_reader(fd)


@contextmanager
def _single_keys(fd: int) -> Generator[None]:
    """Have keys told one by one and unseen, instead of by the line."""
    if not os.isatty(fd) or not _may_be_read(fd):
        yield
        return
    former = termios.tcgetattr(fd)
    tty.setcbreak(fd)
    try:
        yield
    finally:
        with suppress(termios.error):
            if _may_be_read(fd):
                termios.tcsetattr(fd, termios.TCSADRAIN, former)


def _may_be_read(fd: int) -> bool:
    """Whether it is no terminal, or ours: touching it from the background would stop us."""
    if not os.isatty(fd):
        return True
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:
        return False
