"""A backup is whole at any time, hurts nobody, and is its owner's alone."""

import asyncio
import sqlite3
import stat
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.ports import Added
from bot.storage import DatabaseUnusable, SqlJobStore, default_database_url, open_store
from bot.storage.maintenance.backup import BackedUp, NotBackedUp, back_up
from tests.domain.samples import a_job


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    """A bot's store, in use."""
    async with open_store(sqlite_url) as opened:
        yield opened


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_what_was_written_a_moment_ago_is_in_it(
    store: SqlJobStore, sqlite_url: str, tmp_path: Path
) -> None:
    assert await store.add(a_job(1)) == Added()
    into = tmp_path / "copies" / "bot.sqlite3"
    into.parent.mkdir()
    outcome = await back_up(sqlite_url, into)

    assert outcome == BackedUp(into.stat().st_size)
    assert permissions(into) == 0o600
    assert names_in(into.parent) == ["bot.sqlite3"]
    # What the file format calls "legacy": a copy that needs no side files to be read.
    assert into.read_bytes()[18:20] == b"\x01\x01"
    async with open_store(default_database_url(into.parent)) as restored:
        assert await restored.get("job-1") == a_job(1)


async def test_a_bot_that_writes_all_the_time_is_copied_at_one_moment(
    store: SqlJobStore, sqlite_url: str, tmp_path: Path
) -> None:
    written = 0

    async def write() -> None:
        nonlocal written
        while True:
            assert await store.add(a_job(written + 1)) == Added()
            written += 1

    writing = asyncio.create_task(write())
    try:
        for number in range(5):
            before = written
            while written == before:
                assert not writing.done()
                await asyncio.sleep(0)
            into = tmp_path / f"copy-{number}"
            assert isinstance(await back_up(sqlite_url, into), BackedUp)
            with closing(sqlite3.connect(into)) as copy:
                (jobs,) = copy.execute("SELECT count(*) FROM jobs").fetchone()
                # Each job is written together with the beginning of its history.
                (beginnings,) = copy.execute("SELECT count(*) FROM job_moves").fetchone()
            assert jobs == beginnings
            assert before < jobs <= written + 1
    finally:
        writing.cancel()
    await asyncio.wait({writing})
    assert writing.cancelled()
    assert written >= 5


async def test_without_a_running_bot_it_leaves_nothing_beside_the_database(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_store(sqlite_url) as store:
        await store.add(a_job(1))
    assert isinstance(await back_up(sqlite_url, tmp_path / "copy"), BackedUp)
    assert names_in(tmp_path) == ["bot.sqlite3", "copy"]


async def test_a_file_that_is_there_is_left_as_it_is(
    store: SqlJobStore, sqlite_url: str, tmp_path: Path
) -> None:
    assert await store.unfinished() == []
    (tmp_path / "precious").write_text("last year's backup")
    outcome = await back_up(sqlite_url, tmp_path / "precious")

    assert isinstance(outcome, NotBackedUp)
    assert "is there already, and is left as it is" in outcome.why
    assert (tmp_path / "precious").read_text() == "last year's backup"


async def test_of_two_backups_into_one_file_one_is_refused(
    store: SqlJobStore, sqlite_url: str, tmp_path: Path
) -> None:
    assert await store.unfinished() == []
    outcomes = await asyncio.gather(*(back_up(sqlite_url, tmp_path / "copy") for _ in range(2)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BackedUp", "NotBackedUp"]
    assert (tmp_path / "copy").stat().st_size > 0


async def test_what_a_killed_backup_left_behind_is_in_nobodys_way(
    store: SqlJobStore, sqlite_url: str, tmp_path: Path
) -> None:
    assert await store.unfinished() == []
    (tmp_path / "copy.part").write_text("half a backup")
    assert isinstance(await back_up(sqlite_url, tmp_path / "copy"), BackedUp)
    assert "copy.part" not in names_in(tmp_path)


async def test_a_database_that_is_not_there_is_not_made(
    new_sqlite_url: str, tmp_path: Path
) -> None:
    outcome = await back_up(new_sqlite_url, tmp_path / "copy")
    assert isinstance(outcome, NotBackedUp)
    assert outcome.why.startswith("There is no database yet in ")
    assert names_in(tmp_path) == []


async def test_what_is_no_database_is_not_copied(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite3").write_text("canary-text " * 100)
    outcome = await back_up(sqlite_url, tmp_path / "copy")
    assert isinstance(outcome, NotBackedUp)
    assert outcome.why.endswith("can't be copied: file is not a database.")
    assert names_in(tmp_path) == ["bot.sqlite3"]


async def test_a_damaged_database_is_told_apart_from_a_sound_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_store(sqlite_url) as store:
        for number in range(200):
            await store.add(a_job(number))
    content = bytearray((tmp_path / "bot.sqlite3").read_bytes())
    # Behind the schema, whose pages come first, the pages of rows and indexes.
    content[-40_000:] = b"\xff" * 40_000
    (tmp_path / "bot.sqlite3").write_bytes(content)
    outcome = await back_up(sqlite_url, tmp_path / "copy")

    assert isinstance(outcome, NotBackedUp)
    assert outcome.why.endswith("is damaged: keep it, and go back to an earlier backup.")
    assert names_in(tmp_path) == ["bot.sqlite3"]


async def test_a_folder_that_is_not_there_is_said_to_be_so(
    store: SqlJobStore, sqlite_url: str, tmp_path: Path
) -> None:
    assert await store.unfinished() == []
    outcome = await back_up(sqlite_url, tmp_path / "nowhere" / "copy")
    assert outcome == NotBackedUp(
        f"{tmp_path / 'nowhere' / 'copy'} can't be written: No such file or directory."
    )


async def test_what_cannot_be_put_aside_leaves_nothing_behind(
    store: SqlJobStore, sqlite_url: str, tmp_path: Path
) -> None:
    assert await store.unfinished() == []
    (tmp_path / "copy.part").mkdir()
    outcome = await back_up(sqlite_url, tmp_path / "copy")
    assert isinstance(outcome, NotBackedUp)
    assert outcome.why.startswith(f"{tmp_path / 'copy'} can't be written: ")
    assert not (tmp_path / "copy").exists()


async def test_postgresql_is_left_to_its_own_tool_whose_command_is_told(tmp_path: Path) -> None:
    url = "postgresql://bot:canary-password@db.example.org:5433/kling?sslmode=require"
    outcome = await back_up(url, Path("my backup"))
    assert outcome == NotBackedUp(
        "PostgreSQL makes its own backups, at any time: pg_dump --format=custom "
        "'--file=my backup' --username=bot 'postgresql://db.example.org:5433/kling?sslmode=require'"
    )
    assert names_in(tmp_path) == []


async def test_a_url_of_nothing_that_is_served_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="use mysql"):
        await back_up("mysql://db/bot", tmp_path / "copy")
