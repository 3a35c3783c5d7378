"""The gateway in figures: whether Discord has us, how fast it answers, how often it is lost."""

from collections.abc import Callable, Coroutine
from math import isfinite
from typing import Any, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge

from bot.domain.ports import Clock

Listener = Callable[..., Coroutine[Any, Any, None]]


class Client(Protocol):
    """What a Discord client tells; with shards, of any of them."""

    @property
    def latency(self) -> float:
        """Seconds between a heartbeat and its answer; not a number before the first one."""
        ...

    def add_listener(self, func: Listener, /, name: str) -> None:
        """Call `func` at each event of that name."""
        ...


class GatewayMetrics:
    """What the gateway's events tell."""

    def __init__(self, registry: CollectorRegistry, *, clock: Clock) -> None:
        self._clock = clock
        self._is_connected = self._was_connected = self._is_spare = False
        self._shards_away: set[int] = set()
        self._without_since = clock.now()
        self._client: Client | None = None
        self._disconnects = Counter(
            "kling_gateway_disconnects", "How often the gateway was lost.", registry=registry
        )
        self._latency_s = Gauge(
            "kling_gateway_latency_seconds",
            "Time between the last heartbeat and Discord's answer to it.",
            registry=registry,
        )

    def listen_to(self, client: Client) -> None:
        """Hear of this client's gateway from now on."""
        self._client = client
        client.add_listener(self.connected, "on_ready")
        client.add_listener(self.connected, "on_resumed")
        client.add_listener(self.disconnected, "on_disconnect")
        # One of several shards that comes back is no "ready" to the library.
        client.add_listener(self.shard_came, "on_shard_ready")
        client.add_listener(self.shard_came, "on_shard_resumed")
        client.add_listener(self.shard_went, "on_shard_disconnect")
        client.add_listener(self.stood_by, "on_stand_by")
        client.add_listener(self.stepped_in, "on_step_in")

    async def connected(self) -> None:
        """Discord has us, as new or again."""
        self._was_connected = self._is_connected = True

    async def disconnected(self) -> None:
        """The connection ended; discord.py says so at each attempt to get it back as well."""
        if self._is_connected:
            self._disconnects.inc()
            self._without_since = self._clock.now()
        self._is_connected = False

    async def shard_went(self, shard_id: int) -> None:
        """One of several shards is lost."""
        self._shards_away.add(shard_id)

    async def shard_came(self, shard_id: int) -> None:
        """One of several shards is there, as new or again."""
        self._shards_away.discard(shard_id)
        self._is_connected = self._was_connected and not self._shards_away

    async def stood_by(self) -> None:
        """All shards are served by others."""
        self._is_spare = True

    async def stepped_in(self) -> None:
        """Some shards are ours to serve now."""
        self._is_spare = False

    def why_not_connected(self) -> str | None:
        """What is wrong, in a phrase; None when Discord has us, or needs others only."""
        if self._is_spare or (self._is_connected and not self._shards_away):
            return None
        without_s = (self._clock.now() - self._without_since).total_seconds()
        return f"the gateway is not connected, for {without_s:.0f} s now"

    def read_latency(self) -> None:
        """Take over what the client measured last."""
        latency_s = float("nan") if self._client is None else self._client.latency
        self._latency_s.set(latency_s if isfinite(latency_s) else 0.0)
