"""`python -m bot play`: the bot in a simulated Discord, in the browser, in real time.

Nothing here reaches beyond this machine, and nothing costs money.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TextIO

import simcord
import typer
from simcord.preview import Preview

from bot import settings_checks
from bot.app.terminal import heard_input, heard_signals, signals_named
from bot.domain.clock import SystemClock
from bot.domain.servers import BY_THE_BOT
from bot.playground.page import PlaygroundPage, behind_s
from bot.playground.stage import FIRST_COMMAND, SERVER_KEY, furnish
from bot.playground.videos import VideoLibrary
from bot.playground.world import open_world
from bot.storage.errors import in_a_sentence


@contextmanager
def heard(stdin: TextIO | None, actions: Mapping[str, Callable[[], None]]) -> Generator[bool]:
    """Call a key's function when the key is pressed, or its letter comes through a pipe.

    `stdin` is None where standard input was closed: another file may have its number by now. The
    result says whether a key at a terminal counts at once, and not with Enter.
    """
    if stdin is None:
        yield False
        return
    fd = stdin.fileno()

    def typed(data: bytes) -> bool:
        for key in data.decode(errors="replace"):
            if key in actions:
                actions[key]()
        return bool(data)  # or the terminal went away, or the pipe ended

    with _single_keys(fd) as at_once, ExitStack() as listening:
        # A file cannot be waited for.
        with suppress(PermissionError):
            listening.enter_context(heard_input(fd, typed, may_read=lambda: _may_be_touched(fd)))
        yield at_once


@contextmanager
def _single_keys(fd: int) -> Generator[bool]:
    """Read single keys without echo, instead of lines; False where that cannot be."""
    try:
        import termios  # noqa: PLC0415 - there is none on Windows
        import tty  # noqa: PLC0415 - likewise
    except ModuleNotFoundError:
        yield False
        return
    if not os.isatty(fd) or not _may_be_touched(fd):
        yield True
        return
    former = termios.tcgetattr(fd)
    tty.setcbreak(fd)
    try:
        yield True
    finally:
        # The terminal may be gone by now, or belong to another program.
        if _may_be_touched(fd):
            with suppress(termios.error):
                termios.tcsetattr(fd, termios.TCSADRAIN, former)


def _may_be_touched(fd: int) -> bool:
    """Whether using it is harmless: a terminal stops background processes that use it."""
    if not hasattr(os, "tcgetpgrp"):  # Windows stops none
        return True
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:  # it is not a terminal that could stop us
        return True


logger = logging.getLogger(__name__)


class CannotPlay(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The playground cannot open or go on; the text says in a sentence why, and what to do."""


async def play(
    *,
    data_dir: Path | None,
    port: int,
    stdin: TextIO | None,
    open_page: Callable[[str], object] | None = None,
) -> None:
    """Open the playground and serve it until Ctrl-C; without `data_dir` nothing is kept.

    `stdin` is where keys are read, a terminal or a pipe; None where there is neither. `open_page`
    shows the page's address to a browser, in a thread of its own.

    Raises:
        CannotPlay: a folder or the port cannot be used, or a restart failed.
    """
    clock = SystemClock()
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with AsyncExitStack() as stack:
        ends = signals_named("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
        stack.enter_context(heard_signals(dict.fromkeys(ends, lambda: _end(ended))))
        with _explained():
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="kling-playground-")))
            videos = VideoLibrary(folder=folder / "videos")
            data = folder / "data" if data_dir is None else _usable(data_dir)
            world = await stack.enter_async_context(
                # The player acts as several people, and fast: requests need no pause between them,
                # and all people may ask everywhere.
                open_world(
                    clock=clock,
                    data_dir=data,
                    videos=videos,
                    changes={"cooldown_s": 0, "direct_messages": True},
                )
            )
        world.env.backend.advance_clock(behind_s(world.env, clock))
        stage = furnish(world.env)
        world.belong_to(stage.operator.user)
        world.server.other_keys[SERVER_KEY] = stage.guild.name
        await world.log_in()
        await world.app.bot.services.servers.change(
            stage.guild.id, {"showcase_channel_id": stage.showcase.id}, by_user_id=BY_THE_BOT
        )
        await stage.say_hello()
        world.join(stage.guild)
        await world.env.settle()
        preview = await stage.preview(videos=videos, port=port)
        with _explained():
            await stack.enter_async_context(preview)
        page = PlaygroundPage(world=world, stage=stage, preview=preview, clock=clock)
        if open_page is not None:
            # A browser may take long, or live as long as its window: nothing waits for it.
            Thread(target=open_page, args=(preview.url,), daemon=True).start()
        await _serve(page, preview, ended=ended, stdin=stdin)
    _say("The playground is closed.")


