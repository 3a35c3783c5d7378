"""Wherever a table names somebody they are given it, and it goes at their wish or is said to stay.

The rows are made up from the tables, so a new table is tried as soon as it is known to name people.
"""

import json
import re
from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Table, func, insert, select

from bot.domain.money.ledger import Scope
from bot.features.people import NAMINGS, VIDEOS, Fate, Naming
from bot.features.privacy import PrivacyRows
from bot.storage import SqlJobStore
from bot.storage.tables.jobs import Instant, metadata
from tests.domain.samples import NOON, a_job

ALICE = 1_400_000_000_000_000_001
NAMES_NOBODY = re.compile(
    r"(guild|server|channel|thread|message|review_channel|review_message|interaction|key)_id"
    r"|.*_microusd|.*_bytes|took_ms|queue_position|seq|server_keys\.id"
    # Ids of interactions: each is one press or command, and the row names whose it is beside it.
    r"|storyboard_drafts\.(taken_by|asked_by)"
)
"""What else is a large number: a column of another name may hold a person's id."""


def named(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"


def may_hold_a_persons_id(column: Column[Any]) -> bool:
    is_something_else = NAMES_NOBODY.fullmatch(column.name) or NAMES_NOBODY.fullmatch(named(column))
    return isinstance(column.type, BigInteger) and not is_something_else


def test_no_column_holds_a_persons_id_and_is_not_known_to() -> None:
    known = {named(column) for naming in NAMINGS for column in naming.columns}
    found = {
        named(column)
        for table in metadata.sorted_tables
        for column in table.c
        if may_hold_a_persons_id(column)
    }
    assert found == known


def test_what_is_not_erased_at_a_wish_has_its_reason() -> None:
    assert [naming.name for naming in NAMINGS if bool(naming.because) is not is_kept(naming)] == []
    assert len({naming.name for naming in NAMINGS}) == len(NAMINGS)


def is_kept(naming: Naming) -> bool:
    return naming.fate is Fate.BY_ITSELF


@pytest.mark.parametrize("naming", NAMINGS, ids=lambda naming: naming.name)
async def test_who_is_named_is_given_it_and_erased_as_it_says(
    store: SqlJobStore, naming: Naming
) -> None:
    people = PrivacyRows(database=store.database)
    await store.add(a_job())
    if naming.table.name != "jobs":
        await store.database.write(insert(naming.table).values(a_row(naming, ALICE)))
    elif naming is not VIDEOS:
        await store.add(a_job(2).model_copy(update={"reviewed_by": ALICE}))
    else:
        await store.add(a_job(2).model_copy(update={"requester_id": ALICE}))

    assert await how_many(store, naming, ALICE) == 1
    if naming is VIDEOS:
        found = [job.id async for some, _ in people.jobs_of(ALICE) for job in some]
        assert found == ["job-2"]
    else:
        given = await people.rows_of(ALICE)
        assert [name for name, rows in given.items() if rows and name == naming.name]
        assert str(ALICE) in map(str, json.loads(given[naming.name][0]).values())
    assert not any((await people.rows_of(ALICE + 1)).values())

    rows = await rows_in(store, naming.table)
    await people.forget_person(ALICE)
    assert await how_many(store, naming, ALICE) == int(is_kept(naming))
    assert await rows_in(store, naming.table) == rows - int(naming.fate is Fate.GOES)


def a_row(naming: Naming, who: int) -> dict[str, Any]:
    """A row of the table that names this person in this way, with anything else in it."""
    row = {column.name: anything(column) for column in naming.table.c if not column.nullable}
    of_whom = naming.columns[-1].name
    return row | ({"scope": Scope.MEMBER.value} if "scope" in row else {}) | {of_whom: who}


def anything(column: Column[Any]) -> object:
    if isinstance(column.type, Instant):
        return NOON
    if isinstance(column.type, Boolean):
        return False
    return "job-1" if column.type.python_type is str else 9


async def how_many(store: SqlJobStore, naming: Naming, who: int) -> int:
    counted = select(func.count().label("n")).select_from(naming.table).where(naming.of(who))
    (row,) = await store.database.rows(counted)
    return int(row["n"])


async def rows_in(store: SqlJobStore, table: Table) -> int:
    (row,) = await store.database.rows(select(func.count().label("n")).select_from(table))
    return int(row["n"])


async def test_what_somebody_made_with_the_operators_key_is_counted_as_theirs(
    store: SqlJobStore,
) -> None:
    people = PrivacyRows(database=store.database)
    (balances,) = [naming for naming in NAMINGS if naming.name == "balances"]
    theirs = a_row(balances, 1) | {"scope": Scope.OPERATOR_USER.value, "owner_id": ALICE}
    a_roles = a_row(balances, ALICE) | {"scope": Scope.ROLE.value}
    for row in (theirs, a_roles):
        await store.database.write(insert(balances.table).values(row))
    (given,) = (await people.rows_of(ALICE))["balances"]
    assert json.loads(given)["scope"] == Scope.OPERATOR_USER.value


def test_nobody_is_given_a_sealed_key_or_whom_else_a_row_names() -> None:
    given = {naming.name: naming.shown for naming in NAMINGS}
    assert "token" not in given["keys_given"]
    assert not {"before", "after"} & {*given["decisions"]}
    assert not {"owner_id", "subject_id"} & {*given["adjustments_made"]}
    assert not {"requester_id", "request"} & {*given["reviews"]}
    assert "by_user_id" not in given["adjustments"]
