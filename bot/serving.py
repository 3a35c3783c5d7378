"""Serves: runs the assembled bot until it is told to stop, and says in a sentence why it cannot."""

import asyncio
import logging
import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

import aiohttp
import discord

from bot.app import App, assembled
from bot.client import KlingBot, KlingWorker
from bot.clock import SystemClock
from bot.foundation import database_url
from bot.garbage import collect_seldom
from bot.operated import warn_if_unlimited
from bot.settings import Settings
from bot.shards.client import ShardedKlingBot
from bot.shards.gateway import serve_shards
from bot.shards.plan import ShardPlan
from bot.shards.session_starts import wait_if_scarce
from bot.shards.slots import CountsDiffer, SlotsLost

logger = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
AUTHENTICATION_FAILED = 4004
"""The gateway's close code for a token that was reset after the log-in."""
MISSING_ACCESS = 50001
NOT_ACCEPTED = "Discord does not accept DISCORD_TOKEN: copy it again from the Developer Portal."


class NotServed(Exception):  # noqa: N818 - says what is so, not what went wrong
    """Discord cannot be reached, or does not take the bot; the text is a sentence of what to do."""


async def run(settings: Settings, *, shards: ShardPlan | None = None) -> None:
    """Run the real bot until SIGTERM or Ctrl-C; then drain: no job is cancelled or lost.

    With `shards` it serves its part of Discord's shards, and what other processes leave.

    Raises:
        NotServed: Discord cannot be reached, or does not take the bot.
        DataFolderInUse: another process works on the same data folder.
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    collect_seldom()
    with _stop_signal() as stopping:
        client = KlingBot if shards is None else ShardedKlingBot
        async with assembled(settings, client=client) as app:
            with _told_in_a_sentence():
                await _serve(app, settings=settings, shards=shards, stopping=stopping)
        logger.info("stopped")


async def work(settings: Settings) -> None:
    """Watch and deliver jobs until SIGTERM or Ctrl-C, without a gateway: others hear commands.

    Raises:
        NotServed: Discord does not take the bot, or there is nobody to share the work with.
        DataFolderInUse: another process works on the same data folder.
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    if database_url(settings).startswith("sqlite"):
        raise NotServed(
            "Several processes share a PostgreSQL database: set DATABASE_URL. With SQLite, "
            "`python -m bot run` does all the work."
        )
    with _stop_signal() as stopping:
        async with assembled(settings, client=KlingWorker) as app:
            with _told_in_a_sentence():
                token = settings.discord_token.get_secret_value()
                logging_in = asyncio.create_task(app.bot.login(token), name="log-in")
                if await _done(logging_in, unless=stopping):
                    # No gateway of its own is no reason to call it unready.
                    app.bot.dispatch("stand_by")
                    await app.engine.start()
                    logger.info("working: jobs are watched and delivered from here")
                    await stopping.wait()
                logging_in.cancel()
                logger.info("stopping: jobs in flight are finished or handed on")
        logger.info("stopped")


async def _serve(
    app: App, *, settings: Settings, shards: ShardPlan | None, stopping: asyncio.Event
) -> None:
    token = settings.discord_token.get_secret_value()
    logging_in = asyncio.create_task(app.bot.login(token), name="log-in")
    if await _done(logging_in, unless=stopping):
        await app.engine.start()
        warning = asyncio.create_task(warn_if_unlimited(app.bot, settings), name="limits")
        gateway = asyncio.create_task(_connect(app.bot, settings, shards), name="gateway")
        # Left open when told to stop: who asks for something meanwhile is told so.
        await _done(gateway, unless=stopping)
        warning.cancel()
        if shards is not None:
            # But what others can serve at once is left at once.
            gateway.cancel()
            await asyncio.wait({gateway})
    logging_in.cancel()
    logger.info("stopping: jobs in flight are finished or left for the next start")


async def _connect(bot: KlingBot, settings: Settings, shards: ShardPlan | None) -> None:
    clock = SystemClock()
    recommended, _, said = await bot.http.get_bot_gateway()
    limits = discord.SessionStartLimits(**said)
    await wait_if_scarce(limits, clock=clock)
    if shards is None or not isinstance(bot, ShardedKlingBot):
        await bot.connect()
        return
    await serve_shards(
        bot,
        plan=shards,
        recommended=recommended,
        max_concurrency=limits.max_concurrency,
        database_url=database_url(settings),
        clock=clock,
    )


async def _done(work: asyncio.Task[None], *, unless: asyncio.Event) -> bool:
    """Wait for `work`, and raise what it raises; False when `unless` was sooner."""
    sooner = asyncio.create_task(unless.wait(), name="stop signal")
    await asyncio.wait({work, sooner}, return_when=asyncio.FIRST_COMPLETED)
    sooner.cancel()
    if not work.done():
        return False
    await work
    return True


@contextmanager
def _stop_signal() -> Generator[asyncio.Event]:
    """Set by SIGTERM and Ctrl-C, the first time; what comes later has nothing to add.

    Not by the loop's own handlers: they end with the loop, and an impatient second Ctrl-C would
    find the interpreter on its way out and leave a traceback.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        loop.call_soon_threadsafe(stopping.set)

    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    try:
        yield stopping
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def _told_in_a_sentence() -> Generator[None]:
    """Turn what discord.py raises when it cannot serve into what an operator can do about it."""
    try:
        yield
    except discord.LoginFailure as error:
        raise NotServed(NOT_ACCEPTED) from error
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:
            raise NotServed(NOT_ACCEPTED) from error
        raise NotServed(f"Discord ended the connection for good (code {error.code}).") from error
    except (CountsDiffer, SlotsLost) as reason:
        raise NotServed(str(reason)) from reason
    except discord.GatewayNotFound as error:
        raise NotServed("Discord does not say how to connect. Try again.") from error
    except discord.HTTPException as error:
        if error.code == MISSING_ACCESS:
            raise NotServed(
                "Discord lets the bot register no commands in the server of DEV_GUILD_ID: "
                "invite it there."
            ) from error
        raise NotServed(f"Discord answers HTTP {error.status}. Please try again later.") from error
    except (aiohttp.ClientError, OSError) as error:
        reason = type(error).__name__
        raise NotServed(f"Discord cannot be reached ({reason}). Please try again.") from error
