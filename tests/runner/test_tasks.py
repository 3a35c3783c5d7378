"""Work that should never end by itself begins again, and a write is not cut in half."""

import asyncio
from contextlib import suppress

import pytest

from bot.runner.tasks import lasting, unbroken
from tests.clocks import FakeClock
from tests.patience import PATIENCE_S, RUNS_OUT_S


async def passed(clock: FakeClock, work: "asyncio.Task[None]", until: asyncio.Event) -> None:
    """Let time pass until it is so."""
    while not until.is_set() and not work.done():
        await asyncio.sleep(0)
        if (due := clock.next_due()) is not None:
            clock.move_to(due)


@pytest.mark.parametrize(
    ("ends_by", "said"),
    [
        (RuntimeError("nobody foresaw this"), "the loop failed"),
        (asyncio.CancelledError(), "the loop cancelled itself"),
        (None, "the loop ended"),
    ],
)
async def test_a_loop_that_ends_begins_again_and_the_log_says_so(
    clock: FakeClock, caplog: pytest.LogCaptureFixture, ends_by: BaseException | None, said: str
) -> None:
    begun = 0
    again = asyncio.Event()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun == 1:
            if ends_by is not None:
                raise ends_by
            return
        again.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(lasting("the loop", work, clock=clock))
    await passed(clock, task, again)
    assert begun == 2
    assert said in caplog.text
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_one_that_is_cancelled_ends_even_if_it_swallows_that(clock: FakeClock) -> None:
    running = asyncio.Event()

    async def work() -> None:
        running.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    task = asyncio.create_task(lasting("the loop", work, clock=clock))
    await running.wait()
    task.cancel()
    await task
    assert clock.sleeping == 0


async def test_a_cancelled_caller_lets_the_write_finish() -> None:
    may_finish, written = asyncio.Event(), list[str]()

    async def write() -> None:
        await may_finish.wait()
        written.append("the request id")

    caller = asyncio.create_task(unbroken(write()))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.sleep(0)
    assert not caller.done()
    may_finish.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert written == ["the request id"]


async def test_what_it_answers_and_what_it_raises_comes_through() -> None:
    async def answer() -> int:
        return 7

    async def refuse() -> int:
        raise ValueError("no")

    assert await unbroken(answer()) == 7
    with pytest.raises(ValueError, match="no"):
        await unbroken(refuse())


async def test_a_write_that_hangs_cannot_hang_the_shutdown() -> None:
    ended = asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    caller = asyncio.create_task(unbroken(hang(), finish_within_s=RUNS_OUT_S))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await asyncio.wait_for(ended.wait(), timeout=PATIENCE_S)
