"""Every interaction is answered, and no task dies unseen."""

import asyncio
import logging
import re
import sqlite3
from contextlib import closing

import pytest

from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.features.ordering import BringRefusal, CancelRefusal
from bot.playground.runcomfy_scenario import Delays, Fault, Scenario
from bot.ui.words import cards as words
from bot.ui.words.declines import REASONS
from tests.patience import PATIENCE_S
from tests.stories.harness import Card, Story, private_words
from tests.stories.operators import own

PATIENT = Scenario(queue_s=600)
DATABASE_AWAY = (
    "My database isn't answering, so I don't know whether that worked. Please look again "
    "in a minute."
)


async def test_a_button_that_stumbles_answers_with_a_reference_that_the_log_has(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.server.will(PATIENT)
    asked = await story.kling()
    card = story.card(asked)
    story.env.inject_error("POST", "/interactions/*/callback", status=500)
    pressed = await story.alice.click(card.message, custom_id=card.custom_id("Cancel"))
    await story.settle()
    found = re.search(r"Reference: (\w+)", private_words(pressed))
    assert found is not None
    assert found[1] in caplog.text
    assert (await story.job()).state is State.QUEUED


def warned_of_the_database(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [one for one in caplog.records if "didn't answer during an interaction" in one.message]


async def test_a_command_without_the_database_is_answered_and_logged_in_one_line(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.expected_errors = 1
    await story.world.app.store.close()
    asked = await story.alice.slash(story.channel, "allowance")
    assert private_words(asked) == DATABASE_AWAY
    (line,) = warned_of_the_database(caplog)
    assert (line.levelname, line.exc_info) == ("WARNING", None)
    assert "Reference" not in caplog.text


async def test_a_button_without_the_database_is_answered_and_logged_in_one_line(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    operator = own(story)
    shown = await operator.slash(story.channel, "kling-operator overview")
    assert shown.response is not None
    card = Card(shown.response)
    await story.world.app.store.close()
    pressed = await operator.click(card.message, custom_id=card.custom_id("Look again"))
    assert private_words(pressed) == DATABASE_AWAY
    (line,) = warned_of_the_database(caplog)
    assert (line.levelname, line.exc_info) == ("WARNING", None)


async def test_cancel_without_the_database_says_so(story: Story) -> None:
    story.server.will(PATIENT)
    asked = await story.kling()
    await story.world.app.store.close()
    card = story.card(asked)
    pressed = await story.alice.click(card.message, custom_id=card.custom_id("Cancel"))
    assert private_words(pressed) == words.CANCEL_REFUSALS[CancelRefusal.STORE_DOWN]


async def test_a_press_for_a_job_that_nobody_knows_is_answered(story: Story) -> None:
    story.server.will(PATIENT)
    asked = await story.kling()
    stored = story.env.backend.get_message(story.channel.id, story.card(asked).message.id)
    button = stored.components[0]["components"][-1]["components"][0]
    button["custom_id"] = "kling:bring:00ff"
    pressed = await story.alice.click(story.card(asked).message, custom_id="kling:bring:00ff")
    await story.settle()
    assert pressed.ephemeral
    assert pressed.response is not None
    assert words.BRING_REFUSALS[BringRefusal.NOTHING_KEPT] in Card(pressed.response).text


async def test_a_card_whose_job_was_never_written_is_put_right_by_a_press(story: Story) -> None:
    """The bot died between the acknowledgement and the row: nothing was bought."""
    story.server.will(PATIENT)
    asked = await story.kling()
    path = story.world.settings.data_dir / "bot.sqlite3"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM job_moves")
        database.execute("DELETE FROM jobs")
    told = await story.press("Cancel", asked)
    assert "never sent" in told
    assert words.NEVER_SENT in story.card(asked).text
    assert story.card(asked).buttons == []


async def test_a_job_whose_row_is_damaged_is_told_and_taken_up_again(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.server.will(Scenario(queue_s=10))
    asked = await story.kling()
    job = await story.job()
    # The watch ends at its next look, and begins again once the row is put right.
    await damage(story, job.id, "media", "not json")
    story.world.app.engine.enqueue(job.id)
    await story.settle()
    assert f"job {job.id} can't be read" in caplog.text
    assert not story.world.app.engine.watching
    await damage(story, job.id, "media", "[]")
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready


async def damage(story: Story, job_id: str, column: str, value: str) -> None:
    """Write into the file beside the bot."""
    path = story.world.settings.data_dir / "bot.sqlite3"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"UPDATE jobs SET {column} = ? WHERE id = ?", (value, job_id))  # noqa: S608 - a column of ours


async def test_a_stopping_bot_finishes_what_is_in_flight_and_takes_no_more(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(Delays(0.2)),)), PATIENT)
    asked = await story.alice.slash(story.channel, "kling", prompt="a kite in mid-air")
    await story.wait_for(lambda: len(story.server.posts) == 1)
    story.services.admission.close()
    stopping = asyncio.create_task(story.world.app.engine.stop(drain_timeout_s=PATIENCE_S))
    refused = await story.alice.slash(story.channel, "kling", prompt="one more")
    assert private_words(refused) == REASONS[DeclineReason.RESTARTING]
    await stopping
    job = await story.job()
    assert job.state is State.QUEUED
    assert job.request_id is not None
    await story.world.restart_bot()
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert len(story.server.posts) == 1
