"""Serves Discord on this process's shards, until cancelled or until other processes have them."""

import asyncio
import logging
from typing import Final

from bot.domain.ports import Clock, StoreUnavailable
from bot.shards.client import ShardedKlingBot
from bot.shards.plan import AnyShards, ShardPlan
from bot.shards.reconnects import Reconnects
from bot.shards.slots import ShardSlots
from bot.storage.advisory import LockKind, advisory_session

logger = logging.getLogger(__name__)

HELD_S: Final = 5.5
"""Discord counts five seconds between arrivals, this process between what it sends."""


class IdentifyPacing:
    """Turns at identifying, each a lock in PostgreSQL that is held until its time is over.

    A process that dies releases its turn at once; Discord then refuses a shard that identifies too
    early, and that shard retries.
    """

    def __init__(self, *, database_url: str, max_concurrency: int, clock: Clock) -> None:
        self._database_url = database_url
        self._max_concurrency = max_concurrency
        self._clock = clock
        self._turns: set[asyncio.Task[None]] = set()

    async def turn(self, shard_id: int) -> None:
        """Wait for the shard's turn, which goes on after this has returned."""
        begun = asyncio.Event()
        holding = asyncio.create_task(
            self._hold(shard_id % self._max_concurrency, begun), name=f"identify {shard_id}"
        )
        self._turns.add(holding)
        holding.add_done_callback(self._turns.discard)
        try:
            await begun.wait()
        except asyncio.CancelledError:
            holding.cancel()
            raise

    async def close(self) -> None:
        """Give up every turn."""
        turns = tuple(self._turns)
        for turn in turns:
            turn.cancel()
        await asyncio.gather(*turns, return_exceptions=True)

    async def _hold(self, bucket: int, begun: asyncio.Event) -> None:
        try:
            async with advisory_session(self._database_url) as session:
                await session.lock(LockKind.IDENTIFY, bucket)
                begun.set()
                await self._clock.sleep(HELD_S)
        except StoreUnavailable:
            # Serving matters more: alone, a process is slow enough, and Discord refuses the rest.
            logger.warning("the database can't keep turns at identifying; using our own clock")
            await self._clock.sleep(HELD_S)
        finally:
            begun.set()


async def serve_shards(
    bot: ShardedKlingBot,
    *,
    plan: ShardPlan | None,
    recommended: int,
    max_concurrency: int,
    database_url: str,
    clock: Clock,
) -> None:
    """Connect a logged-in bot; when cancelled, leave the gateway first and then the slots.

    Discord says how many shards are `recommended`, and how many may identify at once. Without a
    plan this process serves all of them, as it does with `auto` on SQLite, which allows only one
    process.

    Raises:
        SlotsLost, CountsDiffer: other processes serve what this one would.
        DatabaseUnusable: the database cannot share shards among processes.
        discord.DiscordException, OSError: as `connect` of the library.
    """
    reconnects = Reconnects(ask_limits=bot.fetch_session_start_limits, clock=clock)
    if plan is None or (isinstance(plan, AnyShards) and database_url.startswith("sqlite")):
        bot.take(range(recommended), count=recommended, identify_turn=None, reconnects=reconnects)
        await bot.connect()
        return
    slots = ShardSlots(database_url=database_url, plan=plan, recommended=recommended, clock=clock)
    pacing = IdentifyPacing(database_url=database_url, max_concurrency=max_concurrency, clock=clock)
    keeping = asyncio.create_task(slots.keep(), name="shard slots")
    serving = asyncio.create_task(
        _serve(bot, slots, pacing=pacing, reconnects=reconnects), name="shards"
    )
    try:
        await until_one_ends(keeping, serving)
    finally:
        # In this order: a process that takes over a slot finds its shard disconnected.
        await _ended(serving)
        await bot.leave()
        await _ended(keeping)
        await pacing.close()


async def _serve(
    bot: ShardedKlingBot, slots: ShardSlots, *, pacing: IdentifyPacing, reconnects: Reconnects
) -> None:
    # A spare process waits here, perhaps for months.
    bot.stand_by()
    shard_ids = await slots.taken()
    bot.take(shard_ids, count=slots.count, identify_turn=pacing.turn, reconnects=reconnects)
    connecting = asyncio.create_task(bot.connect(), name="gateway")
    taking_over = asyncio.create_task(_take_over(bot, slots), name="taking over")
    try:
        await until_one_ends(connecting, taking_over)
    finally:
        await _ended(taking_over)
        await _ended(connecting)


async def until_one_ends(*tasks: asyncio.Task[None]) -> None:
    """Wait for the first to end, and raise its error; of several at once no error is lost."""
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        if task.done():
            task.result()


async def _take_over(bot: ShardedKlingBot, slots: ShardSlots) -> None:
    while True:
        for shard_id in await slots.taken():
            await bot.take_over(shard_id)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    # Its own error was raised already; any other comes from its cancellation.
    await asyncio.gather(task, return_exceptions=True)
