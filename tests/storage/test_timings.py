"""Render times are written with the move that ends the rendering, and read by their index."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text

from bot.domain.forecast import SAMPLE_MAX, Similar
from bot.domain.generation.models import USUAL
from bot.domain.job import Job, State
from bot.domain.lifecycle import (
    Accepted,
    CardMoved,
    Delivered,
    RenderingBegan,
    RenderingFailed,
    RenderingSucceeded,
    SendingBegan,
)
from bot.domain.outcomes import FailureReason
from bot.storage import SqlJobStore, open_store
from bot.storage.tables.jobs import render_times
from bot.storage.timings import last_times, render_time_of
from tests.domain.samples import A_VIDEO, ELSEWHERE, NOON, a_job


async def last(
    store: SqlJobStore, *, shortest_s: int, longest_s: int, most: int = SAMPLE_MAX
) -> Sequence[float]:
    return await last_times(store.database, Similar(USUAL.id, shortest_s, longest_s, most))


async def rendered(
    store: SqlJobStore, number: int, *, duration_s: int, took_s: float, sent_at: datetime = NOON
) -> Job:
    job: Job | None = a_job(number)
    assert job is not None
    request = job.request.model_copy(update={"duration_s": duration_s})
    job = job.model_copy(update={"request": request})
    await store.add(job)
    for event in (SendingBegan(), Accepted(f"r{number}"), RenderingBegan()):
        job = await store.move(job, event, sent_at)
        assert job is not None
    done = await store.move(
        job, RenderingSucceeded((A_VIDEO,), None), sent_at + timedelta(seconds=took_s)
    )
    assert done is not None
    return done


async def test_the_last_of_like_length_are_found_newest_first(store: SqlJobStore) -> None:
    for number, (duration_s, took_s) in enumerate([(3, 30), (5, 50.25), (7, 70), (8, 80), (4, 40)]):
        sent_at = NOON + timedelta(hours=number)
        await rendered(store, number, duration_s=duration_s, took_s=took_s, sent_at=sent_at)
    assert await last(store, shortest_s=3, longest_s=7) == [
        40,
        70,
        50.25,
        30,
    ]
    assert await last(store, shortest_s=3, longest_s=7, most=2) == [40, 70]
    assert await last(store, shortest_s=9, longest_s=15) == []


async def test_a_job_counts_once_and_only_when_it_was_rendered(store: SqlJobStore) -> None:
    done = await rendered(store, 1, duration_s=5, took_s=60)
    moved = await store.move(done, CardMoved(ELSEWHERE), NOON + timedelta(minutes=30))
    assert moved is not None
    assert await store.move(moved, Delivered(), NOON + timedelta(hours=1))
    failing = a_job(2)
    await store.add(failing)
    current: Job | None = failing
    for event in (
        SendingBegan(),
        Accepted("r2"),
        RenderingFailed(FailureReason.GENERATION_FAILED),
    ):
        assert current is not None
        current = await store.move(current, event, NOON)
    assert current is not None
    assert current.state is State.FAILED
    assert await last(store, shortest_s=3, longest_s=15) == [60]


async def test_a_move_that_lost_its_race_leaves_no_time_behind(
    store: SqlJobStore, other_store: SqlJobStore
) -> None:
    done = await rendered(store, 1, duration_s=5, took_s=60)
    former = done.model_copy(update={"state": State.RENDERING, "version": done.version - 1})
    assert await other_store.move(former, RenderingSucceeded((A_VIDEO,), None), NOON) is None
    assert len(await store.database.rows(select(render_times))) == 1
    assert await last(store, shortest_s=5, longest_s=5) == [60]


def test_a_clock_that_was_set_back_takes_no_time() -> None:
    job = a_job().model_copy(update={"sent_at": NOON + timedelta(seconds=1)})
    assert render_time_of(job, NOON)["took_ms"] == 0


def test_a_job_whose_sending_is_not_on_record_counts_from_its_beginning() -> None:
    job = a_job()
    row = render_time_of(job, job.created_at + timedelta(seconds=2))
    assert row["took_ms"] == 2_000


async def test_an_index_serves_the_question(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        plan = await store.database.rows(
            text(
                "EXPLAIN QUERY PLAN SELECT took_ms FROM render_times "
                "WHERE model_id = 'm' AND duration_s BETWEEN 3 AND 7 "
                "ORDER BY rendered_at DESC LIMIT 50"
            )
        )
    assert "ix_render_times_model_id_duration_s_rendered_at" in plan[0]["detail"]
