"""Identifies keep their distance, whoever sends them."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from itertools import pairwise
from typing import Protocol

import pytest

from bot.clock import SystemClock
from bot.shards.pacing import IdentifyPacing
from tests.patience import PATIENCE_S
from tests.storage.behind import until_waiting

HELD_S = 0.5


class Process(Protocol):
    """Starts another process of the same bot."""

    def __call__(self, *, held_s: float = HELD_S) -> IdentifyPacing: ...


@pytest.fixture
async def process(postgres_url: str) -> AsyncGenerator[Process]:
    """Another process of the same bot, which Discord lets identify two shards at once."""
    async with AsyncExitStack() as life:

        def start(*, held_s: float = HELD_S) -> IdentifyPacing:
            pacing = IdentifyPacing(
                database_url=postgres_url,
                max_concurrency=2,
                clock=SystemClock(),
                held_s=held_s,
            )
            life.push_async_callback(pacing.close)
            return pacing

        yield start


async def identified(pacing: IdentifyPacing, shard_id: int, at: list[float]) -> None:
    await pacing.turn(shard_id)
    at.append(time.monotonic())


async def test_shards_of_one_bucket_identify_one_after_another(process: Process) -> None:
    at: list[float] = []

    await asyncio.gather(*(identified(process(), shard_id, at) for shard_id in (0, 2, 4, 6)))

    assert len(at) == 4
    # When a turn begins is seen some moments later, and one may be seen later than the next.
    assert all(later - sooner >= HELD_S / 2 for sooner, later in pairwise(sorted(at)))


async def test_shards_of_different_buckets_do_not_wait_for_each_other(process: Process) -> None:
    pacing = process(held_s=10 * PATIENCE_S)
    async with asyncio.timeout(PATIENCE_S):
        await pacing.turn(0)
        await pacing.turn(1)


async def test_a_turn_that_is_given_up_holds_up_nobody(process: Process, postgres_url: str) -> None:
    pacing, other = process(), process()
    await pacing.turn(0)
    impatient = asyncio.create_task(other.turn(2))
    await until_waiting(postgres_url, sessions=1)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient

    await asyncio.wait_for(pacing.turn(4), timeout=PATIENCE_S)


async def test_a_process_that_ends_gives_up_its_turn(process: Process) -> None:
    first = process(held_s=10 * PATIENCE_S)
    await first.turn(0)
    await first.close()

    await asyncio.wait_for(process().turn(2), timeout=PATIENCE_S)


async def test_without_its_database_it_goes_slowly_by_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pacing = IdentifyPacing(
        database_url="postgresql://bot@127.0.0.1:9/kling",
        max_concurrency=1,
        clock=SystemClock(),
        held_s=HELD_S,
    )
    begun = time.monotonic()
    await pacing.turn(0)

    assert time.monotonic() - begun >= HELD_S
    assert "going by our own clock" in caplog.text
