"""Cancel says "cancelled" only when it is certain, and to whoever may ask for it."""

import asyncio

import pytest

from bot.domain.actor import Actor
from bot.domain.job import State
from bot.features.ordering import CancelRefusal
from bot.playground.runcomfy_scenario import Cancelling, Closes, Fault, How, Scenario, unavailable
from bot.ui.words import cards as words
from cogs.kling.cancel import cancel_words
from tests.stories.harness import Story, private_words

PATIENT = Scenario(queue_s=300)


async def test_a_queued_job_is_cancelled_and_confirmed(story: Story) -> None:
    story.server.will(PATIENT)
    asked = await story.kling()
    assert await story.press("Cancel", asked) == "Cancelled. It costs nothing."
    card = story.card(asked)
    assert card.heading == "🚫 Cancelled"
    assert "Cancel" not in card.buttons
    job = await story.job()
    assert job.state is State.CANCELLED
    assert job.told
    assert len(story.server.posts) == 1
    await story.advance(600)
    assert story.card(asked).heading == "🚫 Cancelled"


async def test_a_job_that_waits_to_be_sent_is_cancelled_without_a_word_to_the_service(
    story: Story,
) -> None:
    story.server.will(Scenario(on_submit=(Fault(unavailable(429), times=50),)))
    asked = await story.kling()
    assert story.card(asked).heading == "🕓 In line"
    refused_posts = len(story.server.posts)
    assert await story.press("Cancel", asked) == words.CANCELLED
    await story.advance(600)
    assert story.card(asked).heading == "🚫 Cancelled"
    assert len(story.server.posts) == refused_posts


async def test_a_rendering_job_can_no_longer_be_cancelled(story: Story) -> None:
    story.server.will(Scenario(queue_s=30, rendering_s=60))
    asked = await story.kling()
    still_there = story.card(asked)
    await story.advance(29)
    # The button is still on the screen of somebody whose page lags behind.
    await story.advance(1.5)
    pressed = (
        await story.alice.click(still_there.message, custom_id=still_there.custom_id("Cancel"))
        if "Cancel" in story.card(asked).buttons
        else None
    )
    if pressed is not None:
        assert private_words(pressed) == words.CANCEL_REFUSALS[CancelRefusal.TOO_LATE]
    await story.until(State.RENDERING)
    assert story.card(asked).buttons == []
    await story.until(State.DELIVERED)
    assert len(story.server.posts) == 1


async def test_a_service_that_will_not_cancel_in_its_queue_is_said_to_do_so(story: Story) -> None:
    story.server.will(Scenario(queue_s=30, cancelling=Cancelling.REFUSED))
    asked = await story.kling()
    told = await story.press("Cancel", asked)
    assert told == "RunComfy didn't cancel this. It goes on, and it may be charged."
    card = story.card(asked)
    assert card.heading == "🕓 In the queue"
    assert told in card.text
    assert "Cancel" not in card.buttons
    await story.world.restart_bot()
    await story.settle()
    assert story.card(asked).buttons == []
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready


@pytest.mark.parametrize("fault", [Fault(unavailable()), Fault(Closes())])
async def test_a_service_that_does_not_answer_leaves_it_running(
    story: Story, fault: Fault[How]
) -> None:
    story.server.will(Scenario(queue_s=30, on_cancel=(fault,)))
    asked = await story.kling()
    told = await story.press("Cancel", asked)
    assert told == words.CANCEL_REFUSALS[CancelRefusal.SERVICE_SILENT]
    await story.until(State.DELIVERED)


async def test_a_stranger_may_not_cancel_and_is_told_in_private(story: Story) -> None:
    story.server.will(PATIENT)
    asked = await story.kling()
    told = await story.press("Cancel", asked, by=story.bob)
    assert told == words.CANCEL_REFUSALS[CancelRefusal.NOT_YOURS]
    assert story.card(asked).heading == "🕓 In the queue"


async def test_a_moderator_may_cancel(story: Story) -> None:
    story.server.will(PATIENT)
    asked = await story.kling()
    assert await story.press("Cancel", asked, by=story.moderator) == words.CANCELLED
    assert story.card(asked).heading == "🚫 Cancelled"
    assert "A moderator cancelled this." in story.card(asked).text


async def test_two_presses_at_once_cancel_once_and_both_are_answered(story: Story) -> None:
    story.server.will(PATIENT)
    asked = await story.kling()
    job = await story.job()
    desk = story.services.ordering
    answers = await asyncio.gather(
        desk.cancel(job.id, Actor(user_id=story.alice.id)),
        desk.cancel(
            job.id,
            Actor(user_id=story.moderator.id, guild_id=story.guild.id, manages_messages=True),
        ),
    )
    await story.settle()
    english = story.world.app.bot.languages.of("en")
    told = {cancel_words(answer, english) for answer in answers}
    assert told <= {words.CANCELLED, words.CANCEL_REFUSALS[CancelRefusal.ALREADY_CANCELLED]}
    assert words.CANCELLED in told
    assert (await story.job()).state is State.CANCELLED
    assert story.card(asked).heading == "🚫 Cancelled"


async def test_a_press_on_a_card_of_a_former_life_is_answered(story: Story) -> None:
    story.server.will(PATIENT)
    asked = await story.kling()
    await story.world.restart_bot()
    await story.settle()
    assert await story.press("Cancel", asked) == words.CANCELLED
    assert story.card(asked).heading == "🚫 Cancelled"


async def test_the_service_may_confirm_a_little_later(story: Story) -> None:
    story.server.will(Scenario(queue_s=120, cancelling=Cancelling.REQUESTED))
    asked = await story.kling()
    told = await story.press("Cancel", asked)
    assert told in (words.CANCELLED, words.CANCEL_REFUSALS[CancelRefusal.SERVICE_SILENT])
    await story.until(State.CANCELLED, within_s=30)
    assert story.card(asked).heading == "🚫 Cancelled"
