"""What was never confirmed is never sent, whoever finds it, and whoever asked is told the truth."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager

import pytest

from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from bot.features.storyboards import DraftRows
from bot.runner.cadence import CONFIRM_WITHIN_S
from bot.storage.open import FILE_NAME
from bot.ui.words import cards as words
from tests.domain.samples import HERE, a_job
from tests.stories.harness import Story, private_words
from tests.stories.test_building_storyboards import ready_builder

LOST = """
CREATE TRIGGER lost BEFORE UPDATE ON jobs WHEN OLD.state = 'asked' AND NEW.state = 'waiting'
BEGIN SELECT RAISE(ABORT, 'lost'); END
"""


@contextmanager
def no_confirmation(story: Story) -> Generator[None]:
    """The database takes rows and confirms none, as one that is lost in just that moment."""
    path = story.world.settings.data_dir / FILE_NAME
    with closing(sqlite3.connect(path)) as database:
        database.execute(LOST)
        yield
        database.execute("DROP TRIGGER lost")


@pytest.mark.parametrize("restarts", [False, True])
async def test_what_is_unclear_is_said_to_be_and_ends_uncharged_on_its_card(
    story: Story, *, restarts: bool
) -> None:
    with no_confirmation(story):
        asked = await story.kling()
    assert private_words(asked) == words.ASK_UNCLEAR
    assert story.card(asked).heading == "🕓 In line"
    if restarts:
        await story.world.restart_bot()
    await story.advance(CONFIRM_WITHIN_S - 10)
    assert (await story.job()).state is State.ASKED
    await story.advance(20)
    assert (await story.job()).state is State.FAILED
    assert words.FAILURES[FailureReason.NOT_CONFIRMED] in story.card(asked).text
    assert story.server.posts == []


async def test_what_is_unclear_can_be_cancelled(story: Story) -> None:
    with no_confirmation(story):
        asked = await story.kling()
    await story.press("Cancel", asked)
    assert story.card(asked).heading == "🚫 Cancelled"
    await story.advance(CONFIRM_WITHIN_S)
    assert story.server.posts == []


async def test_a_storyboard_that_was_not_confirmed_is_its_owners_and_buys_once(
    story: Story,
) -> None:
    builder = await ready_builder(story)
    with no_confirmation(story):
        assert private_words(await builder.press("Generate")) == words.ASK_UNCLEAR
    drafts = DraftRows(database=story.world.app.store.database)
    draft = await drafts.newest_of(story.alice.id)
    assert draft is not None
    assert draft.taken_by is None
    await builder.press("Generate")
    assert len(story.server.posts) == 1
    failures = {job.state: job.failure for job in await story.jobs()}
    assert failures == {State.FAILED: FailureReason.NOT_CONFIRMED, State.QUEUED: None}
    assert await drafts.newest_of(story.alice.id) is None


async def test_who_was_told_no_hears_nothing_more_of_a_row_that_shows_after_a_restart(
    story: Story,
) -> None:
    now = story.clock.now()
    gone = HERE.model_copy(update={"channel_id": story.channel.id, "guild_id": story.guild.id})
    late: Job = a_job(state=State.ASKED).model_copy(
        update={
            "requester_id": story.alice.id,
            "place": gone,
            "created_at": now,
            "state_since": now,
        }
    )
    await story.world.app.store.add(late)
    await story.world.restart_bot()
    await story.advance(CONFIRM_WITHIN_S + 10)
    job = await story.job()
    assert (job.state, job.needs_work) == (State.FAILED, False)
    assert story.messages() == story.messages(story.alice.user.dm_channel) == []
    assert story.server.posts == []
