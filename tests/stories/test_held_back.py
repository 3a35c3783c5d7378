"""A card that waits to be sent says for what, until when that is tried, and what happens then."""

from datetime import datetime

import discord
import pytest

from bot.domain.job import HOLD_LIMIT, HoldReason, State
from bot.domain.outcomes import FailureReason
from bot.playground.runcomfy_scenario import Fault, How, Scenario, api_error, rate_limited
from bot.ui.words import cards as words
from bot.ui.words import ends as words_ends
from tests.stories.harness import Story

BROKE: How = api_error(400002, status=402)
NO_KEY: How = api_error(400004, status=401)
BUSY: How = rate_limited("5")


def for_ever(how: How) -> Scenario:
    return Scenario(on_submit=(Fault(how, times=1_000),))


def tried_until(asked_at: datetime) -> str:
    return f"I'll keep trying until {discord.utils.format_dt(asked_at + HOLD_LIMIT, 't')}."


HOLDS = {
    "the balance is used up": (BROKE, HoldReason.NO_BALANCE, FailureReason.NO_BALANCE),
    "the key is refused": (NO_KEY, HoldReason.KEY_REFUSED, FailureReason.KEY_REFUSED),
    "too many are asked for": (BUSY, HoldReason.RATE_LIMITED, FailureReason.SERVICE_BUSY),
}


@pytest.mark.parametrize(("how", "reason", "failure"), HOLDS.values(), ids=HOLDS.keys())
async def test_it_says_why_and_until_when_and_keeps_its_word_over_a_restart(
    story: Story, how: How, reason: HoldReason, failure: FailureReason
) -> None:
    story.server.will(for_ever(how))
    asked_at = story.clock.now()
    asked = await story.kling()
    said = f"{words_ends.HOLDS[reason]} {tried_until(asked_at)}"
    assert story.card(asked).heading == "🕓 In line"
    assert said in story.card(asked).text
    await story.advance(6 * 60)
    assert said in story.card(asked).text
    await story.world.restart_bot()
    await story.settle()
    assert said in story.card(asked).text
    await story.advance(HOLD_LIMIT.total_seconds() - 6 * 60 - 61)
    assert (await story.job()).state is State.WAITING
    await story.advance(122)
    assert (await story.job()).failure is failure
    assert words.FAILURES[failure] in story.card(asked).text


async def test_a_job_behind_the_same_gate_says_the_same_though_it_was_never_sent(
    story: Story,
) -> None:
    story.server.will(for_ever(BROKE))
    await story.kling()
    await story.advance(20)
    asked_at, posts = story.clock.now(), len(story.server.posts)
    asked = await story.kling("another kite")
    assert words_ends.HOLDS[HoldReason.NO_BALANCE] in story.card(asked).text
    assert tried_until(asked_at) in story.card(asked).text
    assert len(story.server.posts) == posts


async def test_a_new_request_is_told_before_it_is_taken_by_a_process_that_sent_nothing_yet(
    story: Story,
) -> None:
    story.server.will(for_ever(BUSY))
    await story.kling()
    await story.world.restart_bot()
    before = len(story.env.http_requests)
    await story.alice.slash(story.channel, "kling", prompt="another kite")
    answers = [
        str(entry.json)
        for entry in story.env.http_requests[before:]
        if entry.path.endswith("/callback")
    ]
    assert len(answers) == 1
    assert words_ends.WILL_BE_TRIED in answers[0]
    assert words_ends.HOLDS[HoldReason.RATE_LIMITED] in answers[0]


async def test_who_is_asked_about_the_price_first_is_told_with_the_question(story: Story) -> None:
    await story.services.preferences.change(story.alice.id, {"ask_above_microusd": 0})
    story.server.will(for_ever(BROKE))
    await story.bob.slash(story.channel, "kling", prompt="a kite")
    await story.settle()
    asked = await story.kling()
    assert words_ends.WILL_BE_TRIED in story.card(asked).text
    assert story.card(asked).buttons == ["Generate", "Cancel"]


async def test_as_soon_as_it_is_taken_nothing_of_it_is_said(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(BROKE, times=2),)))
    asked = await story.kling()
    await story.until(State.QUEUED)
    assert words_ends.HOLDS[HoldReason.NO_BALANCE] not in story.card(asked).text
    job = await story.job()
    assert (job.held_until, job.held_since, job.held_because) == (None, None, None)
    next_one = await story.kling("another kite")
    assert words_ends.WILL_BE_TRIED not in story.card(next_one).text


async def test_the_own_list_says_it_as_well(story: Story) -> None:
    story.server.will(for_ever(BROKE))
    await story.kling()
    asked = await story.alice.slash(story.channel, "allowance")
    assert words_ends.HOLDS[HoldReason.NO_BALANCE] in story.card(asked).text
