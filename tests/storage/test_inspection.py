"""Looking at a database tells how far it is, and changes nothing in it."""

import shutil
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url, text

from bot.domain.ports import StoreUnavailable
from bot.storage import DatabaseTooNew, DatabaseUnusable, open_store
from bot.storage.census import newest_jobs
from bot.storage.engine import create_engine
from bot.storage.maintenance.inspection import (
    CurrentSchema,
    NotMadeYet,
    OlderSchema,
    existing_store,
    look_at_schema,
)
from bot.storage.open import migrate
from bot.storage.revisions import MIGRATIONS

NEXT_REVISION = """
revision = "9999"
down_revision = {former!r}
branch_labels = depends_on = None


def upgrade(op):
    raise AssertionError("somebody only wanted to look")
"""


async def made(database_url: str) -> str:
    """Make the tables of this version; their revision."""
    engine = create_engine(database_url)
    await migrate(engine)
    await engine.dispose()
    state = await look_at_schema(database_url)
    assert isinstance(state, CurrentSchema)
    return state.revision


def a_version_later(folder: Path, *, former: str) -> Path:
    """The migrations of a version that has one more."""
    later = folder / "migrations"
    shutil.copytree(MIGRATIONS, later)
    (later / "versions" / "9999_later.py").write_text(NEXT_REVISION.format(former=former))
    return later


async def test_before_the_first_start_nothing_is_there_and_nothing_is_made(
    new_database_url: str, tmp_path: Path
) -> None:
    before = list(tmp_path.iterdir())
    for _ in range(2):
        assert await look_at_schema(new_database_url) == NotMadeYet()
    assert list(tmp_path.iterdir()) == before


async def test_tables_of_an_older_version_are_told_apart_and_left_as_they_are(
    database_url: str, tmp_path: Path
) -> None:
    present = await made(database_url)
    later = a_version_later(tmp_path, former=present)

    assert await look_at_schema(database_url, migrations=later) == OlderSchema(present)
    assert await look_at_schema(database_url) == CurrentSchema(present)


async def test_a_list_is_read_from_tables_of_this_version_alone(
    new_database_url: str, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseUnusable, match="no tables yet"):
        async with existing_store(new_database_url):
            pass
    assert await look_at_schema(new_database_url) == NotMadeYet()
    present = await made(new_database_url)
    later = a_version_later(tmp_path, former=present)
    with pytest.raises(DatabaseUnusable, match="of an older version"):
        async with existing_store(new_database_url, migrations=later):
            pass
    async with existing_store(new_database_url) as store:
        assert await newest_jobs(store.database, states=(), limit=9) == []


async def test_a_bot_that_runs_is_not_disturbed(database_url: str) -> None:
    async with open_store(database_url) as store:
        assert isinstance(await look_at_schema(database_url), CurrentSchema)
        assert await store.unfinished() == []


async def test_tables_of_a_newer_version_are_not_understood(database_url: str) -> None:
    await made(database_url)
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(DatabaseTooNew, match="the database is newer than this program"):
        await look_at_schema(database_url)


async def test_a_server_that_takes_no_writes_is_no_place_for_jobs(postgres_url: str) -> None:
    name = make_url(postgres_url).database
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(
                sql.Identifier(name or "")
            )
        )
    with pytest.raises(StoreUnavailable, match="takes no writes: is it a replica"):
        await look_at_schema(postgres_url)


async def test_a_file_that_may_not_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    long_name = "x" * 300
    with pytest.raises(StoreUnavailable, match="can't be opened"):
        await look_at_schema(f"sqlite:///{tmp_path}/{long_name}/bot.sqlite3")
