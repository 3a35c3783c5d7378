"""Lists and histories: right in both databases, and found by an index however many there are."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, make_url
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from bot.domain.job import Job, State
from bot.domain.lifecycle import Accepted, CardDeleted, Delivered, RenderingSucceeded, SendingBegan
from bot.domain.ports import StoreUnavailable
from bot.features.library.library_rows import (
    Cursor,
    Happening,
    LibraryRows,
    Way,
    history_query,
    page_query,
)
from bot.storage import SqlJobStore, open_store
from tests.domain.samples import A_VIDEO, LATER, NOON, a_job

EVERY = frozenset(State)


async def planned(url: str, query: Select[*tuple[Any, ...]]) -> str:
    """How SQLite would go about it, in its own words."""
    async with open_store(url):
        pass
    compiled = query.compile(dialect=SQLiteDialect(), compile_kwargs={"render_postcompile": True})
    with closing(sqlite3.connect(str(make_url(url).database))) as database:
        steps = database.execute(
            f"EXPLAIN QUERY PLAN {compiled}", [0] * len(compiled.positiontup or ())
        ).fetchall()
    return "; ".join(step[-1] for step in steps)


@pytest.fixture
def library(store: SqlJobStore) -> LibraryRows:
    return LibraryRows(database=store.database)


async def added(store: SqlJobStore, *jobs: Job) -> list[Job]:
    for job in jobs:
        await store.add(job)
    return list(jobs)


async def test_somebodys_jobs_are_listed_newest_first_and_nobody_elses(
    store: SqlJobStore, library: LibraryRows
) -> None:
    theirs = await added(store, *(a_job(number) for number in range(1, 5)))
    await added(store, a_job(9).model_copy(update={"requester_id": 78}))

    found = await library.listed(77, states=EVERY, beyond=None, way=Way.OLDER, limit=3)

    assert found == theirs[:0:-1]


async def test_a_list_goes_on_beyond_a_mark_both_ways_even_within_one_instant(
    store: SqlJobStore, library: LibraryRows
) -> None:
    at_once = [a_job(number).model_copy(update={"created_at": NOON}) for number in range(1, 6)]
    jobs = await added(store, *at_once)
    mark = Cursor.at(jobs[2])

    older = await library.listed(77, states=EVERY, beyond=mark, way=Way.OLDER, limit=9)
    newer = await library.listed(77, states=EVERY, beyond=mark, way=Way.NEWER, limit=9)

    assert older == [jobs[1], jobs[0]]
    assert newer == [jobs[3], jobs[4]]


async def test_a_list_may_be_of_some_states(store: SqlJobStore, library: LibraryRows) -> None:
    jobs = await added(store, *(a_job(n, state=state) for n, state in enumerate(State)))
    wanted = frozenset({State.FAILED, State.QUEUED})

    found = await library.listed(77, states=wanted, beyond=None, way=Way.NEWER, limit=9)

    assert found == [job for job in jobs if job.state in wanted]


async def test_the_history_is_told_in_order(store: SqlJobStore, library: LibraryRows) -> None:
    (job,) = await added(store, a_job())
    happenings = (
        SendingBegan(),
        Accepted("r"),
        RenderingSucceeded((A_VIDEO,), 1),
        Delivered(),
        CardDeleted(),
    )
    for number, event in enumerate(happenings):
        moved = await store.move(job, event, LATER + timedelta(seconds=number))
        assert moved is not None
        job = moved

    history = await library.history(job.id)

    assert [happening.state for happening in history] == [
        State.WAITING,
        State.SUBMITTING,
        State.QUEUED,
        State.RENDERED,
        State.DELIVERED,
        State.DELIVERED,
    ]
    assert history[0] == Happening(State.WAITING, job.created_at)
    assert history[-1].at == LATER + timedelta(seconds=4)
    assert (await store.get(job.id)) == job
    assert job.deleted


async def test_a_database_that_is_closed_says_so(store: SqlJobStore, library: LibraryRows) -> None:
    await store.close()
    with pytest.raises(StoreUnavailable):
        await library.listed(77, states=EVERY, beyond=None, way=Way.OLDER, limit=1)


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("beyond", [None, Cursor(NOON, "job-1")])
@pytest.mark.parametrize("states", [EVERY, frozenset({State.FAILED})])
async def test_sqlite_finds_a_page_by_the_index_on_requester_and_time(
    sqlite_url: str, way: Way, beyond: Cursor | None, states: frozenset[State]
) -> None:
    query = page_query(77, states=states, beyond=beyond, way=way).limit(6)

    plan = await planned(sqlite_url, query)

    assert "USING INDEX ix_jobs_requester_id_created_at" in plan
    assert "SCAN" not in plan
    assert "B-TREE FOR ORDER BY" not in plan


async def test_sqlite_finds_a_history_by_the_primary_key(sqlite_url: str) -> None:
    plan = await planned(sqlite_url, history_query("job-1"))
    assert plan.startswith("SEARCH job_moves USING INDEX")
    assert "B-TREE" not in plan
