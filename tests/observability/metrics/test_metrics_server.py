"""METRICS_ADDR answers what it should and nothing else, or says why nobody can listen there."""

import socket
from collections.abc import AsyncGenerator

import pytest
from aiohttp import ClientSession

from bot.domain.ports import NotPresented, Trouble
from bot.observability.metrics.monitor import Monitor
from bot.observability.metrics.server import CannotListen, served
from tests.clocks import FakeClock
from tests.domain.samples import a_job


@pytest.fixture
async def session() -> AsyncGenerator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def monitor() -> Monitor:
    return Monitor(clock=FakeClock())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
async def test_it_answers_where_it_was_told_to(
    monitor: Monitor, session: ClientSession, host: str
) -> None:
    async with (
        served(monitor, address=f"{host}:0"),
        session.get(f"{monitor.url}/healthz") as answer,
    ):
        assert monitor.url is not None
        assert monitor.url.startswith(f"http://{host}:")
        assert await answer.json() == {"alive": True, "event_loop_lag_s": 0.0}


async def test_before_the_gateway_it_is_alive_and_not_ready(
    monitor: Monitor, session: ClientSession
) -> None:
    async with (
        served(monitor, address="127.0.0.1:0"),
        session.get(f"{monitor.url}/readyz") as answer,
    ):
        assert answer.status == 503
        assert (await answer.json())["checks"]["gateway"].startswith("no gateway connection")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 404), ("GET", "/debug", 404), ("POST", "/healthz", 405)],
)
async def test_nothing_else_is_there(
    monitor: Monitor, session: ClientSession, method: str, path: str, status: int
) -> None:
    async with (
        served(monitor, address="127.0.0.1:0"),
        session.request(method, f"{monitor.url}{path}") as answer,
    ):
        assert answer.status == status


async def test_prometheus_is_answered_in_the_format_that_it_asks_for(
    monitor: Monitor, session: ClientSession
) -> None:
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    async with (
        served(monitor, address="127.0.0.1:0"),
        session.get(f"{monitor.url}/metrics", headers=accept) as answer,
    ):
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
        assert (await answer.text()).endswith("# EOF\n")


async def test_a_port_that_somebody_else_has_is_a_sentence(monitor: Monitor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(CannotListen, match=rf"^METRICS_ADDR {address} can't be used: .*in use"):
            async with served(monitor, address=address):
                pass


def test_two_monitors_share_nothing() -> None:
    first, second = Monitor(clock=FakeClock()), Monitor(clock=FakeClock())
    first.observer.presented(a_job(), NotPresented(Trouble.PASSING))

    troubles = ("kling_delivery_troubles_total", {"trouble": "passing"})
    assert first.registry.get_sample_value(*troubles) == 1
    assert second.registry.get_sample_value(*troubles) == 0
