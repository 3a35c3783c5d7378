"""Interactions in figures: how soon each was answered, and which were not.

Discord gives three seconds from its event to our first answer. Measured is what lies with us: from
the event's arrival to Discord's confirmation of that answer. The answer is seen where it passes,
in the HTTP session, so that no command has to say anything.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace
from typing import Final, Protocol

from aiohttp import (
    ClientSession,
    TraceConfig,
    TraceRequestEndParams,
    TraceRequestExceptionParams,
)
from prometheus_client import CollectorRegistry, Counter, Histogram
from yarl import URL

ANSWER_WITHIN_S: Final = 3.0

_CALLBACK: Final = re.compile(r"/interactions/(\d+)/[^/]+/callback$")
_BUCKETS_S: Final = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 3, 5)
_NOT_TAKEN: Final = 400


class Drop(StrEnum):
    """Why somebody got no answer."""

    REFUSED = "refused"
    """Discord did not take it: too late, or another process was first."""
    BROKEN = "broken"
    """The connection broke."""
    SILENT = "silent"
    """Nothing was answered in time."""


class _Response(Protocol):
    def is_done(self) -> bool: ...


class Received(Protocol):
    """An interaction, as far as its answer is concerned."""

    @property
    def id(self) -> int:
        """Its snowflake."""
        ...

    @property
    def response(self) -> _Response:
        """What knows whether it was answered."""
        ...


@dataclass(slots=True)
class _Open:
    interaction: Received
    received_s: float
    failure: Drop = Drop.SILENT


class InteractionMetrics:
    """What interactions and the answers to them tell."""

    def __init__(
        self, registry: CollectorRegistry, *, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._now_s = now_s
        self._open: dict[int, _Open] = {}
        self._acknowledgement_s = Histogram(
            "kling_acknowledgement_seconds",
            "Time from an interaction's arrival to Discord's confirmation of the first answer.",
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self._dropped = Counter(
            "kling_interactions_dropped",
            "Interactions that got no answer.",
            ["reason"],
            registry=registry,
        )
        for reason in Drop:
            self._dropped.labels(reason.value)

    def trace(self) -> TraceConfig:
        """What an HTTP session needs for its answers to be seen."""
        trace = TraceConfig()
        trace.on_request_end.append(self._ended)
        trace.on_request_exception.append(self._broke)
        return trace

    async def received(self, interaction: Received) -> None:
        """Somebody did something, and waits."""
        self.settle()
        self._open[interaction.id] = _Open(interaction, self._now_s())

    def settle(self) -> None:
        """Count those that nobody answered in their time."""
        latest_s = self._now_s() - ANSWER_WITHIN_S
        for id_, waiting in list(self._open.items()):
            if waiting.received_s < latest_s:
                del self._open[id_]
                if not waiting.interaction.response.is_done():
                    self._dropped.labels(waiting.failure.value).inc()

    async def _ended(
        self, session: ClientSession, context: SimpleNamespace, params: TraceRequestEndParams
    ) -> None:
        del session, context
        waiting = self._waiting(params.url)
        if waiting is None:
            return
        if params.response.status >= _NOT_TAKEN:
            # The library may try again: what became of it is decided when the time is over.
            waiting.failure = Drop.REFUSED
            return
        del self._open[waiting.interaction.id]
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
