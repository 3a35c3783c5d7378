"""The gateway and the answers to interactions in figures; the event loop's lag, truly measured."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import TestServer
from prometheus_client import CollectorRegistry

from bot.observability.metrics.discord import GatewayMetrics, InteractionMetrics
from bot.observability.metrics.monitor import LoopLag, Monitor
from tests.clocks import FakeClock
from tests.patience import stand_still, until


class Gateway:
    """A client whose events happen when a story says so."""

    def __init__(self) -> None:
        self.latency = float("nan")
        self.listeners: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {}

    def add_listener(self, func: Callable[..., Coroutine[Any, Any, None]], /, name: str) -> None:
        self.listeners[name] = func

    async def happens(self, event: str, *what: int) -> None:
        await self.listeners[f"on_{event}"](*what)


async def test_the_gateway_is_there_from_ready_to_a_disconnect_and_after_a_resume() -> None:
    clock, registry, client = FakeClock(), CollectorRegistry(), Gateway()
    metrics = GatewayMetrics(registry, clock=clock)
    metrics.listen_to(client)
    clock.move_to(clock.now() + timedelta(seconds=3))
    assert metrics.why_not_connected() == "no gateway connection for 3 s"
    await client.happens("disconnect")
    assert registry.get_sample_value("kling_gateway_disconnects_total") == 0, "it was never there"

    await client.happens("ready")
    assert metrics.why_not_connected() is None
    await client.happens("disconnect")
    clock.move_to(clock.now() + timedelta(seconds=9))
    await client.happens("disconnect")
    assert metrics.why_not_connected() == "no gateway connection for 9 s"
    await client.happens("resumed")

    assert metrics.why_not_connected() is None
    assert registry.get_sample_value("kling_gateway_disconnects_total") == 1


async def test_with_shards_it_is_there_when_all_of_them_are() -> None:
    client = Gateway()
    metrics = GatewayMetrics(CollectorRegistry(), clock=FakeClock())
    metrics.listen_to(client)
    await client.happens("shard_ready", 0)
    assert metrics.why_not_connected() is not None, "the other shard is still on its way"
    await client.happens("shard_ready", 1)
    await client.happens("ready")
    assert metrics.why_not_connected() is None

    for shard_id in (0, 1):
        await client.happens("disconnect")
        await client.happens("shard_disconnect", shard_id)
    # As the library says it of one shard that resumes, and of another that begins anew.
    await client.happens("resumed")
    await client.happens("shard_resumed", 0)
    assert metrics.why_not_connected() is not None
    await client.happens("shard_ready", 1)

    assert metrics.why_not_connected() is None


async def test_a_spare_is_well_without_any_shard_until_it_serves() -> None:
    client = Gateway()
    metrics = GatewayMetrics(CollectorRegistry(), clock=FakeClock())
    metrics.listen_to(client)
    await client.happens("stand_by")
    assert metrics.why_not_connected() is None

    await client.happens("step_in")

    assert metrics.why_not_connected() is not None


@pytest.mark.parametrize(
    ("latency_s", "told"), [(0.125, 0.125), (float("nan"), 0), (float("inf"), 0)]
)
def test_the_gateways_latency_is_what_the_client_measured_and_a_number(
    latency_s: float, told: float
) -> None:
    registry, client = CollectorRegistry(), Gateway()
    metrics = GatewayMetrics(registry, clock=FakeClock())
    metrics.read_latency()
    metrics.listen_to(client)
    client.latency = latency_s
    metrics.read_latency()

    assert registry.get_sample_value("kling_gateway_latency_seconds") == told


# --- interactions -----------------------------------------------------------------------------


@dataclass
class Response:
    answered: bool = False

    def is_done(self) -> bool:
        return self.answered


@dataclass
class Interaction:
    id: int
    response: Response = field(default_factory=Response)


class Discord:
    """Answers callbacks with a status, after whatever time the story lets pass."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.takes_s = 0.0
        self.status = 204
        self.registry = CollectorRegistry()
        self.metrics = InteractionMetrics(self.registry, now_s=lambda: self.now_s)

    async def answer(self, request: web.Request) -> web.Response:
        if self.status == 0:
            assert request.transport is not None
            request.transport.abort()
        self.now_s += self.takes_s
        return web.Response(status=self.status or 204)

    async def post(self, path: str) -> None:
        application = web.Application()
        application.router.add_post("/{path:.*}", self.answer)
        async with (
            TestServer(application) as server,
            ClientSession(trace_configs=[self.metrics.trace()]) as session,
            session.post(server.make_url(path)),
        ):
            pass

    async def called_back(self, id_: int) -> None:
        await self.post(f"/api/v10/interactions/{id_}/canary-token/callback")

    def acknowledged(self) -> tuple[float | None, float | None]:
        name = "kling_acknowledgement_seconds"
        value = self.registry.get_sample_value
        return value(f"{name}_count"), value(f"{name}_sum")

    def dropped(self) -> dict[str, float | None]:
        name = "kling_interactions_dropped_total"
        return {
            reason: self.registry.get_sample_value(name, {"reason": reason})
            for reason in ("refused", "broken", "silent")
        }


