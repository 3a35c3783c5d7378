"""How long a shard waits before it reconnects, so that the bot keeps its token.

The library reconnects at once after a session that Discord invalidates, or a resume that it ends.
Discord resets the token of a bot that identifies more than 1,000 times a day, or that starts more
sessions than `session_start_limit` allows.
https://discord.com/developers/docs/events/gateway#session-start-limit-object
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import discord
from discord.shard import EventItem, EventType

from bot.domain.ports import Clock

logger = logging.getLogger(__name__)

SCARCE_SHARE: Final = 10
"""The last tenth of the day's starts is spread over the time until the limit resets."""
_SECOND: Final = timedelta(seconds=1)


async def wait_if_scarce(limits: discord.SessionStartLimits, *, clock: Clock) -> None:
    """Wait before a process connects, if others like it have used up nearly all starts."""
    left, renewed_after = limits.remaining, timedelta(milliseconds=limits.reset_after)
    if left > limits.total // SCARCE_SHARE:
        return
    pause = renewed_after / max(left, 1)
    logger.warning(
        "Discord lets this bot connect %d more times in the next %s, so it waits for %s: "
        "something has connected it again and again",
        left,
        timedelta(seconds=renewed_after // _SECOND),
        timedelta(seconds=pause // _SECOND),
    )
    await clock.sleep(pause.total_seconds())


LASTING_S: Final = 120.0
"""A connection that lasted so long was a good one. At one identify each, 720 fit into a day."""
FREE: Final = 2
"""Connections without a pause: the first, and the one after a regular end by Discord."""
LONGEST_PAUSE_S: Final = 300.0

Put = Callable[[EventItem], None]
SayLost = Callable[[int], None]
AskLimits = Callable[[], Awaitable[discord.SessionStartLimits]]
_CONNECTS_AGAIN: Final = (EventType.identify, EventType.resume, EventType.reconnect)
_IDENTIFIES: Final = (EventType.identify, EventType.reconnect)


class Reconnects:
    """Turns at connecting, by each shard's recent short-lived connections."""

    def __init__(self, *, ask_limits: AskLimits, clock: Clock) -> None:
        self._ask_limits = ask_limits
        self._clock = clock
        self._short_lived = dict[int, int]()
        self._since = dict[int, datetime]()

    async def turn(self, shard_id: int, *, is_new_session: bool) -> None:
        """Wait until the shard may connect."""
        short_lived = self._count(shard_id)
        if short_lived >= FREE:
            pause_s = min(2.0 ** (short_lived - FREE), LONGEST_PAUSE_S)
            logger.warning(
                "Discord ended the connection of shard %d soon after it began, %d times in a row; "
                "connecting again in %.0f s",
                shard_id,
                short_lived,
                pause_s,
            )
            await self._clock.sleep(pause_s)
        if short_lived and is_new_session:
            await self._wait_if_scarce()
        self._since[shard_id] = self._clock.now()

    def _count(self, shard_id: int) -> int:
        since = self._since.get(shard_id)
        if since is None or (self._clock.now() - since).total_seconds() >= LASTING_S:
            self._short_lived[shard_id] = 0
        else:
            self._short_lived[shard_id] += 1
        return self._short_lived[shard_id]

    async def _wait_if_scarce(self) -> None:
        try:
            limits = await self._ask_limits()
        except (discord.DiscordException, aiohttp.ClientError, OSError, LookupError) as error:
            # The growing pauses alone stay within Discord's limits.
            kind = type(error).__name__
            logger.warning("Discord doesn't say how often the bot may still connect (%s)", kind)
        else:
            await wait_if_scarce(limits, clock=self._clock)


class PacedQueue:
    """Wraps the library's queue of shards that reconnect, so that each waits for its turn.

    The library makes connections one after the other, so a shard that waited there would delay
    all others. `say_lost` is called at once, not only after the pause.
    """

    def __init__(self, put: Put, *, reconnects: Reconnects, say_lost: SayLost) -> None:
        self._put = put
        self._reconnects = reconnects
        self._say_lost = say_lost
        self._waiting: set[asyncio.Task[None]] = set()

    def __call__(self, item: EventItem) -> None:
        """Pass the item on at once, or when its shard may connect."""
        if item.type not in _CONNECTS_AGAIN or item.shard is None:
            self._put(item)
            return
        self._say_lost(item.shard.id)
        waiting = asyncio.create_task(self._after_turn(item, item.shard.id), name="reconnect")
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)

    def close(self) -> None:
        """Drop every item that waits."""
        for waiting in self._waiting:
            waiting.cancel()

    async def _after_turn(self, item: EventItem, shard_id: int) -> None:
        await self._reconnects.turn(shard_id, is_new_session=item.type in _IDENTIFIES)
        self._put(item)


def paced(launched: discord.ShardInfo, *, reconnects: Reconnects, say_lost: SayLost) -> PacedQueue:
    """Let a shard that the library has just launched wait for its turn at each reconnection."""
    shard = launched._parent  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see below
    # The library has no hook for this: it would reconnect by itself, without any pause.
    put = shard._queue_put  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see above
    queue = PacedQueue(put, reconnects=reconnects, say_lost=say_lost)
    shard._queue_put = queue  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see above
    return queue
