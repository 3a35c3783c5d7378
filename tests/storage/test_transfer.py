"""Everything that one database holds is in the other afterwards, and the other counts on."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli.commands import cli
from bot.domain import lifecycle
from bot.domain.job import State
from bot.domain.money.ledger import Caps, Reservation, Scope, holds_in
from bot.features.pictures import Pictures
from bot.features.preferences import People
from bot.features.servers.servers import ServerRows
from bot.settings import UTC_ZONE
from bot.storage import SqlJobStore, default_database_url, open_store
from bot.storage.data_lock import locked_file
from bot.storage.maintenance.inspection import NotMadeYet, look_at_schema
from bot.storage.maintenance.transfer import (
    ALL_TABLES,
    LARGE_BATCH,
    NotTransferred,
    Transferred,
    transfer,
)
from tests.clocks import FakeClock
from tests.domain.samples import LATER, NOON, a_job
from tests.pictures import a_picture, saved
from tests.storage.behind import done

JOBS = 501
"""More than a batch."""


async def furnished(url: str) -> None:
    """A database with something of everything that counts by itself."""
    holds = holds_in(Scope.OPERATOR, 0, 0, caps=Caps(), at=NOON, zone=UTC_ZONE)
    async with open_store(url) as store:
        for number in range(JOBS):
            job = a_job(number)
            await store.add(job, Reservation(holds=holds))
        assert await store.move(a_job(1), lifecycle.Cancelled(), LATER) is not None
        await People(database=store.database).change(77, {"language": "it"})
        pictures = Pictures(database=store.database, clock=FakeClock(NOON))
        for side in range(400, 400 + LARGE_BATCH + 1):
            await pictures.take(saved(a_picture((side, 400))), user_id=77)
        servers = ServerRows(database=store.database)
        await servers.change(5, {"words": ("kite",)}, by_user_id=77, at=NOON)


async def made(url: str) -> None:
    """A database of a bot that nobody has asked for anything."""
    async with open_store(url):
        pass


async def contents(store: SqlJobStore) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    found: dict[str, Sequence[Mapping[str, Any]]] = {}
    for table in ALL_TABLES:
        rows = await store.database.rows(table.select().order_by(*table.primary_key))
        found[table.name] = [dict(row) for row in rows]
    return found


async def test_there_and_back_again_it_is_all_the_same(
    sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    await furnished(sqlite_url)
    back = default_database_url(tmp_path / "back")
    outcome = await transfer(sqlite_url, postgres_url)
    assert isinstance(outcome, Transferred)
    assert (outcome.rows["jobs"], outcome.rows["ledger"]) == (JOBS, JOBS + 1)
    assert isinstance(await transfer(postgres_url, back), Transferred)
    async with (
        open_store(sqlite_url) as first,
        open_store(postgres_url) as second,
        open_store(back) as third,
    ):
        everything = await contents(first)
        assert everything["audit_entries"]
        assert len(everything["pictures"]) == LARGE_BATCH + 1
        assert everything == await contents(second) == await contents(third)


async def test_the_new_database_counts_on(sqlite_url: str, postgres_url: str) -> None:
    await furnished(sqlite_url)
    await transfer(sqlite_url, postgres_url)
    async with open_store(postgres_url) as store:
        await store.add(a_job(9_999))
        job = await store.get("job-2")
        assert job is not None
        assert await store.move(job, lifecycle.Cancelled(), LATER) is not None
        moved = await store.get("job-2")
    assert moved is not None
    assert moved.state is State.CANCELLED


async def test_a_target_with_data_is_left_alone(sqlite_url: str, postgres_url: str) -> None:
    async with open_store(sqlite_url) as source, open_store(postgres_url) as target:
        await source.add(a_job(1))
        await target.add(a_job(2))
    outcome = await transfer(sqlite_url, postgres_url)
    assert isinstance(outcome, NotTransferred)
    async with open_store(postgres_url) as target:
        assert await target.get("job-1") is None


async def test_a_source_without_tables_is_told_and_left_as_it_is(
    new_sqlite_url: str, new_postgres_url: str
) -> None:
    outcome = await transfer(new_postgres_url, new_sqlite_url)
    assert isinstance(outcome, NotTransferred)
    assert outcome.why.startswith("The source can't be used: it has no tables yet")
    assert await look_at_schema(new_postgres_url) == NotMadeYet()
    assert await look_at_schema(new_sqlite_url) == NotMadeYet()


@pytest.mark.parametrize("which", ["source", "target"])
async def test_a_database_that_a_bot_works_on_is_left_alone(
    sqlite_url: str, postgres_url: str, which: str
) -> None:
    """What a bot over PostgreSQL shows of itself is procrastinate's sign of life."""
    source, target = sqlite_url, postgres_url
    if which == "source":
        source, target = target, source
    await made(source)
    await done(
        postgres_url,
        text("CREATE TABLE procrastinate_workers (last_heartbeat timestamptz)"),
        text("INSERT INTO procrastinate_workers VALUES (now() - interval '1 s')"),
    )
    refused = await transfer(source, target)
    assert isinstance(refused, NotTransferred)
    assert refused.why.startswith(f"A bot works on the {which}")
    long_ago = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
    await done(postgres_url, text(long_ago))
    assert isinstance(await transfer(source, target), Transferred)


def test_the_command_moves_and_says_what_is_next(postgres_url: str, tmp_path: Path) -> None:
    source = tmp_path / "bot.sqlite3"
    missing = CliRunner().invoke(cli, ["move", f"sqlite:///{source}", postgres_url])
    assert missing.exit_code == 1
    assert "There is no database" in missing.stderr
    asyncio.run(made(f"sqlite:///{source}"))
    for held in (source, tmp_path / "new.sqlite3"):
        with locked_file(held):
            away = ["move", f"sqlite:///{source}", f"sqlite:///{tmp_path / 'new.sqlite3'}"]
            refused = CliRunner().invoke(cli, away)
        assert refused.exit_code == 1
        assert f"{held} is in use by another bot process" in refused.stderr
    moved = CliRunner().invoke(cli, ["move", f"sqlite:///{source}", postgres_url])
    assert moved.exit_code == 0, moved.stderr
    assert "Set DATABASE_URL" in moved.stdout
    assert "password" not in moved.output