@pytest.fixture
def discord() -> Discord:
    return Discord()


NONE_DROPPED = {"refused": 0, "broken": 0, "silent": 0}


async def test_an_answer_is_timed_from_the_arrival_to_discords_word(discord: Discord) -> None:
    discord.metrics.began(7, lambda: False)
    discord.now_s += 0.25
    discord.takes_s = 0.5
    await discord.called_back(7)
    discord.now_s += 10
    discord.metrics.settle()

    assert discord.acknowledged() == (1, 0.75)
    assert discord.dropped() == NONE_DROPPED


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_an_answer_that_discord_did_not_take_is_dropped_when_the_time_is_over(
    discord: Discord, status: int
) -> None:
    discord.metrics.began(7, lambda: False)
    discord.status = status
    await discord.called_back(7)
    discord.now_s += 2.9
    discord.metrics.settle()
    too_soon = discord.dropped()
    discord.now_s += 0.2
    discord.metrics.began(8, lambda: False)

    assert too_soon == NONE_DROPPED, "the library may try again"
    assert discord.dropped() == NONE_DROPPED | {"refused": 1}
    assert discord.acknowledged() == (0, 0)


async def test_an_answer_that_got_through_at_the_second_try_is_none_that_was_dropped(
    discord: Discord,
) -> None:
    discord.metrics.began(7, lambda: False)
    discord.status = 500
    await discord.called_back(7)
    discord.status = 204
    await discord.called_back(7)
    discord.now_s += 10
    discord.metrics.settle()

    assert discord.dropped() == NONE_DROPPED
    assert discord.acknowledged() == (1, 0)


async def test_a_connection_that_broke_and_silence_have_names_of_their_own(
    discord: Discord,
) -> None:
    for id_ in (7, 8):
        discord.metrics.began(id_, lambda: False)
    discord.status = 0
    with pytest.raises(ClientError):
        await discord.called_back(7)
    with pytest.raises(ClientError):
        await discord.post("/api/v10/channels/1/messages")
    discord.now_s += 10
    discord.metrics.settle()

    assert discord.dropped() == NONE_DROPPED | {"broken": 1, "silent": 1}


async def test_what_was_answered_where_nobody_looked_is_not_dropped(discord: Discord) -> None:
    discord.metrics.began(7, lambda: True)
    discord.now_s += 10
    discord.metrics.settle()

    assert discord.dropped() == NONE_DROPPED


@pytest.mark.parametrize(
    "path", ["/api/v10/interactions/9/canary/callback", "/api/v10/webhooks/7/canary/messages"]
)
async def test_other_requests_are_nobodys_answer(discord: Discord, path: str) -> None:
    discord.metrics.began(7, lambda: False)
    await discord.post(path)

    assert discord.acknowledged() == (0, 0)


async def test_a_scrape_asks_the_gateway_and_closes_the_interactions_whose_time_is_over() -> None:
    client, now_s = Gateway(), 100.0
    monitor = Monitor(clock=FakeClock(), now_s=lambda: now_s)
    monitor.listen_to(client)
    client.latency = 0.125
    await client.listeners["on_interaction"](Interaction(7))
    now_s += 10
    await monitor.refresh()

    value = monitor.registry.get_sample_value
    assert value("kling_gateway_latency_seconds") == 0.125
    assert value("kling_interactions_dropped_total", {"reason": "silent"}) == 1


# --- the event loop ---------------------------------------------------------------------------


async def test_a_loop_that_was_blocked_is_late_by_as_much() -> None:
    registry = CollectorRegistry()
    lag = LoopLag(registry, every_s=0.001)

    def value(name: str, **labels: str) -> float:
        return registry.get_sample_value(f"kling_event_loop_lag_seconds_{name}", labels) or 0

    async with lag.measured():
        await until(lambda: value("count") > 0)
        before = value("count")
        stand_still(0.12)
        await until(lambda: value("count") > before)

    # A sleeper that was due within a millisecond of the block's beginning is late by its rest.
    assert value("count") > value("bucket", le="0.1")
    assert value("sum") >= 0.1
    assert lag.last_s >= 0


async def test_the_measuring_ends_with_its_block() -> None:
    before = asyncio.all_tasks()
    async with LoopLag(CollectorRegistry()).measured():
        assert len(asyncio.all_tasks()) == len(before) + 1

    assert asyncio.all_tasks() == before
