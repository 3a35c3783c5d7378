"""What was erased is in no file of SQLite's any more."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.generation.storyboard import Draft, Storyboard
from bot.features.privacy import PrivacyRows
from bot.features.storyboards import DraftRows
from bot.storage import open_store
from tests.domain.samples import NOON, a_job

ALICE = 77


def is_there(file: Path, canary: bytes) -> bool:
    return any(canary in one.read_bytes() for one in (file, file.with_name(f"{file.name}-wal")))


async def test_nothing_that_somebody_erased_stays_in_the_log_of_writes(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    async with open_store(f"sqlite:///{file}") as store:
        board = Storyboard(prompt="canary of a storyboard")
        draft = Draft(id="d1", owner_id=ALICE, board=board, touched_at=NOON)
        await DraftRows(database=store.database).add(draft)
        assert is_there(file, b"canary")
        await PrivacyRows(database=store.database).forget_person(ALICE)
        assert not is_there(file, b"canary")


async def test_where_somebody_reads_meanwhile_it_is_said_that_it_stays_for_a_while(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "bot.sqlite3"
    async with open_store(f"sqlite:///{file}") as store:
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM jobs").fetchall()
            await store.add(a_job())
            # Ten seconds are the bot's patience, and none of this test's business.
            await store.database.write(text("PRAGMA busy_timeout = 1"))
            await store.database.scrub()
        assert "stays in the database's log" in caplog.text
        await store.database.scrub()
        assert len(caplog.records) == 1


async def test_on_postgresql_there_is_nothing_to_empty(postgres_url: str) -> None:
    async with open_store(postgres_url) as store:
        await store.database.scrub()
        await PrivacyRows(database=store.database).forget_person(ALICE)
