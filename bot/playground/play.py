"""`python -m bot play`: the bot in a simulated Discord, in the browser, in real time.

Nothing here reaches beyond this machine, and nothing costs money.
"""

import asyncio
import logging
import os
import signal
import tempfile
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import discord
import simcord
import typer
from simcord.preview import Preview

from bot import settings_checks
from bot.clock import SystemClock
from bot.data_lock import DataFolderInUse
from bot.generation.ports import Clock, StoreUnavailable
from bot.playground.keys import heard
from bot.playground.page import Page, behind_s
from bot.playground.runcomfy_words import WORDS
from bot.playground.videos import VideoLibrary
from bot.playground.world import World, open_world
from bot.storage import DatabaseUnusable

logger = logging.getLogger(__name__)

FIRST_COMMAND = "/kling prompt:a red kite over the sea duration:5 aspect:16:9"


class CannotPlay(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The playground cannot open or go on; the text says in a sentence why, and what to do."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The furnished part of the simulated Discord."""

    channel: simcord.ChannelHandle
    viewers: tuple[simcord.MemberActor, ...]
    guide: simcord.MemberActor


async def play(*, data_dir: Path | None, port: int, stdin: TextIO | None) -> None:
    """Open the playground and serve it until Ctrl-C; without `data_dir` nothing is kept.

    `stdin` is where keys are heard, a terminal or a pipe; None where there is neither.

    Raises:
        CannotPlay: a folder or the port is not to be had, or a restart failed.
    """
    clock = SystemClock()
    ended = _ended_by_signal()
    async with AsyncExitStack() as stack:
        world = await _open_world(stack, clock=clock, data_dir=data_dir)
        world.env.backend.advance_clock(behind_s(world.env, clock))
        stage = furnish(world.env)
        await world.log_in()
        await stage.guide.send(stage.channel, guide_text())
        preview = await _open_preview(stack, world=world, stage=stage, port=port)
        page = Page(world=world, preview=preview, clock=clock)
        await _serve(page, preview, ended=ended, stdin=stdin)
    _say("The playground is closed.")


def furnish(env: simcord.Env) -> Stage:
    """A server with one channel and three people who may do different things."""
    env.backend.edit_bot_profile("Kling")
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
        f"Type or paste `{FIRST_COMMAND}` below, press Enter and watch the card. "
        "Press Cancel while it is queued. Be somebody else with *Viewing as* above. "
        "Press `r` in the terminal to restart the bot in the middle of its work.\n"
        f"A word in the prompt chooses what RunComfy's stand-in does with it:\n{words}"
    )


async def _open_world(stack: AsyncExitStack, *, clock: Clock, data_dir: Path | None) -> World:
    try:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kling-playground-")))
        kept = folder / "data" if data_dir is None else settings_checks.data_dir(data_dir)
        videos = VideoLibrary(folder=folder / "videos")
        world = open_world(clock=clock, data_dir=kept, videos=videos)
        return await stack.enter_async_context(world)
    except ValueError as reason:
        raise CannotPlay(f"--data-dir {reason}") from reason
    except DataFolderInUse as reason:
        raise CannotPlay(str(reason)) from reason
    except (StoreUnavailable, DatabaseUnusable) as reason:
        raise CannotPlay(f"The database cannot be used: {reason}") from reason
    except OSError as reason:
        raise CannotPlay(f"No file can be written: {reason.strerror}.") from reason


async def _open_preview(stack: AsyncExitStack, *, world: World, stage: Stage, port: int) -> Preview:
    preview = world.env.preview(stage.channel, viewers=stage.viewers, layout="channel", port=port)
    try:
        return await stack.enter_async_context(preview)
    except simcord.SetupError as reason:
        if not isinstance(reason.__cause__, OSError):
            raise
        raise CannotPlay(
            f"Port {port} cannot be had ({os.strerror(reason.__cause__.errno or 0)}): "
            "choose another one with --port, or leave that out."
        ) from reason


async def _serve(
    page: Page, preview: Preview, *, ended: asyncio.Future[None], stdin: TextIO | None
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

    with heard(stdin, {"r": restart, "q": lambda: _end(ended)}):
        _say(f"The playground is open. Its page is here:\n\n{preview.url}\n")
        _say(f"Try there: {FIRST_COMMAND}")
        _say("Keys here: r restarts the bot in the middle of its work, q or Ctrl-C ends.")
        await asyncio.wait({ticking, closed, ended}, return_when=asyncio.FIRST_COMPLETED)
    for task in (ticking, closed):
        task.cancel()
    # A bot that is half restarted could not be closed.
    await asyncio.gather(ticking, closed, *restarting, return_exceptions=True)
    if ended.done():
        ended.result()


async def _restart(page: Page, ended: asyncio.Future[None]) -> None:
    try:
        await page.restart_bot()
    except Exception:  # told to whoever pressed the key
        logger.exception("the bot could not be restarted")
        _end(ended, CannotPlay("The bot could not be restarted: this playground is over."))
    else:
        _say("The bot was restarted; its jobs go on.")


def _ended_by_signal() -> asyncio.Future[None]:
    loop = asyncio.get_running_loop()
    ended = loop.create_future()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, _end, ended)
    return ended


def _end(ended: asyncio.Future[None], because: CannotPlay | None = None) -> None:
    if ended.done():
        return
    if because is None:
        ended.set_result(None)
    else:
        ended.set_exception(because)


def _say(text: str) -> None:
    # Whoever read along may be gone, as the other end of a pipe after Ctrl-C.
    with suppress(OSError):
        typer.echo(text)
