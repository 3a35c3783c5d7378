"""Runs the bot until a signal, and explains in a sentence why it cannot serve."""

import asyncio
import logging
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, cast

import discord

from bot import as_invoked
from bot.app.bot import App, build
from bot.app.foundation import database_url, key_check
from bot.app.terminal import heard_signals, print_panel
from bot.client import KlingBot
from bot.domain.clock import SystemClock
from bot.domain.denied import Denied
from bot.domain.figures import on_one_line, said_dollars, said_number
from bot.domain.generation.request import DURATION_DEFAULT_S
from bot.domain.money.keys import KeyRefusal, KeyTaken
from bot.domain.money.ledger import Caps
from bot.domain.money.policy import OperatorLimits
from bot.domain.money.price import Prices
from bot.domain.servers import EVERYWHERE
from bot.observability.garbage import collect_seldom
from bot.settings import Settings, unlimited_warning
from bot.shards.client import ShardedKlingBot
from bot.shards.gateway import serve_shards
from bot.shards.login import gateway_of, log_in
from bot.shards.plan import ShardPlan
from bot.shards.reconnects import wait_if_scarce
from bot.shards.slots import CountsDiffer, SlotsLost

logger = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
SHOWN: Final = 3
"""How many servers are named at a terminal."""
AUTHENTICATION_FAILED = 4004
"""The gateway's close code for a token that was reset after the log-in."""
DISALLOWED_INTENTS = 4014
NOT_MENDED_BY_RESTARTS = frozenset({4012, 4013})
"""The gateway's close codes for a version, or for intents, that it does not accept."""
NOT_ACCEPTED = "Discord doesn't accept DISCORD_TOKEN. Copy it again from the Developer Portal."
KEY_NOT_ACCEPTED = "RunComfy doesn't accept RUNCOMFY_API_KEY. Copy it again from your profile."


