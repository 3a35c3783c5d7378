"""Writes that a cancellation may not cut in half."""

import asyncio

import pytest

from bot.runner.unbroken import unbroken
from tests.patience import PATIENCE_S, RUNS_OUT_S


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
