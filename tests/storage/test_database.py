"""One database serves every store: statements are committed, and refused once it is closed."""

import pytest
from sqlalchemy import delete, insert, select

from bot.domain.ports import StoreUnavailable
from bot.storage import SqlJobStore
from bot.storage.rows import row_of
from bot.storage.tables.jobs import jobs
from tests.domain.samples import a_job


async def test_what_one_statement_writes_stands_for_the_next(store: SqlJobStore) -> None:
    assert await store.database.write(insert(jobs).values(row_of(a_job(1)))) == 1
    (row,) = await store.database.rows(select(jobs.c.id))
    assert row["id"] == a_job(1).id


async def test_a_statement_says_how_many_rows_it_touched(store: SqlJobStore) -> None:
    await store.add(a_job(1))
    unknown = delete(jobs).where(jobs.c.id == "unknown")
    assert await store.database.write(unknown) == 0


async def test_a_closed_database_takes_no_statement(store: SqlJobStore) -> None:
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.database.rows(select(jobs.c.id))
