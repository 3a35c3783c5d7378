"""Showcases in trouble: what Discord does not take is told, finished later, and never doubled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import discord
import pytest
from sqlalchemy import update

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job
from bot.domain.servers import ShownBy
from bot.domain.showcase import NotPosted, PostState, PostTrouble, ShareRefusal
from bot.features.showcase.showcase import Coming, NotShown, Starred
from bot.features.showcase.showcase_rows import ShowcaseRows
from bot.storage.tables.showcase import showcase_posts
from bot.ui.showcase_card import TROUBLES
from cogs.showcase.share import REFUSALS
from tests.pictures import a_picture, saved
from tests.stories.harness import Card, Story
from tests.stories.test_showcase import Shown
from tests.stories.test_showcase_rooms import available, cached, posts_in, tags_of

T = TypeVar("T")

UNKNOWN = 987_654_321
"""A channel that the bot does not know of."""


@pytest.fixture
async def server(story: Story) -> Shown:
    shown = Shown(story)
    await shown.decide(log_channel_id=shown.log.id, showcase_stars=1)
    return shown


@pytest.fixture
async def forum(story: Story) -> Shown:
    shown = Shown(story, forum=True)
    await shown.decide()
    return shown


def rows_of(shown: Shown) -> ShowcaseRows:
    return ShowcaseRows(database=shown.story.world.app.store.database)


async def over_time(story: Story, doing: Coroutine[Any, Any, T]) -> T:
    """What comes of it while time passes: it waits between its tries."""
    task = asyncio.ensure_future(doing)
    while not task.done():
        await story.advance(1)
    return task.result()


async def state_of(shown: Shown, job: Job) -> PostState | None:
    post = await rows_of(shown).post_of(job.id)
    return None if post is None else post.state


async def forget_where_it_is(shown: Shown, state: PostState) -> Job:
    """As after a crash: the newest row does not know where its message is, or whether it is."""
    job = (await shown.story.jobs())[-1]
    values = {"state": state.value, "message_id": None, "thread_id": None}
    await shown.story.world.app.store.database.write(
        update(showcase_posts).where(showcase_posts.c.job_id == job.id).values(values)
    )
    return job


async def test_a_forum_that_does_not_answer_gets_it_as_soon_as_it_does(forum: Shown) -> None:
    asked = await forum.a_video()
    path = f"/channels/{forum.showcase.id}/threads"
    forum.story.env.inject_error("POST", path, status=503)
    told = await forum.share(asked)
    assert f"It will be in <#{forum.showcase.id}> as soon as Discord answers." in told
    assert posts_in(forum) == []
    await forum.story.advance(300)
    assert len(posts_in(forum)) == 1
    assert await state_of(forum, await forum.story.job()) is PostState.SHOWN


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        (404, 10003, PostTrouble.CHANNEL_GONE),
        (403, 50001, PostTrouble.CLOSED),
        (404, 0, None),  # no word of Discord's, but of something in between
        (503, 0, None),
    ],
)
async def test_of_a_channel_that_the_bot_does_not_know_discord_is_asked(
    server: Shown, status: int, code: int, trouble: PostTrouble | None
) -> None:
    story = server.story
    await server.a_video()
    job = await story.job()
    await server.decide(showcase_channel_id=UNKNOWN)
    story.env.inject_error("GET", f"/channels/{UNKNOWN}", status=status, code=code, times=None)
    by = Actor(user_id=job.requester_id, guild_id=story.guild.id)
    answer = await over_time(story, story.services.showcase.share(job.id, by))
    if trouble is None:
        assert answer == Coming(UNKNOWN)
        assert await state_of(server, job) is PostState.POSTING
    else:
        assert answer == NotShown(UNKNOWN, NotPosted(trouble))
        assert await state_of(server, job) is PostState.REFUSED


async def test_stars_for_a_channel_that_is_gone_are_told_to_managers(server: Shown) -> None:
    asked = await server.a_video()
    server.story.env.backend.delete_channel(server.showcase.id)
    await server.press("⭐", server.story.card(asked), server.story.bob)
    (notice,) = server.log.history()
    assert notice.content == f"⭐ {TROUBLES[PostTrouble.CHANNEL_GONE]}"


async def test_without_a_log_channel_stars_that_bring_nothing_count_all_the_same(
    server: Shown,
) -> None:
    await server.decide(log_channel_id=None)
    asked = await server.a_video()
    server.story.env.backend.delete_channel(server.showcase.id)
    await server.press("⭐", server.story.card(asked), server.story.bob)
    assert server.log.history() == []
    assert server.story.card(asked).buttons[1] == "⭐ 1"


@pytest.mark.parametrize("is_private", [False, True])
async def test_stars_bring_it_from_a_thread_that_everyone_sees(
    server: Shown, *, is_private: bool
) -> None:
    story = server.story
    story.env.backend.create_thread(story.channel.id, "kites", story.alice.id)
    (thread,) = story.channel.threads
    asked = await story.alice.slash(thread, "kling", prompt="a kite in a thread")
    await story.advance(300)
    if is_private:
        cached(story, thread.id)._type = discord.ChannelType.private_thread  # noqa: SLF001
    await server.press("⭐", story.card(asked), story.bob)
    assert len(server.posts()) == int(not is_private)
    assert story.card(asked).buttons[1] == "⭐ 1"


async def test_from_a_channel_that_is_gone_stars_bring_nothing(server: Shown) -> None:
    await server.a_video()
    job = await server.story.job()
    server.story.env.backend.delete_channel(server.story.channel.id)
    await server.story.settle()
    by = Actor(user_id=server.story.bob.id, guild_id=server.story.guild.id)
    assert await server.story.services.showcase.star(job.id, by) == Starred(is_given=True)
    assert server.posts() == []


@pytest.mark.parametrize("is_there", [True, False])
async def test_after_a_crash_the_post_in_a_channel_is_there_once(
    server: Shown, *, is_there: bool
) -> None:
    await server.share(await server.a_video(prompt="a blue kite"))
    await server.share(await server.a_video(prompt="a red kite"))
    _, lost = server.posts()
    job = await forget_where_it_is(server, PostState.POSTING)
    if not is_there:
        server.story.env.backend.delete_message(server.showcase.id, lost.message.id)
    await server.story.advance(300)
    assert len(server.posts()) == 2
    assert (server.posts()[-1].message.id == lost.message.id) is is_there
    assert await state_of(server, job) is PostState.SHOWN


async def test_after_a_crash_a_post_that_is_not_in_the_forum_is_made(forum: Shown) -> None:
    story = forum.story
    backend = story.env.backend
    await forum.share(await forum.a_video(prompt="an old kite"))
    await story.advance(24 * 3600)
    (old,) = posts_in(forum)
    backend.create_thread(forum.showcase.id, "of a member", story.alice.id)
    await forum.share(await forum.a_video(prompt="a red kite"))
    lost = posts_in(forum)[-1]
    backend.delete_channel(lost.id)
    job = await forget_where_it_is(forum, PostState.POSTING)
    archived = {"archived": True, "archive_timestamp": old.thread_metadata.archive_timestamp}
    backend.edit_channel(old.id, {}, thread_metadata=archived)
    await story.advance(300)
    assert posts_in(forum)[-1].name == "a red kite"
    assert posts_in(forum)[-1].id != lost.id
    assert await state_of(forum, job) is PostState.SHOWN


async def test_while_a_channel_cannot_be_searched_nothing_is_posted_twice(server: Shown) -> None:
    await server.share(await server.a_video())
    job = await forget_where_it_is(server, PostState.POSTING)
    path = f"/channels/{server.showcase.id}/messages"
    server.story.env.inject_error("GET", path, status=403, code=50001)
    await server.story.advance(150)
    assert await state_of(server, job) is PostState.POSTING
    await server.story.advance(300)
    assert len(server.posts()) == 1
    assert await state_of(server, job) is PostState.SHOWN


async def test_what_was_to_be_taken_back_and_is_not_there_is_taken_back(server: Shown) -> None:
    await server.share(await server.a_video())
    server.story.env.backend.delete_message(server.showcase.id, server.post.message.id)
    job = await forget_where_it_is(server, PostState.TAKING_BACK)
    await server.story.advance(300)
    assert await state_of(server, job) is PostState.TAKEN_BACK


async def test_a_thread_that_discord_does_not_delete_now_goes_later(forum: Shown) -> None:
    story = forum.story
    await forum.share(await forum.a_video())
    (thread,) = posts_in(forum)
    job = await story.job()
    path = f"/channels/{thread.id}"
    story.env.inject_error("DELETE", path, status=404, code=0, times=3)  # and tries to go on
    by = Actor(user_id=job.requester_id, guild_id=story.guild.id)
    refused = await over_time(story, story.services.showcase.take_back(job.id, by))
    assert refused == Denied(ShareRefusal.NOT_NOW)
    assert len(posts_in(forum)) == 1
    await story.advance(300)
    assert posts_in(forum) == []
    assert await state_of(forum, job) is PostState.TAKEN_BACK


async def test_a_star_on_a_post_counts_although_the_card_is_gone(server: Shown) -> None:
    story = server.story
    asked = await server.a_video()
    await server.share(asked)
    story.env.backend.delete_message(story.channel.id, story.card(asked).message.id)
    await server.press("⭐", server.post, story.bob)
    assert server.post.buttons[1] == "⭐ 1"


async def test_a_forums_post_of_a_picture_has_no_tag_for_its_shape(forum: Shown) -> None:
    await forum.a_video(image=saved(a_picture()))
    card = next(Card(one) for one in forum.story.messages() if Card(one).buttons)
    await forum.press("Share", card)
    (thread,) = posts_in(forum)
    assert tags_of(forum, thread) == ["Pro (1080p)"]
    assert len(available(forum)) == 1


async def test_where_stars_alone_bring_it_and_none_do_moderators_are_named(server: Shown) -> None:
    await server.decide(showcase_by=ShownBy.STARS, showcase_stars=None)
    told = await server.share(await server.a_video())
    assert told == REFUSALS[ShareRefusal.MODERATORS_ONLY]
    assert server.posts() == []