class NotServed(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The bot cannot serve, or go on; the text says in a sentence what to do."""


class NeverServed(NotServed):
    """A restart will not help either, until a person changes something."""


async def run(settings: Settings, *, shards: ShardPlan | None = None) -> None:
    """Run the real bot until SIGTERM or Ctrl-C; then drain: no job is cancelled or lost.

    With `shards` it serves its part of Discord's shards, and those that other processes leave.

    Raises:
        NotServed: Discord refuses the bot, or other processes serve its shards.
        DataFolderInUse: another process works on the same data folder.
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    with _stop_signal() as stopping:
        async with build(settings, client=ShardedKlingBot) as app:
            collect_seldom()
            with _told_in_a_sentence():
                await _serve(app, settings=settings, shards=shards, stopping=stopping)
        logger.info("stopped")


async def work(settings: Settings) -> None:
    """Watch and deliver jobs until SIGTERM or Ctrl-C; other processes have the gateway.

    Raises:
        NotServed: Discord refuses the bot, or processes cannot share the database.
        DataFolderInUse: another process works on the same data folder.
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    if database_url(settings).startswith("sqlite"):
        raise NeverServed(
            "Workers need a PostgreSQL database: set DATABASE_URL. With SQLite, "
            f"`{as_invoked('run')}` does all the work."
        )
    with _stop_signal() as stopping:
        async with build(settings) as app:
            collect_seldom()
            with _told_in_a_sentence():
                logging_in = asyncio.create_task(_log_in(app, settings), name="log-in")
                if await _done(logging_in, unless=stopping):
                    # A worker without a gateway is ready nonetheless.
                    app.bot.dispatch("stand_by")
                    await app.engine.start()
                    logger.info("working: watching and delivering jobs")
                    await stopping.wait()
                logging_in.cancel()
                logger.info("stopping: finishing jobs under way, or handing them on")
        logger.info("stopped")


async def _serve(
    app: App, *, settings: Settings, shards: ShardPlan | None, stopping: asyncio.Event
) -> None:
    logging_in = asyncio.create_task(_log_in(app, settings), name="log-in")
    if await _done(logging_in, unless=stopping):
        # Paid videos first, then people; the registration of commands delays neither.
        await app.engine.start()
        greeting = asyncio.create_task(_greet(app.bot, settings, shards), name="greeting")
        gateway = asyncio.create_task(_connect(app, settings, shards), name="gateway")
        registering = asyncio.create_task(app.registration.run(), name="commands")
        try:
            # The gateway stays open during a stop: people who ask for a video meanwhile are told.
            await _done(gateway, unless=stopping)
        finally:
            greeting.cancel()
            registering.cancel()
        if shards is not None:
            # But shards that other processes can serve at once are given up at once.
            gateway.cancel()
            await asyncio.wait({gateway})
    logging_in.cancel()
    logger.info("stopping: finishing jobs under way, or leaving them for the next start")


async def _log_in(app: App, settings: Settings) -> None:
    token = settings.discord_token.get_secret_value()
    await log_in(app.bot, token, clock=SystemClock(), proxy_url=settings.proxy_url)


async def _connect(app: App, settings: Settings, shards: ShardPlan | None) -> None:
    clock = SystemClock()
    recommended, limits = await gateway_of(app.bot, clock=clock)
    await wait_if_scarce(limits, clock=clock)
    await serve_shards(
        cast("ShardedKlingBot", app.bot),  # as `run` had it built
        plan=shards,
        recommended=recommended,
        max_concurrency=limits.max_concurrency,
        database_url=database_url(settings),
        clock=clock,
    )


async def _greet(bot: KlingBot, settings: Settings, shards: ShardPlan | None) -> None:
    """Once the servers are known: show how things stand, and log what needs the operator."""
    await bot.wait_until_ready()
    answer = await key_check(settings)(settings.runcomfy_api_key)
    left_microusd = answer.left_microusd if isinstance(answer, KeyTaken) else None
    is_refused = answer == Denied(KeyRefusal.REFUSED)
    total = settings.limits.total.and_also(bot.services.servers.known(EVERYWHERE).total_caps)
    if sys.stdout is not None and sys.stdout.isatty():
        rows = {
            "Bot": f"{bot.user} ({bot.application_id})",
            "Serves": _said_servers(bot, settings, shards),
            "Limits": _said_limits(settings.limits, total),
            "Balance": KEY_NOT_ACCEPTED if is_refused else _worth(left_microusd),
            "Stop": "Press Ctrl-C. RunComfy goes on, and the next start delivers its videos.",
        }
        # In a thread: rich takes a while to load, and a terminal can be held by Ctrl-S.
        await asyncio.to_thread(
            print_panel, "Kling bot is running", rows, below=f"Invite: {bot.invitation_url}"
        )
    else:
        logger.info("invite me: %s", bot.invitation_url)
    if is_refused:
        logger.warning("%s", KEY_NOT_ACCEPTED)
    if settings.limits_set or total.is_set:
        return
    paid = settings.allowed_servers
    warning = unlimited_warning(
        servers=sum(paid is None or guild.id in paid for guild in bot.guilds),
        direct_messages=settings.direct_messages,
        balance_microusd=left_microusd,
    )
    logger.warning("%s", warning)


def _said_servers(bot: KlingBot, settings: Settings, shards: ShardPlan | None) -> str:
    names = [on_one_line(guild.name or str(guild.id)) for guild in bot.guilds]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    which = f": {', '.join(names[:SHOWN])}{more}" if names else ", so far: invite it"
    parts = [
        said_number(len(names), "server") + which,
        *(["direct messages"] if settings.direct_messages else []),
        *(["other processes serve other shards"] if shards is not None else []),
    ]
    return "; ".join(parts)


def _said_limits(limits: OperatorLimits, total: Caps) -> str:
    said = {
        "in all": total,
        "for each server": limits.per_server,
        "for each member": limits.per_user,
    }
    parts = [f"{_said_caps(caps)} {whose}" for whose, caps in said.items() if caps.is_set]
    return "; ".join(parts) or "none. Set one in .env, such as TOTAL_LIMIT=5 USD/day"


def _said_caps(caps: Caps) -> str:
    said = (
        *((caps.day_microusd, said_dollars, "a day"), (caps.day_videos, _videos, "a day")),
        *((caps.month_microusd, said_dollars, "a month"), (caps.month_videos, _videos, "a month")),
    )
    return " and ".join(f"{say(most)} {period}" for most, say, period in said if most is not None)


def _videos(number: int) -> str:
    return said_number(number, "video")


def _worth(microusd: int | None) -> str:
    if microusd is None:
        return "RunComfy doesn't say"
    videos = _videos(microusd // Prices().usual_microusd)
    return f"{said_dollars(microusd)}, about {videos} of {DURATION_DEFAULT_S} s with sound"


async def _done(work: asyncio.Task[None], *, unless: asyncio.Event) -> bool:
    """Wait for `work`, and raise what it raises; False if `unless` was done sooner."""
    sooner = asyncio.create_task(unless.wait(), name="stop signal")
    await asyncio.wait({work, sooner}, return_when=asyncio.FIRST_COMPLETED)
    sooner.cancel()
    if not work.done():
        return False
    await work
    return True


@contextmanager
def _stop_signal() -> Generator[asyncio.Event]:
    """An event that the first SIGTERM or Ctrl-C sets; later ones change nothing."""
    stopping = asyncio.Event()
    with heard_signals(dict.fromkeys(STOP_SIGNALS, stopping.set)):
        yield stopping


@contextmanager
def _told_in_a_sentence() -> Generator[None]:
    """Turn what discord.py raises when it cannot serve into what an operator can do about it."""
    try:
        yield
    except discord.LoginFailure as error:
        raise NeverServed(NOT_ACCEPTED) from error
    except discord.PrivilegedIntentsRequired as error:
        raise NeverServed(_ended_for_good(DISALLOWED_INTENTS)) from error
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:
            raise NeverServed(NOT_ACCEPTED) from error
        kind = NeverServed if error.code in NOT_MENDED_BY_RESTARTS else NotServed
        raise kind(_ended_for_good(error.code)) from error
    except (CountsDiffer, SlotsLost) as reason:
        raise NotServed(str(reason)) from reason


def _ended_for_good(code: int) -> str:
    return f"Discord ended the connection for good (code {code})."
