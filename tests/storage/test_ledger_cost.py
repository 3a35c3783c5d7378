"""What the ledger costs: few statements, whatever the number of accounts, and each by an index."""

import logging
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from bot.domain.job import Job
from bot.domain.lifecycle import Cancelled
from bot.domain.ports import Added
from bot.storage import SqlJobStore, default_database_url, open_store
from bot.storage.ledger import SqlLedger
from tests.domain.samples import LATER
from tests.storage.money import job_of, reservation_for


@contextmanager
def statements() -> Generator[list[str]]:
    """The statements that any database is told meanwhile."""
    told: list[str] = []

    def tell(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", tell)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", tell)


async def asked_with(store: SqlJobStore, job: Job, *, roles: int) -> list[str]:
    reservation = reservation_for(job, role_ids=frozenset(range(roles)))
    with statements() as told:
        assert await store.add(job, reservation) == Added()
    return told


async def test_an_ask_takes_as_many_statements_with_ten_more_roles(tmp_path: Path) -> None:
    async with open_store(default_database_url(tmp_path)) as store:
        few = await asked_with(store, job_of(1), roles=0)
        many = await asked_with(store, job_of(2), roles=10)
    assert few == many
    assert len(few) <= 7, "BEGIN, and an INSERT into each table"


async def test_an_ask_goes_once_to_sqlites_thread_for_each_statement_and_to_commit(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each way there and back takes as much of the processor as a short statement itself."""
    async with open_store(default_database_url(tmp_path)) as store:
        await asked_with(store, job_of(1), roles=0)
        with caplog.at_level(logging.DEBUG, "aiosqlite"):
            told = await asked_with(store, job_of(2), roles=10)
    ways = [record for record in caplog.records if record.msg.startswith("executing")]
    assert len(ways) == len(told) + 1


@pytest.mark.parametrize("act", ["ask", "end", "look"])
async def test_no_balance_is_sought_among_all_of_them(tmp_path: Path, act: str) -> None:
    job, other = job_of(1), job_of(2)
    url = default_database_url(tmp_path)
    async with open_store(url) as store:
        assert await store.add(job, reservation_for(job)) == Added()
        with statements() as told:
            match act:
                case "ask":
                    assert await store.add(other, reservation_for(other)) == Added()
                case "end":
                    assert await store.move(job, Cancelled(), LATER) is not None
                case _:
                    accounts = [hold.account for hold in reservation_for(job).holds]
                    assert await SqlLedger(database=store.database).balances(accounts)
    of_balances = [statement for statement in told if "account_balances" in statement]
    assert of_balances
    for statement in of_balances:
        plan = planned(tmp_path, statement)
        assert plan
        assert not [step for step in plan if step.startswith("SCAN")], statement


def planned(folder: Path, statement: str) -> list[str]:
    """How SQLite would go about it."""
    (file,) = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as connection:
        values = [0] * statement.count("?")
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    return [row[3] for row in rows]
