"""A place that closes while a result arrives in it: the rest comes directly, or is in the log."""

import pytest

from bot.domain.job import State
from tests.faults.censor import Censor, Sent, refusal
from tests.faults.test_refusals import address_of, result_with
from tests.stories.harness import Card, Story


def links_in(story: Story, *, direct: bool) -> list[str]:
    channel = story.alice.user.dm_channel if direct else story.channel
    return [link for message in story.messages(channel) for link in Card(message).links]


async def test_what_a_place_does_not_take_any_more_comes_directly(story: Story) -> None:
    addresses = [address_of(story, f"{number}.mp4") for number in range(60)]
    story.server.will(result_with(*addresses))
    there = f"/channels/{story.channel.id}/"

    def opinion(sent: Sent) -> Exception | None:
        is_more = sent.method == "POST" and sent.has_links and sent.path.startswith(there)
        return refusal(403, 50013) if is_more else None

    Censor(story, opinion)
    asked = await story.kling()
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    here, directly = links_in(story, direct=False), links_in(story, direct=True)
    assert here
    assert sorted([*here, *directly]) == sorted(addresses)


async def test_what_can_be_brought_nowhere_is_in_the_log(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.server.will(result_with(*(address_of(story, f"{n}.mp4") for n in range(60))))
    Censor(
        story,
        lambda sent: refusal(403, 50013) if sent.method == "POST" and sent.has_links else None,
    )
    story.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    asked = await story.kling()
    job = await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    left = 60 - len(links_in(story, direct=False))
    assert left > 0
    assert f"job {job.id}: Discord refused {left} files in every form" in caplog.text
