"""Locks that live and die with a connection, on a real server."""

import asyncio

import pytest

from bot.domain.ports import StoreUnavailable
from bot.storage import DatabaseUnusable
from bot.storage.advisory import LockKind, advisory_session
from tests.patience import PATIENCE_S
from tests.storage.behind import until_waiting

SHARD, BUCKET = LockKind.SHARD, LockKind.IDENTIFY


async def test_what_one_holds_no_other_gets(postgres_url: str) -> None:
    async with advisory_session(postgres_url) as mine, advisory_session(postgres_url) as theirs:
        assert await mine.take_free(SHARD, [0, 1]) == {0, 1}
        assert await theirs.take_free(SHARD, [0, 1, 2]) == {2}
        assert await theirs.held_by_anyone(SHARD) == {0, 1, 2}
        assert await theirs.held_by_anyone(BUCKET) == set()


async def test_at_the_end_of_a_session_its_locks_are_free(postgres_url: str) -> None:
    async with advisory_session(postgres_url) as theirs:
        async with advisory_session(postgres_url) as mine:
            await mine.take_free(SHARD, [0])
        # PostgreSQL lets go once it has seen that the connection is closed.
        async with asyncio.timeout(PATIENCE_S):
            await theirs.lock(SHARD, 0)


async def test_a_lock_is_waited_for_and_given_in_the_order_of_asking(postgres_url: str) -> None:
    got: list[str] = []

    async def wait(name: str) -> None:
        async with advisory_session(postgres_url) as session:
            await session.lock(BUCKET, 0)
            got.append(name)
            await session.unlock(BUCKET, 0)

    async with advisory_session(postgres_url) as holder:
        await holder.lock(BUCKET, 0)
        waiting: list[asyncio.Task[None]] = []
        for name in ("first", "second"):
            waiting.append(asyncio.create_task(wait(name)))
            await until_waiting(postgres_url, sessions=len(waiting))
        assert got == []
        await holder.unlock(BUCKET, 0)
        await asyncio.gather(*waiting)

    assert got == ["first", "second"]


async def test_a_wait_that_is_given_up_leaves_no_lock_behind(postgres_url: str) -> None:
    async def wait() -> None:
        async with advisory_session(postgres_url) as session:
            await session.lock(BUCKET, 0)

    async with advisory_session(postgres_url) as holder:
        await holder.lock(BUCKET, 0)
        waiting = asyncio.create_task(wait())
        await until_waiting(postgres_url, sessions=1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await holder.unlock(BUCKET, 0)
        assert await holder.take_free(BUCKET, [0]) == {0}


async def test_who_is_silent_for_too_long_loses_all_locks(postgres_url: str) -> None:
    async with advisory_session(postgres_url, idle_limit_s=1) as frozen:
        await frozen.take_free(SHARD, [0])
        async with advisory_session(postgres_url) as other:
            await other.lock(SHARD, 0)
        with pytest.raises(StoreUnavailable):
            await frozen.take_free(SHARD, ())


async def test_it_needs_postgresql(sqlite_url: str) -> None:
    with pytest.raises(DatabaseUnusable, match="needs PostgreSQL"):
        async with advisory_session(sqlite_url):
            raise AssertionError


async def test_a_server_that_is_not_there_is_told_as_such() -> None:
    with pytest.raises(StoreUnavailable):
        async with advisory_session("postgresql://bot@127.0.0.1:9/kling"):
            raise AssertionError
