"""The Discord client, with shards that come and go while it runs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType

import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket

from bot.client import KlingBot
from bot.shards.reconnects import PacedQueue, Reconnects, paced

IdentifyTurn = Callable[[int], Awaitable[None]]
"""Waits until a shard may identify."""


class ShardedKlingBot(KlingBot, commands.AutoShardedBot):
    """The same bot on several gateway connections, each with its share of the servers."""

    _identify_turn: IdentifyTurn | None = None
    _reconnects: Reconnects
    _queues: Mapping[int, PacedQueue] = MappingProxyType({})
    """For each launched shard: the queue through which it reconnects."""
    _are_launched = False
    _ready_shards: frozenset[int] = frozenset()
    """Those whose servers are all known."""

    def take(
        self,
        shard_ids: Iterable[int],
        *,
        count: int,
        identify_turn: IdentifyTurn | None,
        reconnects: Reconnects,
    ) -> None:
        """Set the shards to serve, before `connect`; identifies wait for their turns.

        Without `identify_turn` the library pauses by itself, which is enough for a single process.
        """
        # The library keeps this very list, as do `take_over` and the code that counts shards.
        self.shard_ids = list(shard_ids)
        self.shard_count = count
        self._identify_turn = identify_turn
        self._reconnects = reconnects
        self.dispatch("step_in")

    def stand_by(self) -> None:
        """Tell listeners that other processes serve, and nothing is wrong."""
        self.dispatch("stand_by")

    async def launch_shards(self) -> None:
        """Connect all shards that were taken before; the library calls this."""
        await super().launch_shards()
        self._are_launched = True

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect one shard; the library calls this, and again after a failure."""
        await self._reconnects.turn(shard_id, is_new_session=True)
        await super().launch_shard(gateway, shard_id, initial=initial)
        launched = self.get_shard(shard_id)
        if launched is None or shard_id in self._queues:
            return
        queue = paced(launched, reconnects=self._reconnects, say_lost=self._say_lost)
        self._queues = {**self._queues, shard_id: queue}

    def _say_lost(self, shard_id: int) -> None:
        self.dispatch("disconnect")
        self.dispatch("shard_disconnect", shard_id)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Replace the library's own pause, which only knows of this process."""
        if self._identify_turn is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self._identify_turn(shard_id or 0)

    async def take_over(self, shard_id: int) -> None:
        """Serve one more shard, beside those that are connected."""
        assert self.shard_ids is not None  # noqa: S101 - `take` comes first
        self.shard_ids.append(shard_id)
        # Otherwise the library is still going through this very list, and launches it as well.
        if self._are_launched:
            await self.launch_shard(DiscordWebSocket.DEFAULT_GATEWAY, shard_id)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Note that this shard's servers are known, also of one that was taken over."""
        self._ready_shards |= {shard_id}
        await self._noted(self.services.privacy.servers_seen(self.is_in))

    def is_in(self, guild_id: int) -> bool | None:
        """Whether the bot is in a server; None for servers on other processes' shards.

        https://discord.com/developers/docs/events/gateway#sharding-sharding-formula
        """
        ready = self._ready_shards
        if not ready or (guild_id >> 22) % self.shard_count not in ready:
            return None
        return self.get_guild(guild_id) is not None

    async def leave(self) -> None:
        """Close every gateway connection, so that others may serve; HTTP requests still work."""
        self._ready_shards = frozenset()
        self._stop_reconnecting()
        await asyncio.gather(*(shard.disconnect() for shard in self.shards.values()))

    async def close(self) -> None:
        """Leave Discord for good."""
        self._stop_reconnecting()
        await super().close()

    def _stop_reconnecting(self) -> None:
        for queue in self._queues.values():
            queue.close()