def has_a_browser(said_to: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether the person at this terminal has a browser before them, as far as can be told.

    Over SSH it would open on the other machine. Without a display, Python would take a browser of
    text, which takes the terminal.
    """
    if said_to is None or not said_to.isatty() or environment.get("SSH_CONNECTION"):
        return False
    has_always_one = sys.platform in {"darwin", "win32"}
    return has_always_one or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _usable(data_dir: Path) -> Path:
    try:
        return settings_checks.data_dir(data_dir)
    except ValueError as reason:
        raise CannotPlay(f"--data-dir {reason}") from reason


@contextmanager
def _explained() -> Generator[None]:
    """Explain in a sentence what this machine refuses."""
    try:
        with in_a_sentence(CannotPlay):
            yield
    except OSError as reason:
        raise CannotPlay(f"The playground can't write a file: {reason.strerror}.") from reason
    except simcord.SetupError as reason:
        if not isinstance(reason.__cause__, OSError):
            raise
        raise CannotPlay(
            f"The playground can't use this port ({os.strerror(reason.__cause__.errno or 0)}): "
            "choose another with --port, or leave --port out."
        ) from reason


async def _serve(
    page: PlaygroundPage, preview: Preview, *, ended: asyncio.Future[None], stdin: TextIO | None
) -> None:
    """Serve until Ctrl-C, a closed page, or a restart that failed."""
    ticking = asyncio.create_task(page.keep_in_step(), name="ticks")
    closed = asyncio.create_task(preview.wait_closed(), name="page closed")
    restarting: set[asyncio.Task[None]] = set()

    def restart() -> None:
        if not restarting:
            task = asyncio.create_task(_restart(page, ended), name="restart")
            restarting.add(task)
            task.add_done_callback(restarting.discard)

    with heard(stdin, {"r": restart, "q": lambda: _end(ended)}) as at_once:
        _say(f"The playground is open. Its page is here:\n\n{preview.url}\n")
        _say(f"Type this there: {FIRST_COMMAND}")
        press = "Keys here" if at_once else "Keys here, each with Enter"
        _say(f"{press}: r restarts the bot in the middle of its work, q or Ctrl-C ends this.")
        await asyncio.wait({ticking, closed, ended}, return_when=asyncio.FIRST_COMPLETED)
    for task in (ticking, closed):
        task.cancel()
    # A half-restarted bot could not be closed.
    await asyncio.gather(ticking, closed, *restarting, return_exceptions=True)
    if ended.done():
        ended.result()


async def _restart(page: PlaygroundPage, ended: asyncio.Future[None]) -> None:
    try:
        await page.restart_bot()
    except Exception:  # the person who pressed the key is told
        logger.exception("couldn't restart the bot")
        _end(ended, CannotPlay("The bot didn't start again, so the playground ends here."))
    else:
        _say("The bot has restarted. Its jobs go on.")


def _end(ended: asyncio.Future[None], because: CannotPlay | None = None) -> None:
    if ended.done():
        return
    if because is None:
        ended.set_result(None)
    else:
        ended.set_exception(because)


def _say(text: str) -> None:
    # The reader may be gone, such as the other end of a pipe after Ctrl-C.
    with suppress(OSError):
        typer.echo(text)
