"""`/readyz` says whether the bot can do its work now, and if it cannot, why; and it comes back."""

import sqlite3
from contextlib import closing
from dataclasses import replace

from bot.domain.job import State
from bot.observability.metrics.readiness import WRITTEN_FOR_S
from bot.playground.runcomfy_scenario import Answers, Fault, Scenario
from bot.storage.open import FILE_NAME
from tests.observability.metrics.conftest import Bystander
from tests.stories.harness import Story

ALL_IS_WELL = dict.fromkeys(
    ("running", "gateway", "commands", "polling", "runcomfy", "database"), "ok"
)
PATIENT = Scenario(queue_s=100_000)


async def test_a_bot_at_rest_is_ready(story: Story, bystander: Bystander) -> None:
    del story
    assert await bystander.checks(200) == ALL_IS_WELL
    alive = await bystander.get("/healthz")
    assert (alive.status, alive.json["alive"]) == (200, True)


async def test_it_is_not_ready_without_the_gateway_and_again_after_a_resume(
    story: Story, bystander: Bystander
) -> None:
    bot = story.world.app.bot
    bot.dispatch("disconnect")
    bot.dispatch("disconnect")  # as discord.py does at each attempt that fails
    await story.advance(12)
    lost = await bystander.checks(503)
    scraped = await bystander.scrape()
    bot.dispatch("resumed")
    await story.settle()

    assert lost == ALL_IS_WELL | {"gateway": "no gateway connection for 12 s"}
    assert scraped.value("kling_gateway_disconnects_total") == 1
    assert await bystander.checks(200) == ALL_IS_WELL


async def test_it_is_not_ready_while_somebody_else_holds_the_database(
    story: Story, bystander: Bystander
) -> None:
    path = story.world.settings.data_dir / FILE_NAME
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        held = await bystander.checks(503)
        again = await bystander.checks(503)
    await bystander.get("/readyz")

    assert held == ALL_IS_WELL | {"database": "the database didn't take a write within 2 s"}
    assert again == held
    assert await bystander.checks(200) == ALL_IS_WELL


async def test_it_is_not_ready_while_the_database_takes_no_writes(
    story: Story, bystander: Bystander
) -> None:
    path = story.world.settings.data_dir / FILE_NAME
    with closing(sqlite3.connect(path)) as vandal:
        vandal.execute(
            "CREATE TRIGGER no_room BEFORE UPDATE ON alembic_version"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        refused = await bystander.checks(503)
        vandal.execute("DROP TRIGGER no_room")
        still = await bystander.checks(503)
        await story.advance(WRITTEN_FOR_S)

    assert refused == ALL_IS_WELL | {"database": "the database takes no writes"}
    assert still == refused
    assert await bystander.checks(200) == ALL_IS_WELL


async def test_it_is_not_ready_while_runcomfy_fails_and_again_when_it_answers(
    story: Story, bystander: Bystander
) -> None:
    out_for_a_while = Fault(Answers(503), times=8)
    story.server.will(replace(PATIENT, on_status=(out_for_a_while,)))
    await story.kling()
    assert await bystander.checks(200) == ALL_IS_WELL
    await story.advance(60)
    failing = await bystander.checks(503)
    await story.advance(900)

    assert failing["runcomfy"].startswith("RunComfy didn't answer ")
    assert {name for name, found in failing.items() if found != "ok"} == {"runcomfy"}
    assert await bystander.checks(200) == ALL_IS_WELL


async def test_it_is_not_ready_while_a_job_is_not_looked_at(
    story: Story, bystander: Bystander
) -> None:
    story.server.will(PATIENT)
    await story.kling()
    await story.until(State.QUEUED)
    # The clock jumps, and nobody has had the time to look yet: as on a machine that hung.
    story.clock.move_to(story.clock.now().replace(year=2027))
    late = await bystander.checks(503)

    assert late["polling"].startswith("the bot hasn't polled a job under way for ")


async def test_a_bot_that_stops_is_not_ready_though_it_still_answers(
    story: Story, bystander: Bystander
) -> None:
    assert story.world.app.monitor is not None
    story.world.app.monitor.stop()

    assert (await bystander.checks(503))["running"] == "the bot is stopping"
