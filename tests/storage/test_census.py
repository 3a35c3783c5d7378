"""The database is asked about itself: how many jobs stand where, and whether it takes writes."""

from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.domain.job import State
from bot.domain.lifecycle import SendingBegan
from bot.domain.observer import Population
from bot.domain.ports import StoreUnavailable
from bot.storage import SqlJobStore, open_store
from bot.storage.census import SqlCensus
from bot.storage.engine import create_engine
from tests.domain.samples import LATER, a_job
from tests.storage.behind import done


async def test_jobs_are_counted_by_state_and_what_is_not_there_is_not_named(
    store: SqlJobStore,
) -> None:
    for number in range(3):
        await store.add(a_job(number))
    await store.move(a_job(2), SendingBegan(), LATER)

    census = SqlCensus(database=store.database)
    assert await census.jobs_by_state() == {State.WAITING: 2, State.SUBMITTING: 1}
    assert await census.populations() == {
        State.WAITING: Population(2, a_job(0).state_since),
        State.SUBMITTING: Population(1, LATER),
    }


async def test_of_jobs_that_are_over_nobody_asks_since_when(store: SqlJobStore) -> None:
    await store.add(a_job(1, state=State.DELIVERED))
    await store.add(a_job(2, state=State.UNSURE))

    assert await SqlCensus(database=store.database).populations() == {
        State.DELIVERED: Population(1),
        State.UNSURE: Population(1, a_job(2).state_since),
    }


async def test_a_write_is_tried_that_is_one_and_changes_nothing(
    database_url: str, store: SqlJobStore
) -> None:
    revisions = text("SELECT version_num FROM alembic_version")
    before = await store.database.rows(revisions)
    written = await written_so_far(store, database_url)
    await SqlCensus(database=store.database).try_writing()

    assert await written_so_far(store, database_url) > written
    assert await store.database.rows(revisions) == before


async def test_trying_again_and_again_does_not_make_the_database_grow(
    database_url: str, store: SqlJobStore
) -> None:
    size = text(
        "SELECT pg_relation_size('alembic_version') AS bytes"
        if database_url.startswith("postgresql")
        else "SELECT page_count AS bytes FROM pragma_page_count"
    )
    census = SqlCensus(database=store.database)
    await census.try_writing()
    before = await store.database.rows(size)
    for _ in range(400):
        await census.try_writing()

    assert await store.database.rows(size) == before


async def test_a_try_needs_room_on_postgresqls_disk(postgres_url: str) -> None:
    async with open_store(postgres_url) as store:
        (row,) = await store.database.rows(text("SELECT current_database() AS name"))
    no_room = f'ALTER DATABASE "{row["name"]}" SET temp_file_limit = 0'
    await done(postgres_url, text(no_room))
    async with open_store(postgres_url) as store:
        with pytest.raises(StoreUnavailable, match="ConfigurationLimitExceeded"):
            await SqlCensus(database=store.database).try_writing()


async def written_so_far(store: SqlJobStore, database_url: str) -> int:
    """Bytes of the log that every write goes to first."""
    if database_url.startswith("postgresql"):
        asked = text("SELECT pg_current_wal_lsn() - '0/0' AS bytes")
        (row,) = await store.database.rows(asked)
        return int(row["bytes"])
    return Path(f"{make_url(database_url).database}-wal").stat().st_size


async def test_a_postgresql_that_can_only_be_read_is_told(postgres_url: str) -> None:
    async with open_store(postgres_url) as store:
        (row,) = await store.database.rows(text("SELECT current_database() AS name"))
    read_only = f'ALTER DATABASE "{row["name"]}" SET default_transaction_read_only = on'
    await done(postgres_url, text(read_only))
    store = SqlJobStore(engine=create_engine(postgres_url))
    census = SqlCensus(database=store.database)
    try:
        assert await census.populations() == {}
        with pytest.raises(StoreUnavailable):
            await census.try_writing()
    finally:
        await store.close()


async def test_a_store_that_was_closed_is_told(store: SqlJobStore) -> None:
    await store.close()
    with pytest.raises(StoreUnavailable):
        await SqlCensus(database=store.database).try_writing()
