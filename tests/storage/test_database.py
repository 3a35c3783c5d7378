"""One database serves every store: statements are committed, and refused once it is closed."""

import gc
import threading

import pytest
from sqlalchemy import RowMapping, delete, insert, select

from bot.domain.ports import StoreUnavailable
from bot.storage import SqlJobStore
from bot.storage.database import ROWS_AT_A_TIME
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


async def test_thousands_of_rows_are_read_in_threads_and_no_more_than_a_batch_is_kept(
    store: SqlJobStore,
) -> None:
    many = 3 * ROWS_AT_A_TIME
    rows = [row_of(a_job(n)) for n in range(many)]
    *_, last = ids = sorted(a_job(n).id for n in range(many))
    await store.database.transact(lambda connection: connection.execute(insert(jobs), rows))
    read_in, kept = set[int](), list[int]()

    def read(row: RowMapping) -> str:
        read_in.add(threading.get_ident())
        if row["id"] == last:
            kept.append(sum(isinstance(one, RowMapping) for one in gc.get_objects()))
        return str(row["id"])

    found = await store.database.many_readable(select(jobs.c.id).order_by(jobs.c.id), read)

    assert found == ids
    assert threading.get_ident() not in read_in
    assert 0 < kept[0] <= 2 * ROWS_AT_A_TIME
