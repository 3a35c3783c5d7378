"""Private answers, direct messages, and places where the bot is no member."""

from bot.domain.job import Reach, State
from tests.stories.harness import Card, Story


async def test_a_private_job_stays_private_throughout(story: Story) -> None:
    asked = await story.kling(private=True)
    assert asked.ephemeral
    await story.until(State.DELIVERED)
    card = story.card(asked)
    assert card.is_ready
    assert len(card.message.attachments) == 1
    (ping,) = asked.followups
    assert ping.ephemeral
    assert ping.content == f"{story.alice.mention} your video is ready.\n> a red kite over the sea"
    assert story.messages() == []


async def test_a_private_job_can_be_cancelled(story: Story) -> None:
    asked = await story.kling("a long queue", private=True)
    assert await story.press("Cancel", asked) == "Cancelled. It costs nothing."
    assert story.card(asked).heading == "🚫 Cancelled"


async def test_a_direct_message_works_like_a_channel(story: Story) -> None:
    user = story.alice.user
    asked = await user.slash("kling", prompt="a kite at home")
    await story.settle()
    assert (await story.job()).place.reach is Reach.BOT
    await story.until(State.DELIVERED)
    assert asked.response is not None
    assert Card(asked.response).is_ready
    assert story.messages(user.dm_channel)[-1].content.endswith(
        "your video is ready.\n> a kite at home"
    )


async def test_cancelling_in_a_direct_message(story: Story) -> None:
    user = story.alice.user
    asked = await user.slash("kling", prompt="a long queue at home")
    await story.settle()
    assert await story.press("Cancel", asked, by=user) == "Cancelled. It costs nothing."


async def test_a_private_result_after_the_token_died_goes_to_the_requester_directly(
    story: Story,
) -> None:
    asked = await story.kling("a late kite", private=True)
    await story.advance(34 * 60)
    await story.until(State.DELIVERED)
    assert story.messages() == []
    direct = story.messages(story.alice.user.dm_channel)
    card = Card(direct[0])
    assert card.is_ready
    assert len(direct[0].attachments) == 1
    assert direct[-1].content.endswith("your video is ready.\n> a late kite")
    assert asked.followups == []


async def test_a_public_card_is_edited_long_after_the_token_died(story: Story) -> None:
    asked = await story.kling("a late kite")
    await story.advance(31 * 60)
    assert "longer than usual" in story.card(asked).text
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready


async def test_a_video_over_the_limit_of_the_place_comes_as_a_link(story: Story) -> None:
    story.world.upload_limit_bytes = 10_000
    asked = await story.kling()
    job = await story.until(State.DELIVERED)
    card = story.card(asked)
    assert card.message.attachments == []
    assert card.buttons[0] == "Open video"
    assert card.links == [job.media[0].url]


async def test_a_limit_that_discord_overstated_comes_as_a_link_too(story: Story) -> None:
    asked = await story.kling()
    card_id = story.card(asked).message.id
    await story.until(State.RENDERING)
    path = f"/channels/{story.channel.id}/messages/{card_id}"
    # The edit that says "rendered" meets the first refusal, the one with the file the second.
    story.env.inject_error("PATCH", path, status=413, code=40005, times=2)
    job = await story.until(State.DELIVERED)
    card = story.card(asked)
    assert card.is_ready
    assert card.message.attachments == []
    assert card.links == [job.media[0].url]
