"""One slot per shard: its holder serves the shard; a dead process's slots are taken over."""

import asyncio
import logging
from typing import Final

from bot.domain.ports import Clock, StoreUnavailable
from bot.shards.plan import ShardPlan, TheseShards, wanted
from bot.storage.advisory import IDLE_LIMIT_S, AdvisorySession, LockKind, advisory_session

logger = logging.getLogger(__name__)

BEAT_S: Final = 2.0
"""How often free slots are looked for; the same query keeps our own session alive."""
PRECEDENCE_BEATS: Final = 3
"""After a database outage the former holder of a slot has so many beats to take it back.

A process that began in the meantime leaves it alone for as many."""
_ANY: Final = 0


class SlotsLost(Exception):  # noqa: N818 - says what is so, not what went wrong
    """Other processes serve our shards by now: this process must stop serving them."""


class CountsDiffer(Exception):  # noqa: N818 - says what is so, not what went wrong
    """Other processes serve another number of shards; the text says in a sentence what to do."""


class ShardSlots:
    """The slots of this process, as advisory locks of one session in PostgreSQL.

    `keep` runs for as long as they are to be held; `taken` returns each of them, once.
    """

    def __init__(
        self,
        *,
        database_url: str,
        plan: ShardPlan,
        recommended: int,
        clock: Clock,
        beat_s: float = BEAT_S,
        idle_limit_s: float = IDLE_LIMIT_S,
    ) -> None:
        self._database_url = database_url
        self._plan = plan
        self._asked_count = plan.count if isinstance(plan, TheseShards) else recommended
        self._clock = clock
        self._beat_s = beat_s
        self._idle_limit_s = idle_limit_s
        self._agreed: int | None = None
        self._held: set[int] = set()
        self._taken: asyncio.Queue[int] = asyncio.Queue()

    @property
    def count(self) -> int:
        """The total number of shards: the one that others use, or the requested one."""
        return self._agreed or self._asked_count

    @property
    def held(self) -> frozenset[int]:
        """The shards that this process serves."""
        return frozenset(self._held)

    async def taken(self) -> list[int]:
        """Wait for shards to serve; returns each once, all available ones together."""
        shard_ids = [await self._taken.get()]
        while not self._taken.empty():
            shard_ids.append(self._taken.get_nowait())
        return shard_ids

    async def keep(self) -> None:
        """Take free slots and keep them, through outages of the database, until cancelled.

        Raises:
            SlotsLost: after an outage, or after being frozen, others had our slots.
            CountsDiffer: at the beginning, or after an outage.
            DatabaseUnusable: the database cannot do this.
        """
        was_away = False
        while True:
            try:
                async with advisory_session(
                    self._database_url, idle_limit_s=self._idle_limit_s
                ) as session:
                    await self._take_back(session)
                    if was_away:
                        await self._leave_precedence(session)
                    await self._take_what_is_free(session)
            except StoreUnavailable as error:
                # No other process can take them meanwhile, so connected shards go on.
                logger.warning("lost the session of our shards (%s); opening another", error)
                was_away = True
            await self._clock.sleep(self._beat_s)

    async def _take_back(self, session: AdvisorySession) -> None:
        self._agreed = await self._agree(session)
        if await session.take_free(LockKind.SHARD, sorted(self._held)) != self._held:
            raise SlotsLost("another process serves our shards now")

    async def _leave_precedence(self, session: AdvisorySession) -> None:
        for _ in range(PRECEDENCE_BEATS):
            await self._clock.sleep(self._beat_s)
            await session.take_free(LockKind.SHARD, ())

    async def _take_what_is_free(self, session: AdvisorySession) -> None:
        while True:
            others = [id for id in wanted(self._plan, self.count) if id not in self._held]
            taken = await session.take_free(LockKind.SHARD, others)
            if taken:
                logger.info("serving shards %s of %d", _listed(taken), self.count)
            self._held |= taken
            for shard_id in sorted(taken):
                self._taken.put_nowait(shard_id)
            await self._clock.sleep(self._beat_s)

    async def _agree(self, session: AdvisorySession) -> int:
        """The number that other processes use; our own if there are none."""
        await session.lock(LockKind.AGREEING, _ANY)
        count = self._agreed or self._asked_count
        others = await session.held_by_anyone(LockKind.SHARD_COUNT)
        if others and others != {count}:
            theirs = min(others)
            if self._agreed is not None or isinstance(self._plan, TheseShards):
                raise CountsDiffer(
                    f"Other processes serve {theirs} shards, and this one would serve {count}: "
                    "give all of them the same number, and stop all of them before you change it."
                )
            logger.warning(
                "Discord recommends %d shards, but other processes serve %d: that stays until you "
                "stop all of them at once",
                count,
                theirs,
            )
            count = theirs
        await session.share(LockKind.SHARD_COUNT, count)
        await session.unlock(LockKind.AGREEING, _ANY)
        return count


def _listed(ids: set[int]) -> str:
    return ", ".join(map(str, sorted(ids)))
