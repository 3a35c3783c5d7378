"""The newest bot starts on a database that the first release left, with live jobs in it."""

import importlib
import pkgutil
import signal
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

import bot.storage
from bot.domain.job import State
from bot.playground.runcomfy_jobs import StandInJob
from bot.playground.runcomfy_scenario import Scenario
from bot.storage import open_store
from bot.storage.engine import create_engine
from bot.storage.maintenance.backup import BackedUp, back_up
from bot.storage.maintenance.restore import Restored, restore
from bot.storage.open import migrate
from bot.storage.tables.jobs import metadata
from tests.clocks import START
from tests.live import objects
from tests.live.bot_process import Town
from tests.runcomfy.answers import usual_input
from tests.updating.dumps import first_schema, job_rows, loaded, moved_to, states
from tests.updating.first_life import FIRST_STATES, prompt_of

DOWN_FOR = timedelta(minutes=3)
"""How long the update took: longer than a POST may be under way."""
AT_ONCE = Scenario(queue_s=0, rendering_s=0)
GOES_ON_TO = {
    State.WAITING: State.DELIVERED,
    State.SUBMITTING: State.UNSURE,
    State.QUEUED: State.DELIVERED,
    State.RENDERING: State.DELIVERED,
    State.RENDERED: State.DELIVERED,
}
"""All other jobs are over, or wait for a moderator, and stay as they were."""
NEVER_CHANGES = (
    *("id", "interaction_id", "requester_id", "request", "private", "locale", "created_at"),
    *("channel_id", "message_id", "guild_id", "server_id", "estimate_microusd"),
)


def left_by_the_first_release(town: Town, database_url: str) -> list[dict[str, Any]]:
    """Put the old database in its place, and its jobs into RunComfy and Discord; its rows."""
    sql = first_schema(database_url).read_text(encoding="utf-8")
    newest = datetime.now(UTC) - DOWN_FOR
    loaded(moved_to(sql, newest=newest, service_url=town.runcomfy.url), database_url)
    rows = [dict(row) for row in job_rows(database_url)]
    for row in rows:
        card = {**objects.message({}, str(row["channel_id"])), "id": str(row["message_id"])}
        town.discord.messages[card["id"]] = card
        if row["request_id"] is not None:
            town.runcomfy.jobs[row["request_id"]] = StandInJob(
                request_id=row["request_id"],
                input=usual_input("what the first release asked for", duration=3),
                scenario=AT_ONCE,
                accepted_at=START,
            )
    town.runcomfy.default = AT_ONCE
    return rows


def unchanging(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NEVER_CHANGES}


async def test_every_job_of_the_first_release_goes_on(town: Town, database_url: str) -> None:
    before = left_by_the_first_release(town, database_url)
    assert states(database_url) == {prompt_of(state): state.value for state in FIRST_STATES}

    newest = await town.joined(DATABASE_URL=database_url)
    expected = {prompt_of(state): GOES_ON_TO.get(state, state).value for state in FIRST_STATES}
    await newest.until(lambda: states(database_url) == expected)
    newest.tell(signal.SIGTERM)
    assert await newest.ended() == 0

    # What waited was bought, and nothing that was bought before was bought again.
    assert [post.input["prompt"] for post in town.runcomfy.posts] == [prompt_of(State.WAITING)]
    for was, now in zip(before, job_rows(database_url), strict=True):
        assert unchanging(was) == unchanging(now)
        edits = town.discord.heard("PATCH", f"/{was['message_id']}")
        if State(was["state"]) in GOES_ON_TO:
            assert bool(edits[-1].files) is (now["state"] == State.DELIVERED.value)
        else:
            assert was["version"] == now["version"]
            assert not edits


async def test_after_restoring_a_copy_nothing_is_bought_that_may_have_been_bought_since(
    town: Town, sqlite_url: str, tmp_path: Path
) -> None:
    left_by_the_first_release(town, sqlite_url)
    copy = tmp_path / "copy"
    assert isinstance(await back_up(sqlite_url, copy), BackedUp)
    assert isinstance(await restore(sqlite_url, copy, datetime.now(UTC)), Restored)

    newest = await town.joined(DATABASE_URL=sqlite_url)
    expected = {prompt_of(state): GOES_ON_TO.get(state, state).value for state in FIRST_STATES}
    expected |= {prompt_of(state): State.UNSURE.value for state in (State.IN_REVIEW, State.WAITING)}
    await newest.until(lambda: states(sqlite_url) == expected)
    waited = next(row for row in job_rows(sqlite_url) if "waiting kite" in row["request"])
    await newest.until(lambda: town.discord.heard("PATCH", f"/{waited['message_id']}"))

    assert town.runcomfy.posts == []


def is_ours(name: str | None, kind: str, parents: Mapping[Any, Any]) -> bool:
    """Not of the queue, which brings its tables itself."""
    del parents
    return kind != "table" or not str(name).startswith("procrastinate_")


async def test_the_first_schema_becomes_the_present_one(database_url: str) -> None:
    for module in pkgutil.iter_modules(bot.storage.__path__, prefix="bot.storage."):
        importlib.import_module(module.name)  # until all tables are known

    def differences(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))

    loaded(first_schema(database_url).read_text(encoding="utf-8"), database_url)
    engine = create_engine(database_url)
    try:
        await migrate(engine)
        async with engine.connect() as connection:
            found = await connection.run_sync(differences)
    finally:
        await engine.dispose()

    assert found == [], (
        "A migration is missing; before the first release: run `make first-schema`, "
        "since the only migration was changed in place."
    )


async def test_every_old_row_can_be_read(database_url: str) -> None:
    loaded(first_schema(database_url).read_text(encoding="utf-8"), database_url)
    async with open_store(database_url) as store:
        jobs = [await store.get(row["id"]) for row in job_rows(database_url)]

    assert {job.state for job in jobs if job is not None} == set(FIRST_STATES)
