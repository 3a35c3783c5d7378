"""Real time, as the domain asks for it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock
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
