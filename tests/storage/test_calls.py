"""What a cancelled caller may rely on: its call has ended, whole or not at all."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text

from bot.domain.job import Job, JobId
from bot.domain.lifecycle import CardMoved, SendingBegan, after
from bot.domain.ports import Added, StoreUnavailable
from bot.storage import SqlJobStore, open_store
from bot.storage.calls import Calls
from bot.storage.engine import create_engine, for_writes
from tests.domain.samples import ELSEWHERE, LATER, a_job
from tests.storage.behind import history

SENDING = after(a_job(), SendingBegan(), LATER)


async def a_few_turns(turns: int = 20) -> None:
    """Let everything else that can run do so."""
    for _ in range(turns):
        await asyncio.sleep(0)


@asynccontextmanager
async def the_row_locked(database_url: str, job_id: JobId) -> AsyncGenerator[None]:
    """Another process in the middle of a write of this job."""
    engine = create_engine(database_url)
    touch = text("UPDATE jobs SET version = version WHERE id = :id")
    try:
        async with for_writes(engine).begin() as connection:
            await connection.execute(touch, {"id": job_id})
            yield
    finally:
        await engine.dispose()


async def agrees_with_its_history(store: SqlJobStore, database_url: str, job: Job) -> Job:
    """The job as it stands, when its row and its history say the same."""
    found = await store.get(job.id)
    assert found is not None
    last = (await history(database_url, job.id))[-1]
    assert (last[0], last[2]) == (found.version, found.state)
    return found


async def test_a_caller_cancelled_in_mid_write_goes_on_when_the_write_stands(
    store: SqlJobStore, database_url: str
) -> None:
    job = a_job()
    assert await store.add(job) == Added()
    async with the_row_locked(database_url, job.id):
        moving = asyncio.create_task(store.move(job, SendingBegan(), LATER))
        await a_few_turns()
        moving.cancel()
        await a_few_turns()
        assert not moving.done()

    with pytest.raises(asyncio.CancelledError):
        await moving
    assert await agrees_with_its_history(store, database_url, job) == SENDING


async def test_an_impatient_canceller_changes_nothing_about_that(
    store: SqlJobStore, database_url: str
) -> None:
    job = a_job()
    assert await store.add(job) == Added()
    async with the_row_locked(database_url, job.id):
        moving = asyncio.create_task(store.move(job, SendingBegan(), LATER))
        for _ in range(5):
            await a_few_turns()
            moving.cancel()
        assert not moving.done()

    with pytest.raises(asyncio.CancelledError):
        await moving
    assert await agrees_with_its_history(store, database_url, job) == SENDING


async def test_a_time_limit_around_a_write_ends_in_a_timeout_after_the_write_stands(
    store: SqlJobStore, database_url: str
) -> None:
    job = a_job()
    assert await store.add(job) == Added()
    limit = asyncio.timeout(None)

    async def within_the_limit() -> None:
        async with limit:
            await store.move(job, SendingBegan(), LATER)

    async with the_row_locked(database_url, job.id):
        moving = asyncio.create_task(within_the_limit())
        await a_few_turns()
        limit.reschedule(asyncio.get_running_loop().time())
        await a_few_turns()

    with pytest.raises(TimeoutError):
        await moving
    assert await agrees_with_its_history(store, database_url, job) == SENDING


async def test_a_cancel_at_any_moment_leaves_the_move_whole_or_absent_and_the_store_usable(
    store: SqlJobStore, database_url: str
) -> None:
    job = a_job()
    assert await store.add(job) == Added()
    versions_written: list[int] = []
    for turns in range(40):
        moving = asyncio.create_task(store.move(job, CardMoved(ELSEWHERE), LATER))
        await a_few_turns(turns)
        moving.cancel()
        with suppress(asyncio.CancelledError):
            await moving

        now = await agrees_with_its_history(store, database_url, job)
        versions_written.append(now.version - job.version)
        job = now

    # Before the call began there is nothing to finish; from its beginning on it is finished.
    assert versions_written[0] == 0
    assert set(versions_written[2:]) == {1}


async def test_a_cancelled_add_is_whole_or_absent_too(
    store: SqlJobStore, database_url: str
) -> None:
    for turns in range(20):
        job = a_job(turns)
        adding = asyncio.create_task(store.add(job))
        await a_few_turns(turns)
        adding.cancel()
        with suppress(asyncio.CancelledError):
            await adding

        if await store.get(job.id) is None:
            assert await history(database_url, job.id) == []
        else:
            assert await agrees_with_its_history(store, database_url, job) == job
    assert len(await store.unfinished()) >= 18


async def test_a_store_that_closes_waits_for_the_write_in_flight(database_url: str) -> None:
    job = a_job()
    async with open_store(database_url) as store:
        assert await store.add(job) == Added()
        async with the_row_locked(database_url, job.id):
            moving = asyncio.create_task(store.move(job, SendingBegan(), LATER))
            closing = asyncio.create_task(store.close())
            await a_few_turns()
            assert not closing.done()
        await closing
        assert await moving == SENDING
    assert len(await history(database_url, job.id)) == 2


async def test_a_closed_store_refuses_and_opens_no_connection_again(database_url: str) -> None:
    async with open_store(database_url) as store:
        assert await store.add(a_job(1)) == Added()
    for late in (store.add(a_job(2)), store.get("job-1"), store.unfinished()):
        with pytest.raises(StoreUnavailable, match="closed"):
            await late
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.move(a_job(1), SendingBegan(), LATER)


def test_a_loop_that_ends_in_the_middle_of_a_write_leaves_it_whole_or_absent(
    database_url: str,
) -> None:
    job = a_job()

    async def begin_and_leave(turns: int) -> None:
        async with open_store(database_url) as store:
            await store.add(job)
            found = await agrees_with_its_history(store, database_url, job)
            moving = asyncio.create_task(store.move(found, CardMoved(ELSEWHERE), LATER))
            await a_few_turns(turns)
            # What `asyncio.run` does to every task at its end, the innermost included.
            for other in asyncio.all_tasks() - {asyncio.current_task()}:
                other.cancel()
            with suppress(asyncio.CancelledError):
                await moving
            await agrees_with_its_history(store, database_url, job)

    for turns in range(0, 30, 3):
        asyncio.run(begin_and_leave(turns))


async def test_a_failure_that_no_caller_is_left_to_hear_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    calls, gate = Calls(), asyncio.Event()

    async def fail() -> None:
        await gate.wait()
        raise StoreUnavailable("canary-text")

    with caplog.at_level(logging.WARNING):
        asking = asyncio.create_task(calls.run(fail))
        await a_few_turns()
        asking.cancel()
        await a_few_turns()
        gate.set()
        with pytest.raises(asyncio.CancelledError):
            await asking

    assert "a database call failed after its caller gave up: StoreUnavailable" in caplog.text
    assert "canary-text" not in caplog.text


async def test_a_call_hands_on_what_it_returns_and_what_it_raises() -> None:
    calls = Calls()

    async def succeed() -> int:
        return 7

    async def fail() -> int:
        raise StoreUnavailable("gone")

    assert await calls.run(succeed) == 7
    with pytest.raises(StoreUnavailable, match="gone"):
        await calls.run(fail)
    await calls.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await calls.run(succeed)
