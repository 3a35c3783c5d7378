"""A person at a terminal: their signals and typed input, on any system, and a panel to read."""

import asyncio
import os
import signal
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from threading import Thread
from types import FrameType
from typing import Final

INPUT_MAX_BYTES: Final = 1_024
PANEL_WIDTH: Final = 100


def print_panel(title: str, rows: Mapping[str, str], *, below: str) -> None:
    """Print named rows in a frame, and below it a line that can be copied in one piece.

    A terminal that is gone gets nothing. The texts may come from strangers, if `on_one_line` was
    applied: no markup of theirs counts.
    """
    from rich.console import Console  # noqa: PLC0415 - loaded when wanted: it costs 30 ms and 5 MiB
    from rich.panel import Panel  # noqa: PLC0415 - see above
    from rich.table import Table  # noqa: PLC0415 - see above
    from rich.text import Text  # noqa: PLC0415 - see above

    console = Console()
    grid = Table.grid(padding=(0, 2))
    for name, text in rows.items():
        grid.add_row(Text(name, style="bold"), Text(text, overflow="fold"))
    width = min(console.width, PANEL_WIDTH)
    with suppress(OSError, UnicodeError):
        console.print(Panel(grid, title=title, title_align="left", width=width))
        console.print(Text(below), soft_wrap=True)


def signals_named(*names: str) -> tuple[signal.Signals, ...]:
    """Those of these signals that this system has."""
    return tuple(one for one in signal.Signals if one.name in names)


@contextmanager
def heard_signals(actions: Mapping[signal.Signals, Callable[[], object]]) -> Generator[None]:
    """Call each signal's action on the running loop; afterwards they are ignored.

    It does not use the loop's own handlers: Windows has none, and they end with the loop, so that
    an impatient second Ctrl-C would reach the interpreter at its exit and leave a traceback.
    """
    loop = asyncio.get_running_loop()

    def heard(number: int, frame: FrameType | None) -> None:
        del frame
        loop.call_soon_threadsafe(actions[signal.Signals(number)])

    for number in actions:
        signal.signal(number, heard)
    try:
        yield
    finally:
        for number in actions:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def heard_input(
    fd: int, got: Callable[[bytes], bool], *, may_read: Callable[[], bool] = lambda: True
) -> Generator[None]:
    """Call `got` on the running loop with what is typed, and with b"" at its end, while it is True.

    What comes while `may_read` is False stays unread.

    Raises:
        OSError, ValueError: nothing can be typed there.
    """
    loop = asyncio.get_running_loop()

    def readable() -> None:
        if may_read() and not got(read_from(fd)):
            loop.remove_reader(fd)

    try:
        loop.add_reader(fd, readable)
    except NotImplementedError:  # Windows' loop waits for sockets alone
        Thread(target=_read_beside, args=(fd, got, loop), daemon=True, name="input").start()
        yield
        return
    try:
        yield
    finally:
        loop.remove_reader(fd)


def read_from(fd: int) -> bytes:
    """What is there to read; empty at the end, and where the terminal is gone."""
    try:
        return os.read(fd, INPUT_MAX_BYTES)
    except OSError:
        return b""


def _read_beside(fd: int, got: Callable[[bytes], bool], loop: asyncio.AbstractEventLoop) -> None:
    # What nothing can cancel ends with the process. The loop may be closed by then.
    with suppress(RuntimeError):
        while data := read_from(fd):
            loop.call_soon_threadsafe(got, data)
        loop.call_soon_threadsafe(got, b"")
