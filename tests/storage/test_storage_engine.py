"""Every connection keeps the promises that the engine makes, on both databases."""

import asyncio
import sqlite3
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.ports import Added
from bot.storage import open_store
from bot.storage.engine import conninfo, create_engine, for_writes, sqlite_path
from bot.storage.tables.jobs import job_moves
from tests.domain.samples import NOON, a_job


async def answer(connection: AsyncConnection, question: str) -> object:
    return (await connection.execute(text(question))).scalar_one()


async def test_what_sqlite_commits_is_on_the_disk_and_its_keys_hold(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    async with engine.connect() as connection:
        assert await answer(connection, "PRAGMA journal_mode") == "wal"
        full = 2
        assert await answer(connection, "PRAGMA synchronous") == full
        assert await answer(connection, "PRAGMA foreign_keys") == 1
        assert await answer(connection, "PRAGMA busy_timeout") == 10_000
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        assert driver.isolation_level is None
    await engine.dispose()


async def test_postgresql_may_not_take_for_ever(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    for _ in range(2):
        async with engine.connect() as connection:
            assert await answer(connection, "SHOW statement_timeout") == "15s"
            assert await answer(connection, "SHOW idle_in_transaction_session_timeout") == "15s"
            assert await answer(connection, "SHOW synchronous_commit") == "on"
    await engine.dispose()


@pytest.mark.parametrize("how", ["postgresql+psycopg", "postgresql", "postgres"])
async def test_a_server_that_vanishes_is_noticed_by_every_connection_however_it_is_made(
    postgres_url: str, how: str
) -> None:
    url = make_url(postgres_url).set(drivername=how).render_as_string(hide_password=False)
    noticing = {
        "connect_timeout": "10",
        "tcp_user_timeout": "15000",
        "keepalives_idle": "15",
        "keepalives_interval": "5",
        "keepalives_count": "3",
    }
    engine = create_engine(url)
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, psycopg.AsyncConnection)
        assert driver.info.get_parameters().items() >= noticing.items()
    await engine.dispose()
    async with await psycopg.AsyncConnection.connect(conninfo(url)) as plain:
        assert plain.info.get_parameters().items() >= noticing.items()
    impatient = make_url(url).update_query_dict({"connect_timeout": "3"})
    said = conninfo_to_dict(conninfo(impatient.render_as_string(hide_password=False)))
    assert said["connect_timeout"] == "3"


async def test_a_history_without_its_job_is_refused(database_url: str) -> None:
    async with open_store(database_url):
        pass
    orphan = {"job_id": "nobody", "version": 0, "event": "Added", "state": "waiting", "at": NOON}
    engine = create_engine(database_url)
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        async with engine.begin() as connection:
            await connection.execute(job_moves.insert(), orphan)
    await engine.dispose()


async def test_a_transaction_that_writes_holds_the_lock_of_sqlite_from_its_beginning(
    sqlite_url: str,
) -> None:
    engine = create_engine(sqlite_url)
    other = sqlite3.connect(str(sqlite_path(engine)), timeout=0, isolation_level=None)
    async with for_writes(engine).begin():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    async with engine.begin():
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    other.close()
    await engine.dispose()


async def test_a_transaction_that_reads_sees_one_moment_of_sqlite(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        assert await store.add(a_job(1)) == Added()
        engine = create_engine(sqlite_url)
        async with engine.connect() as connection:
            assert await answer(connection, "SELECT count(*) FROM jobs") == 1
            assert await store.add(a_job(2)) == Added()
            assert await answer(connection, "SELECT count(*) FROM jobs") == 1
        await engine.dispose()


async def test_sqlite_undoes_created_tables_with_the_rest(new_sqlite_url: str) -> None:
    async def create_and_stumble(engine: AsyncEngine) -> None:
        async with for_writes(engine).begin() as connection:
            await connection.execute(text("CREATE TABLE half_made (id INTEGER)"))
            await connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    engine = create_engine(new_sqlite_url)
    with pytest.raises(OperationalError, match="no such table: nowhere"):
        await create_and_stumble(engine)
    async with engine.connect() as connection:
        assert await answer(connection, "SELECT count(*) FROM sqlite_master") == 0
    await engine.dispose()


async def test_the_event_loop_runs_on_while_sqlite_waits_for_a_lock(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        path = sqlite_path(create_engine(sqlite_url))
        holder = sqlite3.connect(str(path), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        adding = asyncio.create_task(store.add(a_job()))
        # As many turns as one likes, until the lock is free: SQLite itself waits for 10 s.
        for _ in range(1_000):
            await asyncio.sleep(0)
        assert not adding.done()
        holder.execute("ROLLBACK")
        holder.close()
        assert await adding == Added()


def test_the_file_behind_an_engine_is_known_and_a_server_has_none() -> None:
    assert sqlite_path(create_engine("sqlite:////data/bot.sqlite3")) == Path("/data/bot.sqlite3")
    assert sqlite_path(create_engine("postgresql://db/bot")) is None


def test_an_engine_shows_neither_password_nor_values() -> None:
    engine = create_engine("postgresql://bot:canary-password@db/bot")
    assert "canary-password" not in repr(engine) + str(engine.url)
    assert engine.sync_engine.hide_parameters is True


async def test_a_read_does_not_wait_for_a_write_in_sqlite(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        assert await store.add(a_job(1)) == Added()
        engine = create_engine(sqlite_url)
        async with for_writes(engine).begin() as writing:
            await writing.execute(text("UPDATE jobs SET version = 7"))
            async with engine.connect() as reading:
                assert await answer(reading, "SELECT version FROM jobs") == 0
        async with engine.connect() as reading:
            assert await answer(reading, "SELECT version FROM jobs") == 7
        await engine.dispose()
