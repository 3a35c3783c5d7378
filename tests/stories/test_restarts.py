"""A restart in any state: the job goes on, on the same card, and is bought once."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.playground.runcomfy_scenario import Ending, Fault, Hangs, Scenario, rate_limited
from bot.runner.cadence import LATE_ANSWER_GRACE_S
from bot.ui.words import cards as words
from bot.ui.words.declines import REASONS
from tests.stories.harness import Story, private_words

SLOW = Scenario(queue_s=20, rendering_s=40)


@pytest.mark.parametrize("state", [State.QUEUED, State.RENDERING])
async def test_a_job_at_the_service_goes_on_where_it_stood(story: Story, state: State) -> None:
    story.server.will(SLOW)
    asked = await story.kling()
    assert asked.response is not None
    card_id = asked.response.id
    await story.until(state)
    await story.world.restart_bot()
    await story.settle()
    assert (await story.job()).state is state
    await story.until(State.DELIVERED)
    card = story.card(asked)
    assert card.message.id == card_id
    assert card.is_ready
    assert len(story.server.posts) == 1
    assert len([m for m in story.messages() if "is ready" in m.content]) == 1


async def test_a_bot_that_was_down_for_days_looks_before_it_gives_up(story: Story) -> None:
    story.server.will(SLOW)
    await story.kling()
    await story.until(State.RENDERING)
    story.clock.move_to(story.clock.now() + timedelta(days=3))
    await story.world.restart_bot()
    await story.until(State.DELIVERED)
    assert len(story.server.posts) == 1


async def test_a_job_that_waits_is_sent_after_the_restart(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(rate_limited("30"), times=1),)))
    await story.kling()
    assert (await story.job()).state is State.WAITING
    await story.world.restart_bot()
    await story.until(State.DELIVERED)
    assert [post.request_id is not None for post in story.server.posts] == [False, True]


async def test_a_job_in_mid_post_is_unsure_after_a_grace_and_never_sent_again(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(Hangs(), accepted=True),)))
    asked = await story.alice.slash(story.channel, "kling", prompt="a kite")
    await story.wait_for(lambda: len(story.server.posts) == 1)
    assert (await story.job()).state is State.SUBMITTING
    await story.world.restart_bot()
    await story.advance(LATE_ANSWER_GRACE_S - 10)
    assert (await story.job()).state is State.SUBMITTING
    assert story.card(asked).heading == "📤 Sending to RunComfy"
    await story.advance(20)
    assert (await story.job()).state is State.UNSURE
    assert words.UNSURE_UNSENT in story.card(asked).text
    await story.advance(3_600)
    assert len(story.server.posts) == 1


async def test_a_clock_that_was_ahead_keeps_no_job_in_mid_post_for_days(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(Hangs(), accepted=True),)))
    await story.alice.slash(story.channel, "kling", prompt="a kite")
    await story.wait_for(lambda: len(story.server.posts) == 1)
    ahead = text("UPDATE jobs SET state_since = '2027-01-01 00:00:00.000000'")
    await story.world.app.store.database.write(ahead)
    await story.world.restart_bot()
    await story.advance(LATE_ANSWER_GRACE_S - 10)
    assert (await story.job()).state is State.SUBMITTING
    await story.advance(20)
    assert (await story.job()).state is State.UNSURE


async def test_a_rendered_job_is_delivered_after_the_restart(story: Story) -> None:
    asked = await story.kling()
    assert asked.response is not None
    await story.until(State.RENDERING)
    story.env.inject_error("PATCH", f"/channels/{story.channel.id}/messages/*", status=503, times=5)
    while (await story.job()).state is not State.RENDERED:
        await story.advance(1)
    await story.world.restart_bot()
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert len(story.server.posts) == 1


@pytest.mark.parametrize("state", [State.DELIVERED, State.FAILED, State.CANCELLED])
async def test_an_ended_job_is_left_alone(story: Story, state: State) -> None:
    endings = {
        State.DELIVERED: Ending.SUCCEEDS,
        State.FAILED: Ending.FAILS,
        State.CANCELLED: Ending.CANCELLED_THERE,
    }
    story.server.will(Scenario(ending=endings[state]))
    await story.kling()
    await story.until(state)
    await story.settle()
    requests = len(story.env.http_requests)
    await story.world.restart_bot()
    await story.advance(600)
    writes = [e for e in story.env.http_requests[requests:] if e.method in {"PATCH", "POST"}]
    assert writes == []
    assert len(story.server.posts) == 1


async def test_an_end_that_could_not_be_shown_is_shown_after_the_restart(story: Story) -> None:
    story.server.will(Scenario(ending=Ending.FAILS))
    asked = await story.kling()
    await story.until(State.RENDERING)
    story.env.inject_error("PATCH", "/channels/*/messages/*", status=503, times=None)
    await story.until(State.FAILED)
    assert story.card(asked).heading == "🎬 Rendering"
    assert not (await story.job()).told
    story.env.backend.faults.clear()
    await story.world.restart_bot()
    await story.advance(60)
    assert story.card(asked).heading == "❌ Couldn't make this video"
    assert (await story.job()).told


async def test_many_jobs_go_on_together(story: Story) -> None:
    story.server.default = SLOW
    asked = [await story.kling(f"kite number {number}") for number in range(8)]
    await story.advance(25)
    await story.world.restart_bot()
    await story.advance(120)
    assert {job.state for job in await story.jobs()} == {State.DELIVERED}
    assert all(story.card(one).is_ready for one in asked)
    assert len(story.server.posts) == 8


async def test_a_crash_in_the_middle_of_a_drain_does_not_end_it_and_a_stop_does(
    story: Story,
) -> None:
    await story.services.operations.drain(by_user_id=1)
    await story.world.restart_bot(ended_by=RuntimeError("nobody foresaw this"))
    await story.settle()
    assert private_words(await story.kling()) == REASONS[DeclineReason.DRAINING]
    await story.world.restart_bot()
    await story.settle()
    await story.kling()
    assert len(story.server.posts) == 1
