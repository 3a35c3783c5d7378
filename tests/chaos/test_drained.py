"""SIGTERM in the middle of the work: what is in flight is finished or left, and goes on later."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.job import Job, State
from tests.chaos.evidence import gather
from tests.chaos.processes import Town, Worker, open_town
from tests.chaos.records import POSTS, Post, Wish, now, read
from tests.chaos.verdict import Verdict
from tests.patience import RUNS_OUT_S, until


@pytest.fixture
async def town(tmp_path: Path) -> AsyncGenerator[Town]:
    async with open_town(tmp_path) as town:
        yield town


async def asked(town: Town, kind: str, **orders: float) -> Worker:
    """A worker that somebody asks for one video."""
    worker = await town.worker()
    wish = Wish(interaction_id=1, prompt=f"{kind} kite")
    await worker.begin(town.orders.model_copy(update={"wishes": (wish,), **orders}))
    return worker


async def in_mid_post(town: Town, worker: Worker) -> None:
    await worker.until("post")
    await until(lambda: read(town.orders.folder / POSTS, Post))


def the_job(town: Town) -> Job:
    (job,) = gather(town.orders.folder, clock_start=town.orders.clock_start).jobs
    return job


async def next_life(town: Town, *, was_cut_off: bool = False) -> Verdict:
    """The next start carries on until nothing needs work."""
    kills = [now()] if was_cut_off else []
    worker = await town.worker()
    await worker.begin(town.orders.model_copy(update={"life": 1}))
    await worker.until("idle")
    assert await worker.stop() == 0
    evidence = gather(town.orders.folder, clock_start=town.orders.clock_start)
    return Verdict(evidence, kills=kills)


async def test_the_answer_to_a_post_in_flight_is_written(town: Town) -> None:
    worker = await asked(town, "pondering")
    await in_mid_post(town, worker)
    assert the_job(town).state is State.SUBMITTING
    assert await worker.stop() == 0
    assert the_job(town).state is State.QUEUED
    verdict = await next_life(town)
    assert not verdict.broken, verdict.table()
    assert the_job(town).state is State.DELIVERED


async def test_a_delivery_under_way_is_finished(town: Town) -> None:
    worker = await asked(town, "smooth", discord_delay_s=0.2)
    await worker.until("deliver")
    assert the_job(town).state is State.RENDERED
    assert await worker.stop() == 0
    assert the_job(town).state is State.DELIVERED
    verdict = await next_life(town)
    assert not verdict.broken, verdict.table()


async def test_a_post_that_hangs_cannot_hold_up_the_end_and_is_never_sent_again(
    town: Town,
) -> None:
    worker = await asked(town, "mute", drain_timeout_s=RUNS_OUT_S)
    await in_mid_post(town, worker)
    assert await worker.stop() == 0
    # Had it waited for the POST, the outcome would be written.
    assert the_job(town).state is State.SUBMITTING
    verdict = await next_life(town, was_cut_off=True)
    assert the_job(town).state is State.UNSURE
    assert not verdict.broken, verdict.table()
    assert len(read(town.orders.folder / POSTS, Post)) == 1
