"""Bad news reaches its requester as well, and presses by forgers come to nothing."""

import pytest

from bot.domain.job import State
from bot.playground.runcomfy_scenario import Ending, Fault, Scenario, unavailable
from bot.ui.words import cards as words
from tests.stories.harness import Card, Story

LATE_FAILURE = Scenario(rendering_s=1_200, ending=Ending.FAILS)


async def test_a_private_failure_after_the_token_died_is_told_directly(story: Story) -> None:
    story.server.will(LATE_FAILURE)
    await story.kling(private=True)
    await story.advance(1_300)
    assert (await story.job()).told
    (told,) = story.messages(story.alice.user.dm_channel)
    assert Card(told).heading == "❌ Couldn't make this video"


async def test_a_failure_whose_card_was_deleted_is_told_directly(story: Story) -> None:
    story.server.will(LATE_FAILURE)
    asked = await story.kling()
    story.env.backend.delete_message(story.channel.id, story.card(asked).message.id)
    await story.advance(1_300)
    (told,) = story.messages(story.alice.user.dm_channel)
    assert Card(told).heading == "❌ Couldn't make this video"
    assert story.messages() == []


async def test_who_can_be_told_nowhere_is_left_in_peace(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.server.will(LATE_FAILURE)
    await story.kling()
    story.env.inject_error("*", "/channels/*", status=403, code=50013, times=None)
    await story.advance(1_300)
    job = await story.job()
    assert (job.state, job.told) == (State.FAILED, True)
    assert "couldn't show how it ended" in caplog.text
    requests = len(story.env.http_requests)
    await story.advance(3_600)
    assert len(story.env.http_requests) == requests


async def test_a_cancelled_job_needs_no_second_telling(story: Story) -> None:
    story.server.will(Scenario(queue_s=600))
    asked = await story.kling()
    card = story.card(asked)
    story.env.inject_error("PATCH", "/channels/*", status=404, code=10008, times=None)
    pressed = await story.alice.click(card.message, custom_id=card.custom_id("Cancel"))
    await story.settle()
    assert pressed.response is not None
    assert pressed.response.content == words.CANCELLED
    assert (await story.job()).told
    assert story.messages(story.alice.user.dm_channel) == []


async def test_an_unknown_outcome_is_told_directly_where_the_card_is_gone(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(unavailable(502), accepted=True),)))
    story.env.inject_error("PATCH", "/channels/*", status=404, code=10008, times=None)
    await story.kling()
    (told,) = story.messages(story.alice.user.dm_channel)
    assert words.UNSURE_UNSENT in Card(told).text


@pytest.mark.parametrize("is_for_long", [False, True])
async def test_bad_news_that_discord_does_not_take_now_is_told_later_within_a_day(
    story: Story, caplog: pytest.LogCaptureFixture, *, is_for_long: bool
) -> None:
    story.server.will(LATE_FAILURE)
    asked = await story.kling()
    await story.advance(1_000)
    story.env.inject_error("PATCH", "/channels/*", status=503, times=None)
    await story.until(State.FAILED)
    await story.advance(60)
    assert not (await story.job()).told
    if is_for_long:
        await story.leap(25 * 3_600)
        await story.advance(60)
    else:
        story.env.backend.faults.clear()
        await story.advance(600)
    assert (await story.job()).told
    assert ("couldn't show how it ended" in caplog.text) is is_for_long
    assert (story.card(asked).heading == "❌ Couldn't make this video") is not is_for_long


async def test_a_private_failure_that_can_be_told_nowhere_any_more_ends_in_the_log(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.server.will(LATE_FAILURE)
    await story.kling(private=True)
    story.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    await story.advance(1_300)
    assert (await story.job()).told
    assert "couldn't show how it ended (place_closed)" in caplog.text
