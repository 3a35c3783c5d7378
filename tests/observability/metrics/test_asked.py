"""A slow answer is asked for once, waited for briefly, and kept for a while."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.observability.metrics.readiness import CachedAnswer
from tests.clocks import FakeClock
from tests.patience import RUNS_OUT_S


class Oracle:
    """Answers with how often it was asked, once it may."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.fails = False

    async def __call__(self) -> int:
        self.asked += 1
        await self.may_answer.wait()
        if self.fails:
            raise ConnectionError
        return self.asked


@pytest.fixture
def oracle() -> Oracle:
    return Oracle()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_an_answer_is_kept_for_so_long_and_no_longer(
    oracle: Oracle, clock: FakeClock
) -> None:
    asked = CachedAnswer(oracle, clock=clock, keep_s=5)
    first = [await asked.answer(), await asked.answer()]
    clock.move_to(clock.now() + timedelta(seconds=5))

    assert first == [1, 1]
    assert await asked.answer() == 2


async def test_without_keeping_every_question_is_new(oracle: Oracle, clock: FakeClock) -> None:
    asked = CachedAnswer(oracle, clock=clock)

    assert [await asked.answer(), await asked.answer()] == [1, 2]


async def test_whoever_waits_too_long_goes_and_the_next_waits_for_the_same_answer(
    oracle: Oracle, clock: FakeClock
) -> None:
    asked = CachedAnswer(oracle, clock=clock, within_s=RUNS_OUT_S)
    oracle.may_answer.clear()
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await asked.answer()
    oracle.may_answer.set()
    answers: list[int] = []
    while not answers:  # on a busy machine, again
        with suppress(TimeoutError):
            answers.append(await asked.answer())

    assert (oracle.asked, answers) == (1, [1])


async def test_many_at_once_share_one_question(oracle: Oracle, clock: FakeClock) -> None:
    asked = CachedAnswer(oracle, clock=clock)

    assert await asyncio.gather(*(asked.answer() for _ in range(10))) == [1] * 10


async def test_a_failure_is_raised_and_asked_again(oracle: Oracle, clock: FakeClock) -> None:
    asked = CachedAnswer(oracle, clock=clock)
    oracle.fails = True
    with pytest.raises(ConnectionError):
        await asked.answer()
    oracle.fails = False

    assert await asked.answer() == 2
