"""Whoever waits is answered soon, and what goes on without them hurts nobody."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.ports import StoreUnavailable
from bot.features.promptly import promptly
from tests.patience import PATIENCE_S, RUNS_OUT_S


async def an_answer() -> str:
    return "an answer"


async def a_failure() -> str:
    raise StoreUnavailable("the database is away")


async def test_what_comes_in_time_is_the_answer() -> None:
    assert await promptly(an_answer()) == "an answer"


async def test_a_failure_that_comes_in_time_is_told() -> None:
    with pytest.raises(StoreUnavailable, match="is away"):
        await promptly(a_failure())


@pytest.mark.parametrize("end", [an_answer, a_failure])
async def test_what_comes_too_late_ends_by_itself(
    end: Callable[[], Awaitable[str]], caplog: pytest.LogCaptureFixture
) -> None:
    released, ended = asyncio.Event(), asyncio.Event()

    async def slow() -> str:
        try:
            await released.wait()
            return await end()
        finally:
            ended.set()

    with pytest.raises(StoreUnavailable, match="in time"):
        await promptly(slow(), within_s=RUNS_OUT_S)
    released.set()
    await asyncio.wait_for(ended.wait(), PATIENCE_S)
    await asyncio.sleep(0)
    assert caplog.text == ""
