"""Identifies keep their distance, whoever sends them."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from bot.shards.gateway import HELD_S, IdentifyPacing
from tests.clocks import START, FakeClock
from tests.patience import PATIENCE_S, until
from tests.storage.behind import until_waiting

Process = Callable[[], IdentifyPacing]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def process(postgres_url: str, clock: FakeClock) -> AsyncGenerator[Process]:
    """Another process of the same bot, which Discord lets identify two shards at once."""
    async with AsyncExitStack() as life:

        def start() -> IdentifyPacing:
            pacing = IdentifyPacing(database_url=postgres_url, max_concurrency=2, clock=clock)
            life.push_async_callback(pacing.close)
            return pacing

        yield start


async def its_time_over(clock: FakeClock) -> None:
    """Let the time pass for which the one turn that has begun is held."""
    await until(lambda: clock.sleeping)
    due = clock.now() + timedelta(seconds=HELD_S)
    assert clock.next_due() == due
    clock.move_to(due)


async def test_shards_of_one_bucket_identify_one_after_another(
    process: Process, postgres_url: str, clock: FakeClock
) -> None:
    turns = [asyncio.create_task(process().turn(shard_id)) for shard_id in (0, 2, 4, 6)]

    for begun in (1, 2, 3, 4):
        await until(lambda begun=begun: sum(turn.done() for turn in turns) == begun)
        await until_waiting(postgres_url, sessions=4 - begun)
        assert sum(turn.done() for turn in turns) == begun
        await its_time_over(clock)


async def test_shards_of_different_buckets_do_not_wait_for_each_other(
    process: Process, clock: FakeClock
) -> None:
    pacing = process()
    async with asyncio.timeout(PATIENCE_S):
        await pacing.turn(0)
        await pacing.turn(1)
    assert clock.now() == START


async def test_a_turn_that_is_given_up_holds_up_nobody(
    process: Process, postgres_url: str, clock: FakeClock
) -> None:
    pacing, other = process(), process()
    await pacing.turn(0)
    impatient = asyncio.create_task(other.turn(2))
    await until_waiting(postgres_url, sessions=1)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient

    await its_time_over(clock)
    await asyncio.wait_for(pacing.turn(4), timeout=PATIENCE_S)


async def test_a_process_that_ends_gives_up_its_turn(process: Process, clock: FakeClock) -> None:
    first = process()
    await first.turn(0)
    await first.close()

    await asyncio.wait_for(process().turn(2), timeout=PATIENCE_S)
    assert clock.now() == START


async def test_without_its_database_it_goes_slowly_by_itself(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    pacing = IdentifyPacing(
        database_url="postgresql://bot@127.0.0.1:9/kling", max_concurrency=1, clock=clock
    )
    turn = asyncio.create_task(pacing.turn(0))
    await until(lambda: clock.sleeping)
    assert not turn.done()
    await its_time_over(clock)
    await turn

    assert "using our own clock" in caplog.text
