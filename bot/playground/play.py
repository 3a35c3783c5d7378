"""`python -m bot play`: the bot in a simulated Discord, in the browser, in real time.

Nothing here reaches beyond this machine, and nothing costs money.
"""

import asyncio
import os
import signal
import sys
import tempfile
import termios
import tty
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from simcord.preview import Preview

from bot.clock import SystemClock
from bot.generation.ports import Clock
from bot.logs import configure_logging
from bot.playground.runcomfy_server import WORDS
from bot.playground.videos import VideoLibrary
from bot.playground.world import World, open_world

TICK_S = 0.25
FRESH_TIMES_S = 15.0
"""How often an unchanged page is redrawn for its "2 minutes ago" while a job is live."""

FIRST_COMMAND = "/kling prompt:a red kite over the sea duration:5 aspect:16:9"


@dataclass(frozen=True, slots=True)
class Stage:
    """The furnished part of the simulated Discord."""

    channel: simcord.ChannelHandle
    viewers: tuple[simcord.MemberActor, ...]
    guide: simcord.MemberActor


async def play(*, data_dir: Path | None, port: int) -> None:
    """Open the playground and serve it until Ctrl-C; without `data_dir` nothing is kept."""
    configure_logging(level="WARNING", secrets=())
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="kling-playground-") as folder:
        videos = VideoLibrary(folder=Path(folder) / "videos")
        async with open_world(
            clock=clock, data_dir=data_dir or Path(folder) / "data", videos=videos
        ) as world:
            world.env.backend.advance_clock(_behind_s(world.env, clock))
            stage = furnish(world.env)
            await world.log_in()
            await stage.guide.send(stage.channel, guide_text())
            await _serve(world, stage, clock=clock, port=port)


def furnish(env: simcord.Env) -> Stage:
    """A server with one channel and three people who may do different things."""
    guild = env.create_guild("Kite Club")
    channel = guild.create_text_channel("videos")
    moderators = guild.create_role(
        "Moderators",
        permissions=discord.Permissions(manage_messages=True, manage_guild=True),
    )
    you = guild.add_member(env.create_user("you"))
    moderator = guild.add_member(env.create_user("moderator"), roles=[moderators])
    stranger = guild.add_member(env.create_user("stranger"))
    guide = guild.add_member(env.create_user("guide", bot=True))
    return Stage(channel=channel, viewers=(you, moderator, stranger), guide=guide)


def guide_text() -> str:
    """What the page says first; the words come from the stand-in itself."""
    words = "\n".join(f"- **{word}**: {meaning}" for word, (meaning, _) in WORDS.items())
    return (
        f"Type `{FIRST_COMMAND}` below and watch the card. Press Cancel while it is queued. "
        "Switch the viewer to be a moderator or a stranger.\n"
        f"A word in the prompt chooses what RunComfy's stand-in does:\n{words}"
    )


class Page:
    """The browser page, kept in step with the world; one operation on the world at a time."""

    def __init__(self, *, world: World, preview: Preview, clock: Clock) -> None:
        self._world = world
        self._preview = preview
        self._clock = clock
        self._turn = asyncio.Lock()
        self._drawn_events = -1
        self._drawn_at = clock.now()
        # SimCord refuses a browser's action while time is being moved on, where a person would
        # only see an error. The page's actions wait for their turn instead.
        act: Callable[..., Awaitable[dict[str, Any]]] = preview._action  # noqa: SLF001 - SimCord has no public seam here; its version is pinned

        async def act_in_turn(*args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on as it is
            async with self._turn:
                return await act(*args, **kwargs)

        preview._action = act_in_turn  # noqa: SLF001 - as above

    async def keep_in_step(self) -> None:
        """Move the simulated time with the real one, and redraw the page after changes."""
        while True:
            await self._clock.sleep(TICK_S)
            async with self._turn:
                # A handler that takes long only delays the redraw.
                with suppress(TimeoutError):
                    await self._world.env.advance_time(_behind_s(self._world.env, self._clock))
                    await self._redraw()

    async def restart_bot(self) -> None:
        """Restart the bot alone."""
        async with self._turn:
            await self._world.restart_bot()

    async def _redraw(self) -> None:
        # A redraw makes an action chosen on the former page out of date: only when there is news.
        events = len(self._world.env.backend.transcript)
        waited_s = (self._clock.now() - self._drawn_at).total_seconds()
        times_age = bool(self._world.app.engine.watching) and waited_s >= FRESH_TIMES_S
        if events == self._drawn_events and not times_age:
            return
        await self._preview.refresh()
        self._drawn_events = events
        self._drawn_at = self._clock.now()


async def _serve(world: World, stage: Stage, *, clock: Clock, port: int) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    async with world.env.preview(
        stage.channel, viewers=stage.viewers, layout="channel", port=port
    ) as preview:
        page = Page(world=world, preview=preview, clock=clock)
        ticking = asyncio.create_task(page.keep_in_step())
        _say(f"The playground is open: {preview.url}")
        _say(f"Try: {FIRST_COMMAND}")
        _say("Keys: r restarts the bot in the middle of its work, Ctrl-C ends.")
        with _keys(page, stopping):
            closed = asyncio.create_task(preview.wait_closed())
            stopped = asyncio.create_task(stopping.wait())
            await asyncio.wait({ticking, closed, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for task in (ticking, closed, stopped):
            task.cancel()
        await asyncio.gather(ticking, closed, stopped, return_exceptions=True)
    _say("The playground is closed.")


@contextmanager
def _keys(page: Page, stopping: asyncio.Event) -> Generator[None]:
    """Hear single keys of the terminal, if there is one."""
    loop = asyncio.get_running_loop()
    restarts: set[asyncio.Task[None]] = set()

    def pressed() -> None:
        keys = os.read(sys.stdin.fileno(), 16)
        if b"r" in keys:
            task = asyncio.create_task(_restart(page))
            restarts.add(task)
            task.add_done_callback(restarts.discard)
        if b"q" in keys:
            stopping.set()
        if not keys:  # the terminal went away
            loop.remove_reader(sys.stdin)

    is_terminal = sys.stdin.isatty()
    former = termios.tcgetattr(sys.stdin) if is_terminal else None
    if is_terminal:
        tty.setcbreak(sys.stdin)
    # A file or nothing at all as standard input cannot be listened to.
    with suppress(OSError, ValueError):
        loop.add_reader(sys.stdin, pressed)
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            loop.remove_reader(sys.stdin)
        if former is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, former)


async def _restart(page: Page) -> None:
    await page.restart_bot()
    _say("The bot was restarted; its jobs go on.")


def _behind_s(env: simcord.Env, clock: Clock) -> float:
    """How far the simulated time is behind the real one; it starts in the past."""
    return max(0.0, (clock.now() - env.now()).total_seconds())


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
