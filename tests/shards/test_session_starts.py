"""The last of a day's session starts are spread over what is left of the day."""

import asyncio

import pytest
from discord import SessionStartLimits

from bot.shards.reconnects import wait_if_scarce
from tests.clocks import START, FakeClock

TEN_HOURS_MS = 36_000_000


def left(remaining: int) -> SessionStartLimits:
    return SessionStartLimits(
        total=1_000, remaining=remaining, reset_after=TEN_HOURS_MS, max_concurrency=1
    )


async def test_nobody_waits_while_there_are_many() -> None:
    clock = FakeClock()
    await wait_if_scarce(left(101), clock=clock)
    assert clock.now() == START


@pytest.mark.parametrize(
    ("remaining", "minutes"), [(100, 6), (2, 300), (1, 600), (0, 600)], ids=str
)
async def test_each_of_the_last_starts_waits_for_its_share_of_the_time(
    remaining: int, minutes: int
) -> None:
    clock = FakeClock()
    waiting = asyncio.create_task(wait_if_scarce(left(remaining), clock=clock))
    await asyncio.sleep(0)
    due = clock.next_due()
    assert due is not None
    assert (due - START).total_seconds() == 60 * minutes
    assert not waiting.done()
    clock.move_to(due)
    await waiting
