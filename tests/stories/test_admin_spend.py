"""`/kling-admin spend`: the month so far, by day and by person, as tables and as a picture."""

import io
from datetime import timedelta

import pytest
import simcord
from PIL import Image

from bot.domain.job import State
from bot.playground.runcomfy_scenario import Scenario
from cogs.kling_admin.spend import HEIGHT_PX, SPENT, WIDTH_PX
from tests.stories.harness import Card, Story, private_words
from tests.stories.panel import a_manager, change, say_anybody_may_see


@pytest.fixture
def manager(story: Story) -> simcord.MemberActor:
    return a_manager(story)


async def spend(story: Story, by: simcord.MemberActor) -> simcord.InteractionResult:
    shown = await by.slash(story.channel, "kling-admin spend")
    await story.settle()
    assert shown.ephemeral
    return shown


async def a_video(story: Story, by: simcord.MemberActor, **options: object) -> None:
    await by.slash(story.channel, "kling", prompt="a red kite", **options)
    await story.settle()
    await story.advance(600)


async def test_the_month_is_told_by_day_and_by_person_with_a_picture(
    story: Story, manager: simcord.MemberActor
) -> None:
    first = story.clock.now()
    await a_video(story, story.alice)
    await a_video(story, story.bob, duration=15)
    await story.leap(timedelta(days=1).total_seconds())
    await a_video(story, story.bob, duration=15)
    second = story.clock.now()
    shown = await spend(story, manager)
    card = story.card(shown)
    assert card.heading == f"Spent in {first:%B %Y}"
    assert "**$5.88 for 3 videos**" in card.text
    assert "-# Days as in UTC." in card.text
    rows = card.text.split("```")[1].strip().split("\n")
    assert [row.split() for row in rows] == [
        ["Day", "Dollars", "Videos"],
        [*f"{first:%b} {first.day}".split(), "$3.36", "2"],
        [*f"{second:%b} {second.day}".split(), "$2.52", "1"],
    ]
    assert len({len(row) for row in rows}) == 1
    assert card.text.endswith(
        f"**By person**\n- <@{story.bob.id}>: $5.04 for 2 videos\n"
        f"- <@{story.alice.id}>: $0.84 for 1 video"
    )
    (picture,) = card.gallery
    assert picture["description"] == (
        f"Bars for the days of {first:%B %Y}: {first:%b} {first.day} $3.36, "
        f"{second:%b} {second.day} $2.52."
    )
    assert shown.response is not None
    (attachment,) = shown.response.attachments
    image = Image.open(io.BytesIO(await attachment.read()))
    assert (image.format, image.size) == ("PNG", (WIDTH_PX, HEIGHT_PX))
    colours = {colour for _, colour in image.getcolors(1_000_000) or []}
    assert SPENT in colours


async def test_what_is_reserved_is_said_to_be(story: Story, manager: simcord.MemberActor) -> None:
    story.server.will(Scenario(queue_s=3_600))
    await story.kling()
    card = story.card(await spend(story, manager))
    assert "**$0.84 for 1 video**" in card.text
    assert "$0.84 of it is reserved, not spent yet." in card.text


async def test_days_are_those_of_the_servers_calendar(
    story: Story, manager: simcord.MemberActor
) -> None:
    await change(story, time_zone="Pacific/Kiritimati")
    await a_video(story, story.alice)
    card = story.card(await spend(story, manager))
    assert "-# Days as in Pacific/Kiritimati." in card.text


async def test_a_month_in_which_nothing_was_spent_is_said_to_be_one(
    story: Story, manager: simcord.MemberActor
) -> None:
    told = private_words(await spend(story, manager))
    assert told == f"Nothing was spent in this server in {story.clock.now():%B %Y} yet."


async def test_other_servers_and_direct_messages_do_not_count(
    story: Story, manager: simcord.MemberActor
) -> None:
    await story.alice.user.slash("kling", prompt="a red kite")
    await story.settle()
    await story.until(State.DELIVERED)
    assert private_words(await spend(story, manager)).startswith("Nothing was spent")


async def test_a_video_that_came_by_direct_message_was_paid_by_its_server_all_the_same(
    story: Story, manager: simcord.MemberActor
) -> None:
    await story.kling("a late kite", private=True)
    await story.leap(34 * 60)
    delivered = await story.until(State.DELIVERED)
    assert delivered.place.guild_id is None
    text = story.card(await spend(story, manager)).text
    assert "**$0.84 for 1 video**" in text
    assert f"- <@{story.alice.id}>: $0.84 for 1 video" in text


async def test_only_managers_see_it(story: Story) -> None:
    say_anybody_may_see(story)
    story.expected_errors = 1
    told = private_words(await spend(story, story.alice))
    assert told == "You need the Manage Server permission for that."


async def test_an_italian_manager_reads_italian(story: Story, manager: simcord.MemberActor) -> None:
    await a_video(story, story.alice)
    story.world.locale = "it"
    shown = await spend(story, manager)
    assert shown.response is not None
    assert Card(shown.response).heading.startswith("Spesa di ")
    assert "0,84\xa0USD per 1 video" in Card(shown.response).text
