"""Real time, as the domain asks for it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession, TraceConfig, web
from aiohttp.test_utils import TestServer

from bot.domain.clock import JUMP, ServiceTime, SystemClock
from bot.observability.date_headers import hear_dates
from tests.domain.samples import NOON
from tests.patience import PATIENCE_S

LONG_S = 3600.0
SHORT_S = 0.005


def test_the_present_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()

    assert now.utcoffset() == timedelta(0)
    assert before <= now <= datetime.now(UTC)


async def test_a_sleep_ends_by_itself() -> None:
    loop = asyncio.get_running_loop()
    began_s = loop.time()

    await SystemClock().sleep(SHORT_S)
    await SystemClock().sleep(SHORT_S, wake=asyncio.Event())

    assert loop.time() - began_s >= 2 * SHORT_S * 0.9


async def test_a_sleeper_is_woken() -> None:
    wake = asyncio.Event()

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
        sleeper = tasks.create_task(SystemClock().sleep(LONG_S, wake=wake))
        await asyncio.sleep(0)
        assert not sleeper.done()
        wake.set()


async def test_who_was_woken_before_does_not_fall_asleep() -> None:
    wake = asyncio.Event()
    wake.set()

    async with asyncio.timeout(PATIENCE_S):
        await SystemClock().sleep(LONG_S, wake=wake)


@pytest.mark.parametrize("wake", [None, asyncio.Event()])
async def test_a_sleeper_can_be_stopped(wake: asyncio.Event | None) -> None:
    sleeper = asyncio.create_task(SystemClock().sleep(LONG_S, wake=wake))
    await asyncio.sleep(0)

    sleeper.cancel()

    with pytest.raises(asyncio.CancelledError):
        await sleeper


class Machine:
    """A machine whose clock somebody sets, and whose time passes all the same."""

    def __init__(self) -> None:
        self.time = NOON
        self.passed_s = 0.0
        self.service_time = ServiceTime(passed_s=lambda: self.passed_s)
        self.clock = SystemClock(self.service_time, system=lambda: self.time)

    def pass_time(self, time: timedelta) -> None:
        self.time += time
        self.passed_s += time.total_seconds()


@pytest.mark.parametrize("jump", [timedelta(days=100), -timedelta(days=100), 2 * JUMP])
def test_a_clock_that_jumped_is_not_gone_by(
    jump: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    machine = Machine()
    machine.service_time.hear("discord.com", NOON)
    machine.time += jump
    for _ in range(2):
        assert machine.clock.now() == NOON
    machine.pass_time(timedelta(hours=1))
    assert machine.clock.now() == NOON + timedelta(hours=1)
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert ("ahead" if jump > timedelta() else "behind") in record.getMessage()
    machine.time -= jump
    assert machine.clock.now() == NOON + timedelta(hours=1)
    assert "right again" in caplog.text


def test_a_start_with_a_clock_that_is_ahead_is_put_right_by_the_first_answer() -> None:
    machine = Machine()
    machine.time += timedelta(days=100)
    assert machine.clock.now() == NOON + timedelta(days=100)
    machine.service_time.hear("discord.com", NOON)
    assert machine.clock.now() == NOON


def test_a_little_difference_and_a_single_service_that_is_wrong_change_nothing() -> None:
    machine = Machine()
    machine.service_time.hear("discord.com", NOON + JUMP)
    assert machine.clock.now() == NOON
    machine.service_time.hear("runcomfy.net", NOON + timedelta(days=9))
    assert machine.clock.now() == NOON
    # But the two of them.
    machine.service_time.hear("discord.com", NOON + timedelta(days=8))
    assert machine.clock.now() == NOON + timedelta(days=8)


@pytest.mark.parametrize(
    "headers",
    [{"Date": "yesterday"}, {"Date": ""}, {"Date": "Sun, 04 May 2031 12:00:00 GMT", "Age": "9"}],
)
async def test_what_says_no_time_is_not_heard(headers: dict[str, str]) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(headers=headers)

    assert (await heard_from(answer)).near(NOON) is None


async def test_the_time_is_heard_from_the_answers_of_a_session() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(headers={"Date": "Sun, 04 May 2031 12:00:00 GMT"})

    said = (await heard_from(answer)).near(NOON)
    assert said is not None
    assert timedelta() <= said - datetime(2031, 5, 4, 12, tzinfo=UTC) < timedelta(hours=1)


async def heard_from(
    answer: Callable[[web.Request], Awaitable[web.Response]],
) -> ServiceTime:
    """What a session heard that asked a server with this answer once."""
    app = web.Application()
    app.router.add_get("/", answer)
    service_time = ServiceTime()
    async with (
        TestServer(app) as server,
        ClientSession(trace_configs=[hear_dates(TraceConfig(), service_time.hear)]) as session,
        session.get(server.make_url("/")),
    ):
        return service_time
