"""Our own line: more than may be made at once waits its turn, seen, fairly, and free to leave."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import simcord

from bot.domain.job import State
from bot.playground.videos import VideoLibrary
from tests.stories.harness import Story, told_story


@pytest.fixture
async def story(tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Story]:
    """One video at a time, whoever asks."""
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"max_in_flight": 1}
    ) as told:
        yield told


def sent(story: Story) -> list[str]:
    """The prompts that were bought, in order."""
    return [str(post.input["prompt"]) for post in story.server.posts]


async def kling(
    story: Story, by: simcord.MemberActor, prompt: str, channel: simcord.ChannelHandle | None = None
) -> simcord.InteractionResult:
    asked = await by.slash(channel or story.channel, "kling", prompt=prompt)
    # Who comes a moment later has come later.
    await story.advance(1)
    return asked


async def until_all_are_sent(story: Story, number: int) -> None:
    for _ in range(1_200):
        if len(story.server.posts) == number:
            return
        await story.advance(1)
    raise AssertionError(f"only {sent(story)} were sent")


async def test_who_comes_too_many_waits_with_their_place_shown_and_is_sent_in_turn(
    story: Story,
) -> None:
    await story.kling("long queue: the first")
    second = await kling(story, story.alice, "the second")
    third = await kling(story, story.alice, "the third")
    assert story.card(second).heading == "🕓 In line"
    assert "You're #1 in line." in story.card(second).text
    assert "You're #2 in line." in story.card(third).text
    await until_all_are_sent(story, 2)
    assert sent(story) == ["long queue: the first", "the second"]
    assert "in line" not in story.card(second).text
    await story.advance(15)
    assert "You're #1 in line." in story.card(third).text or len(story.server.posts) == 3
    await until_all_are_sent(story, 3)


async def test_who_waits_leaves_the_line_for_free_and_the_others_move_up(story: Story) -> None:
    await story.kling("long queue: the first")
    second, third = [await kling(story, story.alice, f"the {name}") for name in ("second", "third")]
    assert await story.press("Cancel", second) == "Cancelled. It costs nothing."
    assert story.card(second).heading == "🚫 Cancelled"
    await story.advance(20)
    assert "You're #1 in line." in story.card(third).text
    await until_all_are_sent(story, 2)
    assert sent(story) == ["long queue: the first", "the third"]


async def test_the_line_survives_a_restart(story: Story) -> None:
    await story.kling("long queue: the first")
    second = await story.kling("the second")
    await story.world.restart_bot()
    await story.settle()
    assert "You're #1 in line." in story.card(second).text
    assert len(story.server.posts) == 1
    await until_all_are_sent(story, 2)


async def test_people_take_turns_whoever_asked_for_more(story: Story) -> None:
    for number in range(1, 5):
        await kling(story, story.alice, f"long queue: alice {number}")
    await kling(story, story.bob, "long queue: bob")
    await until_all_are_sent(story, 5)
    # Bob lets the one go that had come before him, and no more.
    assert [prompt.split(": ")[1] for prompt in sent(story)] == [
        *("alice 1", "alice 2", "bob", "alice 3", "alice 4")
    ]


async def test_servers_take_turns_whoever_asked_for_more(story: Story) -> None:
    elsewhere = story.env.create_guild("Quiet Corner")
    channel = elsewhere.create_text_channel("videos")
    carol = elsewhere.add_member(story.env.create_user("carol"))
    for number in range(1, 3):
        await kling(story, story.alice, f"long queue: alice {number}")
        await kling(story, story.bob, f"long queue: bob {number}")
    await kling(story, carol, "long queue: carol", channel)
    await until_all_are_sent(story, 5)
    assert [prompt.split(": ")[1] for prompt in sent(story)] == [
        *("alice 1", "bob 1", "carol", "alice 2", "bob 2")
    ]


async def test_waiting_in_line_never_makes_a_job_fail(story: Story) -> None:
    await story.kling("late: the first")
    second = await story.kling("the second")
    # Longer than a job waits for a service that takes nothing.
    await story.advance(20 * 60)
    assert "You're #1 in line." in story.card(second).text
    await story.advance(16 * 60)
    await until_all_are_sent(story, 2)
    assert {job.state for job in await story.jobs()} & {State.FAILED} == set()


async def test_one_person_has_so_many_at_once_and_others_pass(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"user_in_flight": 2}
    ) as story:
        asked = [await story.kling(f"long queue {number}") for number in range(3)]
        assert len(story.server.posts) == 2
        assert (
            "You're #1 in line. It starts when another video of yours is done."
            in story.card(asked[2]).text
        )
        await kling(story, story.bob, "bob's")
        assert len(story.server.posts) == 3
        await story.press("Cancel", asked[0])
        await story.settle()
        assert len(story.server.posts) == 4


async def test_a_server_has_so_many_at_once_if_it_wants(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(data_dir=tmp_path / "data", videos=videos) as story:
        await story.services.servers.change(story.guild.id, {"at_once": 1}, by_user_id=1)
        await story.kling("long queue")
        asked = await kling(story, story.bob, "bob's")
        assert (
            "You're #1 in line. It starts when another video of this server is done."
            in story.card(asked).text
        )
