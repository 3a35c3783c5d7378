"""Metrics of Discord: the gateway's connections, and how soon each interaction was answered.

Discord gives three seconds from its event to our first answer. Measured is this process's part:
from the event's arrival to Discord's confirmation of the answer. The answer is observed in the
HTTP session, so that no command has to report it.
"""

import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, Protocol

from aiohttp import (
    ClientSession,
    TraceConfig,
    TraceRequestEndParams,
    TraceRequestExceptionParams,
)
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from yarl import URL

from bot.domain.ports import Clock

if TYPE_CHECKING:
    import discord

Listener = Callable[..., Coroutine[Any, Any, None]]


class HeardClient(Protocol):
    """What a Discord client reports; with shards, for all of them."""

    @property
    def latency(self) -> float:
        """Seconds between a heartbeat and its answer; NaN before the first one."""
        ...

    def add_listener(self, func: Listener, /, name: str) -> None:
        """Call `func` at each event of that name."""
        ...


class GatewayMetrics:
    """Metrics from the gateway's events."""

    def __init__(self, registry: CollectorRegistry, *, clock: Clock) -> None:
        self._clock = clock
        self._is_connected = self._was_connected = self._is_spare = False
        self._shards_away: set[int] = set()
        self._without_since = clock.now()
        self._client: HeardClient | None = None
        self._disconnects = Counter(
            "kling_gateway_disconnects", "Lost gateway connections.", registry=registry
        )
        self._latency_s = Gauge(
            "kling_gateway_latency_seconds",
            "How long Discord took to answer the last heartbeat.",
            registry=registry,
        )

    def listen_to(self, client: HeardClient) -> None:
        """Observe this client's gateway from now on."""
        self._client = client
        client.add_listener(self.connected, "on_ready")
        client.add_listener(self.connected, "on_resumed")
        client.add_listener(self.disconnected, "on_disconnect")
        # The library reports no "ready" when one of several shards comes back.
        client.add_listener(self.shard_came, "on_shard_ready")
        client.add_listener(self.shard_came, "on_shard_resumed")
        client.add_listener(self.shard_went, "on_shard_disconnect")
        client.add_listener(self.stood_by, "on_stand_by")
        client.add_listener(self.stepped_in, "on_step_in")

    async def connected(self) -> None:
        """Record a new or resumed connection."""
        self._was_connected = self._is_connected = True

    async def disconnected(self) -> None:
        """Record the connection's end; discord.py reports it at each reconnection attempt, too."""
        if self._is_connected:
            self._disconnects.inc()
            self._without_since = self._clock.now()
        self._is_connected = False

    async def shard_went(self, shard_id: int) -> None:
        """Record that one of several shards is lost."""
        self._shards_away.add(shard_id)

    async def shard_came(self, shard_id: int) -> None:
        """Record that one of several shards has a new or resumed session."""
        self._shards_away.discard(shard_id)
        self._is_connected = self._was_connected and not self._shards_away

    async def stood_by(self) -> None:
        """Record that other processes serve all shards."""
        self._is_spare = True

    async def stepped_in(self) -> None:
        """Record that this process serves some shards now."""
        self._is_spare = False

    def why_not_connected(self) -> str | None:
        """What is wrong, in a phrase; None if connected, or if other processes serve."""
        if self._is_spare or (self._is_connected and not self._shards_away):
            return None
        without_s = (self._clock.now() - self._without_since).total_seconds()
        return f"no gateway connection for {without_s:.0f} s"

    def read_latency(self) -> None:
        """Read what the client measured last."""
        latency_s = float("nan") if self._client is None else self._client.latency
        self._latency_s.set(latency_s if isfinite(latency_s) else 0.0)


ANSWER_WITHIN_S: Final = 3.0

_CALLBACK: Final = re.compile(r"/interactions/(\d+)/[^/]+/callback$")
_BUCKETS_S: Final = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 3, 5)
_NOT_TAKEN: Final = 400


class Drop(StrEnum):
    """Why a member got no answer."""

    REFUSED = "refused"
    """Discord refused it: too late, or another process was first."""
    BROKEN = "broken"
    """The connection broke."""
    SILENT = "silent"
    """No answer was sent in time."""


@dataclass(slots=True)
class _Open:
    interaction_id: int
    is_answered: Callable[[], bool]
    received_s: float
    failure: Drop = Drop.SILENT


class InteractionMetrics:
    """Metrics of interactions and the answers to them."""

    def __init__(
        self, registry: CollectorRegistry, *, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._now_s = now_s
        self._open: dict[int, _Open] = {}
        self._acknowledgement_s = Histogram(
            "kling_acknowledgement_seconds",
            "Time from an interaction's arrival until Discord confirms the first answer.",
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self._dropped = Counter(
            "kling_interactions_dropped",
            "Interactions that got no answer, by reason.",
            ["reason"],
            registry=registry,
        )
        for reason in Drop:
            self._dropped.labels(reason.value)

    def trace(self) -> TraceConfig:
        """The hook of an HTTP session by which its answers are observed."""
        trace = TraceConfig()
        trace.on_request_end.append(self._ended)
        trace.on_request_exception.append(self._broke)
        return trace

    async def received(self, interaction: "discord.Interaction[Any]") -> None:
        """A listener for the client's interactions."""
        self.began(interaction.id, interaction.response.is_done)

    def began(self, interaction_id: int, is_answered: Callable[[], bool]) -> None:
        """Start the clock of an interaction: a member waits for its answer."""
        self.settle()
        self._open[interaction_id] = _Open(interaction_id, is_answered, self._now_s())

    def settle(self) -> None:
        """Count the interactions that were not answered in time."""
        latest_s = self._now_s() - ANSWER_WITHIN_S
        for id_, waiting in list(self._open.items()):
            if waiting.received_s < latest_s:
                del self._open[id_]
                if not waiting.is_answered():
                    self._dropped.labels(waiting.failure.value).inc()

    async def _ended(
        self, session: ClientSession, context: SimpleNamespace, params: TraceRequestEndParams
    ) -> None:
        del session, context
        waiting = self._waiting(params.url)
        if waiting is None:
            return
        if params.response.status >= _NOT_TAKEN:
            # The library may retry: the outcome is decided when the time is over.
            waiting.failure = Drop.REFUSED
            return
        del self._open[waiting.interaction_id]
        self._acknowledgement_s.observe(self._now_s() - waiting.received_s)

    async def _broke(
        self, session: ClientSession, context: SimpleNamespace, params: TraceRequestExceptionParams
    ) -> None:
        del session, context
        if (waiting := self._waiting(params.url)) is not None:
            waiting.failure = Drop.BROKEN

    def _waiting(self, url: URL) -> _Open | None:
        found = _CALLBACK.search(url.path)
        return None if found is None else self._open.get(int(found[1]))
