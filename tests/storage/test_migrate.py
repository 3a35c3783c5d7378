"""Migrations lead to exactly the schema of the code, once, however many start at the same time."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.exc import DBAPIError

from bot.domain.ports import Added, StoreUnavailable
from bot.storage import DatabaseTooNew, default_database_url, open_store
from bot.storage.engine import create_engine
from bot.storage.open import migrate
from bot.storage.revisions import MIGRATIONS, known_revisions
from bot.storage.tables.jobs import metadata
from tests.databases import PostgresServer
from tests.domain.samples import a_job
from tests.storage.behind import done, seen

REVISIONS = text("SELECT version_num FROM alembic_version")
OPEN_IN_A_PROCESS = """
import asyncio, sys
from bot.storage import open_store

async def main():
    async with open_store(sys.argv[1]) as store:
        print(len(await store.unfinished()))

asyncio.run(main())
"""


def as_text(index: ReflectedIndex) -> str:
    """An index with its conditions, which are read as expressions that equal nothing."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def schema(connection: Connection) -> dict[str, Any]:
    """All that the database says of our tables, names of constraints included."""
    inspector: Inspector = inspect(connection)
    return {
        name: {
            "columns": [
                (c["name"], repr(c["type"]), c["nullable"], c["default"])
                for c in inspector.get_columns(name)
            ],
            "primary key": inspector.get_pk_constraint(name),
            "foreign keys": inspector.get_foreign_keys(name),
            "unique": inspector.get_unique_constraints(name),
            "indexes": sorted(map(as_text, inspector.get_indexes(name))),
        }
        for name in sorted(inspector.get_table_names())
        if name != "alembic_version"
    }


async def test_a_migrated_database_has_nothing_that_alembic_would_still_change(
    new_database_url: str,
) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, metadata))

    engine = create_engine(new_database_url)
    try:
        async with engine.connect() as connection:
            assert len(await connection.run_sync(differences)) >= len(metadata.tables)
        await migrate(engine)
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
            assert set(await connection.run_sync(schema)) == set(metadata.tables)
    finally:
        await engine.dispose()


async def test_migrations_and_code_make_the_same_schema_to_the_last_name(
    database_url: str,
) -> None:
    engine = create_engine(database_url)
    try:
        await migrate(engine)
        async with engine.begin() as connection:
            migrated = await connection.run_sync(schema)
            await connection.run_sync(metadata.drop_all)
            await connection.run_sync(metadata.create_all)
            coded = await connection.run_sync(schema)
    finally:
        await engine.dispose()

    assert migrated == coded
    assert len(migrated["jobs"]["columns"]) == len(metadata.tables["jobs"].columns)


def test_the_migrations_are_one_line_and_named_by_their_number() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    line = [script.revision for script in scripts.walk_revisions()]

    assert scripts.get_heads() == line[:1]
    assert line[-1] == "0001"
    assert [Path(script.path).name[:4] for script in scripts.walk_revisions()] == line
    assert list(known_revisions()) == line[::-1]


async def test_a_second_start_changes_nothing(database_url: str) -> None:
    async with open_store(database_url) as store:
        assert await store.add(a_job()) == Added()
    before = await seen(database_url, REVISIONS)
    async with open_store(database_url) as store:
        assert await store.get("job-1") == a_job()
    assert await seen(database_url, REVISIONS) == before
    assert len(before) == 1


def test_a_start_with_nothing_to_migrate_does_not_load_alembic(new_sqlite_url: str) -> None:
    code = f"{OPEN_IN_A_PROCESS}\nprint('alembic' in sys.modules)"
    said = [
        subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", code, new_sqlite_url], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]

    assert said == ["0\nTrue\n", "0\nFalse\n"]


async def test_many_tasks_may_open_one_new_database_at_once(new_database_url: str) -> None:
    async def open_and_add(number: int) -> object:
        async with open_store(new_database_url) as store:
            return await store.add(a_job(number))

    assert await asyncio.gather(*map(open_and_add, range(6))) == [Added()] * 6
    assert len(await seen(new_database_url, REVISIONS)) == 1


async def test_many_processes_may_open_one_new_database_at_once(new_database_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            OPEN_IN_A_PROCESS,
            new_database_url,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]
    said = await asyncio.gather(*(process.communicate() for process in processes))

    assert said == [(b"0\n", b"")] * 3
    assert len(await seen(new_database_url, REVISIONS)) == 1


async def test_databases_of_both_kinds_may_be_opened_at_once(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    async def open_and_add(number: int, url: str) -> object:
        async with open_store(url) as store:
            await store.add(a_job(number))
            return await store.unfinished()

    files = [default_database_url(tmp_path / str(number)) for number in range(3)]
    with postgres.fresh_database() as first, postgres.fresh_database() as second:
        urls = [*files, first, second]
        found = await asyncio.gather(*(open_and_add(n, url) for n, url in enumerate(urls)))

    assert found == [[a_job(number)] for number in range(5)]


async def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(
    new_database_url: str,
) -> None:
    await done(new_database_url, text("CREATE TABLE job_moves (in_the_way INTEGER)"))

    with pytest.raises(StoreUnavailable, match="the database failed"):
        async with open_store(new_database_url):
            pytest.fail("it opened")

    with pytest.raises(DBAPIError, match="jobs"):
        await seen(new_database_url, text("SELECT * FROM jobs"))
    await done(new_database_url, text("DROP TABLE job_moves"))
    async with open_store(new_database_url) as store:
        assert await store.add(a_job()) == Added()


async def test_a_database_from_the_future_is_refused_and_left_alone(database_url: str) -> None:
    async with open_store(database_url) as store:
        assert await store.add(a_job()) == Added()
    await done(database_url, text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseTooNew, match=r"newer than this program \(its schema is 9999"):
        async with open_store(database_url):
            pytest.fail("it opened")

    assert [row["version_num"] for row in await seen(database_url, REVISIONS)] == ["9999"]
    back = text("UPDATE alembic_version SET version_num = :newest")
    await done(database_url, back.bindparams(newest=known_revisions()[-1]))
    async with open_store(database_url) as store:
        assert await store.get("job-1") == a_job()


async def test_the_refusal_says_what_to_do(sqlite_url: str) -> None:
    async with open_store(sqlite_url):
        pass
    await done(sqlite_url, text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseTooNew) as refusal:
        async with open_store(sqlite_url):
            pytest.fail("it opened")

    assert re.search(r"known here is up to \d{4}", str(refusal.value))
    assert "start the version that wrote it" in str(refusal.value)
    assert "put back a copy" in str(refusal.value)
