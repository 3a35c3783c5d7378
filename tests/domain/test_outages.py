"""A member who waits is answered soon, and where there is another answer, an outage gives that."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.outages import promptly, unless_away
from bot.domain.ports import StoreUnavailable
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


async def test_an_answer_comes_through_and_nothing_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert await unless_away(an_answer(), None, "no answer is shown") == "an answer"
    assert caplog.text == ""


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
async def test_without_the_database_the_other_answer_comes_and_the_log_says_why(
    level: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert (
        await unless_away(a_failure(), "another", "an old one is shown", level=level) == "another"
    )
    (record,) = caplog.records
    assert record.levelno == level
    assert record.getMessage() == "an old one is shown (the database is away)"


async def test_a_fault_of_ours_is_no_outage() -> None:
    async def fault() -> str:
        raise KeyError

    with pytest.raises(KeyError):
        await unless_away(fault(), "another", "an old one is shown")
