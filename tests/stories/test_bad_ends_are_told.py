"""Who gets no video is told as they would be told of one: once, and not of what they did."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
import simcord

from bot.domain.job import State
from bot.playground.runcomfy_scenario import (
    Answers,
    Cost,
    Ending,
    Fault,
    Output,
    Scenario,
    unavailable,
)
from bot.storage.open import FILE_NAME
from bot.ui.words.library import jump_link
from tests.stories.harness import Card, Story

PROMPT = "a *red* kite <@1>"
QUOTED = "\n> a \\*red\\* kite \\<\\@1\\>"
NO_VIDEO = f"I couldn't make this video. The card says why.{QUOTED}"
REFUSED = Scenario(on_submit=(Fault(Answers(422, {"detail": "prompt: no"})),))
LOST = Scenario(on_submit=(Fault(unavailable(502), accepted=True),))

ENDS = {
    "refused": (REFUSED, State.FAILED, NO_VIDEO),
    "failed": (Scenario(ending=Ending.FAILS), State.FAILED, NO_VIDEO),
    "nothing made": (Scenario(output=Output.NOTHING), State.FAILED, NO_VIDEO),
    "dropped by the service": (
        Scenario(ending=Ending.CANCELLED_THERE),
        State.CANCELLED,
        f"RunComfy cancelled this.{QUOTED}",
    ),
    "unsure": (
        LOST,
        State.UNSURE,
        f"I lost contact with RunComfy over this one. The card says more.{QUOTED}",
    ),
}


def news(story: Story) -> list[str]:
    """What was said in the channel beside the card."""
    return [message.content for message in story.messages()[1:]]


async def choose(story: Story, choice: str) -> None:
    await story.services.preferences.change(story.alice.id, {"notify": choice})


@pytest.mark.parametrize(("scenario", "state", "said"), ENDS.values(), ids=ENDS.keys())
async def test_a_bad_end_mentions_its_requester_once_over_restarts(
    story: Story, scenario: Scenario, state: State, said: str
) -> None:
    story.server.will(scenario)
    await story.kling(PROMPT)
    await story.until(state)
    assert news(story) == [f"{story.alice.mention} {said}"]
    (mention,) = story.messages()[1:]
    assert [user.id for user in mention.mentions] == [story.alice.id]
    await story.world.restart_bot()
    await story.advance(600)
    assert len(news(story)) == 1


@pytest.mark.parametrize(("scenario", "state", "said"), ENDS.values(), ids=ENDS.keys())
async def test_it_comes_as_a_direct_message_for_who_wants_that(
    story: Story, scenario: Scenario, state: State, said: str
) -> None:
    await choose(story, "direct")
    story.server.will(scenario)
    await story.kling(PROMPT)
    await story.until(state)
    assert news(story) == []
    (direct,) = story.messages(story.alice.user.dm_channel)
    assert direct.content == f"{said}\n{jump_link(await story.job())}"


async def test_who_wants_no_notification_gets_none(story: Story) -> None:
    await choose(story, "none")
    story.server.will(Scenario(ending=Ending.FAILS))
    await story.kling()
    await story.until(State.FAILED)
    assert news(story) == []
    assert story.messages(story.alice.user.dm_channel) == []


async def test_a_private_end_is_told_beside_its_card(story: Story) -> None:
    story.server.will(Scenario(ending=Ending.FAILS))
    asked = await story.kling(PROMPT, private=True)
    await story.until(State.FAILED)
    (told,) = asked.followups
    assert told.ephemeral
    assert told.content == f"{story.alice.mention} {NO_VIDEO}"
    assert story.messages() == []


async def test_who_cancels_themself_is_not_notified(story: Story) -> None:
    asked = await story.kling("a long queue")
    await story.press("Cancel", asked)
    await story.advance(60)
    assert news(story) == []


async def test_who_cancels_themself_and_is_confirmed_later_is_not_notified(story: Story) -> None:
    """The service cancels after it said that it could not be reached."""
    story.server.will(
        Scenario(queue_s=20, ending=Ending.CANCELLED_THERE, on_cancel=(Fault(unavailable()),))
    )
    asked = await story.kling()
    await story.press("Cancel", asked)
    await story.until(State.CANCELLED)
    assert news(story) == []
    assert "RunComfy cancelled" not in story.card(asked).text


async def test_who_was_cancelled_by_a_moderator_is_told_so(story: Story) -> None:
    asked = await story.kling("a long queue")
    await story.press("Cancel", asked, by=story.moderator)
    (told,) = news(story)
    assert told == f"{story.alice.mention} A moderator cancelled this.\n> a long queue"


async def test_what_was_written_off_is_told_after_it_was_told_unclear(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.server.will(LOST)
    await story.kling(PROMPT)
    job = await story.job()
    await story.services.unsure_jobs.write_off(job.id, by_user_id=operator.id)
    await story.settle()
    assert (await story.job()).state is State.FAILED
    unclear, ended = news(story)
    assert "I lost contact with RunComfy" in unclear
    assert ended == f"{story.alice.mention} {NO_VIDEO}"


@pytest.mark.parametrize("choice", ["mention", "direct", "none"])
async def test_a_card_that_is_gone_comes_directly_and_notifies_by_that_alone(
    story: Story, choice: str
) -> None:
    await choose(story, choice)
    story.server.will(Scenario(ending=Ending.FAILS))
    asked = await story.kling()
    await story.until(State.RENDERING)
    story.env.backend.delete_message(story.channel.id, story.card(asked).message.id)
    job = await story.until(State.FAILED)
    (direct,) = story.messages(story.alice.user.dm_channel)
    assert Card(direct).heading == "❌ Couldn't make this video"
    assert (job.place.channel_id, job.place.message_id) == (direct.channel.id, direct.id)
    assert story.messages() == []
    await story.world.restart_bot()
    await story.advance(600)
    assert len(story.messages(story.alice.user.dm_channel)) == 1


async def test_an_unclear_end_that_went_directly_is_mended_where_it_went(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(unavailable(502), accepted=True),)))
    path = f"/channels/{story.channel.id}/messages*"
    story.env.inject_error("PATCH", path, status=403, code=50001, times=None)
    await story.kling()
    (direct,) = story.messages(story.alice.user.dm_channel)
    assert Card(direct).heading == "⚠️ Lost contact with RunComfy"
    (request_id,) = story.server.jobs
    job = await story.job()
    await story.resolve(job.id, request_id)
    await story.until(State.DELIVERED)
    first, *_ = story.messages(story.alice.user.dm_channel)
    assert Card(first).is_ready
    assert len(first.attachments) == 1


async def test_a_mention_that_was_sent_before_a_crash_is_the_same_after_it(story: Story) -> None:
    story.server.will(Scenario(ending=Ending.FAILS))
    await story.kling()
    job = await story.until(State.FAILED)
    # As if the process had died between the mention and the row that says so.
    with closing(sqlite3.connect(story.world.settings.data_dir / FILE_NAME)) as database:
        database.execute("UPDATE jobs SET told = 0")
        database.commit()
    await story.world.restart_bot()
    await story.advance(60)
    assert (await story.job()).told
    path = f"/channels/{story.channel.id}/messages"
    posts = [entry for entry in story.env.http_requests if entry.method == "POST"]
    sent: list[Any] = [entry.json for entry in posts if entry.path == path]
    assert [entry["nonce"] for entry in sent] == [f"fail{job.id}"] * 2
    assert all(entry["enforce_nonce"] for entry in sent)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (Cost.NUMBER, "RunComfy charged $0.84 for it, which counts toward the limits."),
        (Cost.ABSENT, "RunComfy didn't say what it cost. About $0.84 counts toward the limits."),
    ],
)
async def test_a_failure_that_was_paid_says_so(story: Story, cost: Cost, said: str) -> None:
    story.server.will(Scenario(output=Output.NOTHING, cost=cost))
    asked = await story.kling()
    await story.until(State.FAILED)
    assert said in story.card(asked).text
