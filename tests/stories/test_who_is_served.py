"""Whom the operator's money serves: in which servers, and where no manager governs."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.domain.servers import RoleRule
from bot.features.reviews import ReviewRefusal
from bot.playground.videos import VideoLibrary
from bot.ui.words.declines import REASONS
from cogs.moderation.review import REVIEW_REFUSALS
from tests.stories.harness import Card, Story, private_words, told_story
from tests.stories.operators import own
from tests.stories.panel import change
from tests.stories.test_after import submitted
from tests.stories.test_building_storyboards import ready_builder
from tests.stories.test_own_keys import CLUB_KEY, Club, bought_with, clubs, give

__all__ = ["clubs"]

NOT_HERE = REASONS[DeclineReason.NO_DIRECT_MESSAGES]
NOT_PAID = REASONS[DeclineReason.SERVER_NOT_PAID_FOR]
BLOCKED = REASONS[DeclineReason.BLOCKED_ELSEWHERE]


@pytest.fixture
async def story(tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Story]:
    """As it is out of the box: direct messages are the operator's."""
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"direct_messages": False}
    ) as told:
        yield told


async def with_settings(story: Story, **settings: Any) -> None:  # noqa: ANN401 - any setting
    """The operator changes settings and starts the bot anew."""
    story.world.settings = story.world.settings.model_copy(update=settings)
    await story.world.restart_bot()
    await story.settle()


async def in_direct_message(story: Story, by: simcord.MemberActor) -> simcord.InteractionResult:
    asked = await by.user.slash("kling", prompt="a kite at home")
    await story.settle()
    return asked


# --- where no manager governs --------------------------------------------------------------------


async def test_a_direct_message_serves_the_operator_alone(story: Story) -> None:
    boss = own(story)
    assert private_words(await in_direct_message(story, story.alice)) == NOT_HERE
    assert private_words(await story.alice.user.slash("storyboard")) == NOT_HERE
    assert await story.jobs() == []
    await in_direct_message(story, boss)
    assert (await story.job()).requester_id == boss.id
    assert len(story.server.posts) == 1


async def test_an_install_of_ones_own_is_no_way_around_the_server(story: Story) -> None:
    boss = own(story)
    asked = await story.kling()
    await story.until(State.DELIVERED)
    story.world.by_user_install = True
    assert private_words(await story.kling()) == NOT_HERE
    assert await story.press("Again", asked, by=story.bob) == NOT_HERE
    message = await story.bob.send(story.channel, "a kite from a message")
    menu = await story.bob.context_menu(story.channel, "Make a Kling video", message)
    assert private_words(menu) == NOT_HERE
    assert len(story.server.posts) == 1
    await boss.slash(story.channel, "kling", prompt="the operator's own")
    await story.settle()
    assert len(story.server.posts) == 2


async def test_who_is_blocked_in_a_server_that_the_operator_pays_for_is_blocked_there_too(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    _, chess = clubs
    await with_settings(story, direct_messages=True)
    await change(story, blocked_user_ids=(story.alice.id,))
    assert private_words(await in_direct_message(story, story.alice)) == BLOCKED
    story.world.by_user_install = True
    carla = chess.guild.add_member(story.alice.user)
    told = await carla.slash(chess.channel, "kling", prompt="a kite")
    assert private_words(told) == BLOCKED
    assert await story.jobs() == []
    await in_direct_message(story, story.bob)
    assert [job.requester_id for job in await story.jobs()] == [story.bob.id]


async def test_a_block_in_a_server_that_pays_for_itself_counts_there_alone(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    await with_settings(story, direct_messages=True)
    await give(story, club, CLUB_KEY)
    await change(story, blocked_user_ids=(story.alice.id,))
    await in_direct_message(story, story.alice)
    assert len(await story.jobs()) == 1


async def test_a_block_in_a_server_that_the_operator_does_not_pay_for_counts_there_alone(
    story: Story,
) -> None:
    await with_settings(story, direct_messages=True, allowed_servers=frozenset({1}))
    await change(story, blocked_user_ids=(story.alice.id,))
    await in_direct_message(story, story.alice)
    assert len(await story.jobs()) == 1


# --- servers that the operator pays for ----------------------------------------------------------


async def test_only_named_servers_are_paid_for_and_others_by_their_own_key(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    kite, chess = clubs
    await with_settings(story, allowed_servers=frozenset({chess.guild.id}))
    assert private_words(await story.kling()) == NOT_PAID
    await chess.member.slash(chess.channel, "kling", prompt="a chess king")
    await story.settle()
    assert [job.server_id for job in await story.jobs()] == [chess.guild.id]
    await give(story, kite, CLUB_KEY)
    await story.kling()
    assert bought_with(story)[-1] == CLUB_KEY


async def test_no_way_buys_once_the_operator_pays_for_the_server_no_more(story: Story) -> None:
    asked = await story.kling()
    await story.until(State.DELIVERED)
    review = story.guild.create_text_channel("review")
    role = story.guild.create_role("Newcomers")
    nina = story.guild.add_member(story.env.create_user("nina"), roles=[role])
    rules = {role.id: RoleRule(is_reviewed=True)}
    await change(story, review_channel_id=review.id, role_rules=rules, ask_above_microusd=0)
    price = await story.kling("a kite that is asked about")
    await change(story, ask_above_microusd=None)
    await nina.slash(story.channel, "kling", prompt="a kite to be reviewed")
    await story.settle()
    message = await story.bob.send(story.channel, "a kite from a message")
    window = await story.bob.click(
        story.card(asked).message, custom_id=story.card(asked).custom_id("Change…")
    )
    menu = await story.bob.context_menu(story.channel, "Make a Kling video", message)

    await with_settings(story, allowed_servers=frozenset({1}))

    assert private_words(await story.kling()) == NOT_PAID
    assert private_words(await story.alice.slash(story.channel, "storyboard")) == NOT_PAID
    assert await story.press("Again", asked) == NOT_PAID
    assert await story.press("Change…", asked) == NOT_PAID
    again = await story.bob.context_menu(story.channel, "Make a Kling video", message)
    assert private_words(again) == NOT_PAID
    for opened in (window, menu):
        assert private_words(await submitted(story, opened, {}, by=story.bob)) == NOT_PAID
    assert await story.press("Generate", price) == NOT_PAID
    question = Card(review.history()[-1])
    approved = await story.moderator.click(
        question.message, custom_id=question.custom_id("Approve")
    )
    refusal = REVIEW_REFUSALS[ReviewRefusal.NOT_PAID_FOR]
    assert private_words(approved) == refusal
    await story.settle()
    assert len(story.server.posts) == 1
    assert len(await story.jobs()) == 2


async def test_a_storyboard_is_no_way_either(story: Story) -> None:
    builder = await ready_builder(story)
    await with_settings(story, allowed_servers=frozenset({1}))
    assert private_words(await builder.press("Generate")) == NOT_PAID
    assert await story.jobs() == []


async def test_what_is_paid_for_is_sent_wherever_its_requester_is(story: Story) -> None:
    await story.kling("a late kite", private=True)
    story.env.inject_error("*", "/channels/*/messages*", status=403, code=50013, times=None)
    await story.advance(40 * 60)
    job = await story.job()
    assert job.state is State.RENDERED
    await with_settings(story, allowed_servers=frozenset({1}))
    kept = await story.services.ordering.kept_for(story.alice.id)
    assert [one.id for one in kept] == [job.id]
