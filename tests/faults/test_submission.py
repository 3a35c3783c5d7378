"""Every way in which the paid POST can end, and what becomes of the job."""

import logging
from datetime import timedelta

import pytest

from bot.domain import lifecycle
from bot.domain.denied import Denied
from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from bot.features.unsure_jobs import ResolveRefusal
from bot.playground.runcomfy_scenario import (
    Fault,
    Hangs,
    Scenario,
    api_error,
    rate_limited,
    unavailable,
)
from bot.ui.words import cards as words
from tests.stories.harness import Story

LOST = Scenario(on_submit=(Fault(unavailable(502), accepted=True),))


def loud(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [entry.getMessage() for entry in caplog.records if entry.levelno >= logging.ERROR]


async def test_an_unknown_outcome_is_told_to_requester_and_operator(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.server.will(LOST)
    asked = await story.kling()
    card = story.card(asked)
    assert "It may have been charged" in card.text
    assert "not** send it again" in card.text
    (said,) = loud(caplog)
    assert (await story.job()).id in said
    assert "list of generations" in said


async def test_a_person_who_found_the_request_binds_it_and_the_video_comes(story: Story) -> None:
    story.server.will(LOST)
    asked = await story.kling()
    (request_id,) = story.server.jobs
    job = await story.job()
    outcome = await story.resolve(job.id, request_id)
    assert isinstance(outcome, Job)
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert len(story.server.posts) == 1


async def test_a_person_who_found_nothing_writes_it_off(story: Story) -> None:
    story.server.will(LOST)
    asked = await story.kling()
    job = await story.job()
    assert isinstance(await story.resolve(job.id, None), Job)
    await story.settle()
    assert story.card(asked).heading == "❌ Couldn't make this video"
    assert words.FAILURES[FailureReason.WRITTEN_OFF] in story.card(asked).text
    assert await story.resolve(job.id, None) == Denied(ResolveRefusal.NOT_UNSURE)
    assert await story.resolve("0", "r") == Denied(ResolveRefusal.UNKNOWN_JOB)


async def test_what_somebody_else_resolves_in_the_database_is_taken_up_within_a_minute(
    story: Story,
) -> None:
    story.server.will(LOST)
    await story.kling()
    (request_id,) = story.server.jobs
    job = await story.job()
    store = story.world.app.store
    assert await store.move(job, lifecycle.Accepted(request_id), story.clock.now()) is not None
    await story.advance(90)
    assert (await story.job()).state is State.DELIVERED


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        (400002, 402, FailureReason.NO_BALANCE),
        (400002, 200, FailureReason.NO_BALANCE),
        (400004, 401, FailureReason.KEY_REFUSED),
        (400004, 403, FailureReason.KEY_REFUSED),
    ],
)
async def test_a_refused_account_stops_sending_for_all_and_then_fails_them_uncharged(
    story: Story,
    caplog: pytest.LogCaptureFixture,
    code: int,
    status: int,
    reason: FailureReason,
) -> None:
    story.server.default = Scenario(on_submit=(Fault(api_error(code, status=status)),))
    asked = [await story.kling(f"kite {number}") for number in range(5)]
    assert {job.state for job in await story.jobs()} == {State.WAITING}
    assert len(story.server.posts) == 1
    assert story.card(asked[4]).heading == "🕓 In line"
    assert "Cancel" in story.card(asked[4]).buttons

    await story.advance(14 * 60)
    assert {job.state for job in await story.jobs()} == {State.WAITING}
    # One probe a minute in all, and not one for every job.
    assert 10 <= len(story.server.posts) <= 15
    assert len([said for said in loud(caplog) if "refuses this account" in said]) == 1

    await story.advance(3 * 60)
    assert {(job.state, job.failure) for job in await story.jobs()} == {(State.FAILED, reason)}
    for one in asked:
        assert words.FAILURES[reason] in story.card(one).text


async def test_an_account_put_right_in_time_sends_what_waits(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    broke = Scenario(on_submit=(Fault(api_error(400002, status=402)),))
    story.server.default = broke
    for number in range(3):
        await story.kling(f"kite {number}")
    await story.advance(5 * 60)
    story.server.default = Scenario()
    await story.advance(5 * 60)
    assert {job.state for job in await story.jobs()} == {State.DELIVERED}
    assert sum(post.request_id is not None for post in story.server.posts) == 3
    assert "takes requests of this account again" in caplog.text


async def test_a_service_that_is_busy_for_too_long_fails_the_job_uncharged(story: Story) -> None:
    story.server.default = Scenario(on_submit=(Fault(rate_limited()),))
    asked = await story.kling()
    await story.advance(14 * 60)
    assert (await story.job()).state is State.WAITING
    await story.advance(3 * 60)
    assert (await story.job()).state is State.FAILED
    assert words.FAILURES[FailureReason.SERVICE_BUSY] in story.card(asked).text


async def test_retry_after_is_honoured(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(rate_limited("40"), times=1),)))
    await story.kling()
    await story.advance(38)
    assert len(story.server.posts) == 1
    await story.advance(10)
    assert len(story.server.posts) == 2


async def test_an_answer_that_comes_after_the_restart_cannot_buy_again(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(Hangs(), accepted=True),)))
    await story.alice.slash(story.channel, "kling", prompt="a kite")
    await story.wait_for(lambda: len(story.server.posts) == 1)
    await story.world.restart_bot()
    await story.advance(30)
    (request_id,) = story.server.jobs
    # What a frozen process writes when it wakes within the grace: the answer it was waiting for.
    job = await story.job()
    rescued = await story.world.app.store.move(
        job, lifecycle.Accepted(request_id), story.clock.now()
    )
    assert rescued is not None
    await story.advance(120)
    assert (await story.job()).state is State.DELIVERED
    assert len(story.server.posts) == 1


async def test_a_day_without_a_verdict_ends_in_doubt_and_not_in_silence(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.server.will(Scenario(queue_s=60, rendering_s=timedelta(days=3).total_seconds()))
    asked = await story.kling()
    await story.advance(35 * 60)
    assert words.TAKES_LONG in story.card(asked).text
    polls = len(story.server.posts)
    await story.leap(24 * 3600)
    assert (await story.job()).state is State.RENDERING
    await story.advance(3_700)
    assert (await story.job()).state is State.UNSURE
    assert words.UNSURE_UNSEEN in story.card(asked).text
    assert any("from RunComfy for a day" in said for said in loud(caplog))
    assert len(story.server.posts) == polls == 1


async def test_what_is_found_after_days_is_looked_at_before_anybody_gives_up(story: Story) -> None:
    story.server.will(LOST)
    asked = await story.kling()
    (request_id,) = story.server.jobs
    await story.leap(3 * 24 * 3600)
    outcome = await story.resolve((await story.job()).id, request_id)
    assert isinstance(outcome, Job)
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
