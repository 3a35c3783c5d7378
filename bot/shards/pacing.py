"""One identify in five seconds for each of Discord's buckets, however many processes there are.

Discord lets `max_concurrency` shards identify at once, in buckets by `shard_id % max_concurrency`.
https://discord.com/developers/docs/events/gateway#sharding-max-concurrency
"""

import asyncio
import logging
from typing import Final

from bot.domain.ports import Clock, StoreUnavailable
from bot.storage.advisory import LockKind, advisory_session

logger = logging.getLogger(__name__)

HELD_S: Final = 5.5
"""Discord counts five seconds between what reaches it, and we from what we send."""


class IdentifyPacing:
    """Turns at identifying, each a lock in PostgreSQL that is held until its time is over.

    A process that dies lets go of its turn at once; Discord then refuses whoever comes too early,
    and that one tries again.
    """

    def __init__(self, *, database_url: str, max_concurrency: int, clock: Clock) -> None:
        self._database_url = database_url
        self._max_concurrency = max_concurrency
        self._clock = clock
        self._turns: set[asyncio.Task[None]] = set()

    async def turn(self, shard_id: int) -> None:
        """Wait for the shard's turn; it lasts on its own after this has returned."""
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
            # To serve matters more: alone, we are slow enough, and Discord refuses what is not.
            logger.warning("the database keeps no turns at identifying; going by our own clock")
            await self._clock.sleep(HELD_S)
        finally:
            begun.set()
