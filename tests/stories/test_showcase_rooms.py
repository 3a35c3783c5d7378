"""Showcases as places: forums, closed channels, restarts, reports, the panel, other languages."""

from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import update

from bot.domain.showcase import PostState, PostTrouble, ShareRefusal
from bot.features.showcase.showcase_rows import ShowcaseRows
from bot.storage.tables.showcase import showcase_posts
from bot.ui.showcase_card import TROUBLES
from bot.ui.showcase_room import TAGS_MAX
from cogs.showcase.share import REFUSALS
from tests.stories.harness import Card, Story, private_words
from tests.stories.panel import a_manager, change, opened, settings_of
from tests.stories.test_privacy import days
from tests.stories.test_showcase import Shown

SHARED = "⭐ It's in the showcase now: "


@pytest.fixture
async def server(story: Story) -> Shown:
    shown = Shown(story)
    await shown.decide(log_channel_id=shown.log.id)
    return shown


@pytest.fixture
async def forum(story: Story) -> Shown:
    shown = Shown(story, forum=True)
    await shown.decide()
    return shown


def posts_in(forum: Shown) -> list[Any]:
    """The threads of a forum, as the simulated Discord has them."""
    channels: Any = forum.story.env.backend.channels.values()
    return [one for one in channels if one.is_thread and one.parent_id == forum.showcase.id]


def cached(story: Story, channel_id: int) -> Any:  # noqa: ANN401 - a channel of any kind
    """The channel as the bot knows it."""
    channel = story.world.app.bot.get_channel(channel_id)
    assert channel is not None
    return channel


def deny(story: Story, channel_id: int, **permissions: bool | None) -> None:
    """Take permissions from the bot in one channel."""
    channel = cached(story, channel_id)
    overwrite = discord.PermissionOverwrite(**permissions)
    allowed, denied = overwrite.pair()
    payload: Any = {
        "id": channel.guild.me.id,
        "type": 1,
        "allow": allowed.value,
        "deny": denied.value,
    }
    channel._overwrites.append(discord.abc._Overwrites(payload))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


async def test_in_a_forum_each_video_is_a_post_of_its_own(forum: Shown) -> None:
    asked = await forum.a_video(prompt="a red kite over the sea")
    told = await forum.share(asked)
    (thread,) = posts_in(forum)
    assert thread.name == "a red kite over the sea"
    assert told.startswith(
        f"{SHARED}https://discord.com/channels/{forum.story.guild.id}/{thread.id}/"
    )
    message = forum.story.env.backend.get_message(thread.id, int(told.rpartition("/")[2]))
    assert len(message.attachments) == 1


def tags_of(forum: Shown, thread: Any) -> list[str]:  # noqa: ANN401 - a thread of the simulated Discord
    """The names of the tags on a post, in order."""
    names = {int(one["id"]): one["name"] for one in available(forum)}
    return [names[tag] for tag in thread.applied_tags]


def available(forum: Shown) -> list[dict[str, Any]]:
    """The tags of the forum, as the simulated Discord has them."""
    tags: list[dict[str, Any]] = forum.story.env.backend.get_channel(
        forum.showcase.id
    ).available_tags
    return tags


async def with_tags(forum: Shown, *names: str, moderated: bool = False) -> None:
    """Give the forum these tags, as a manager does."""
    made = [
        {
            "id": str(forum.story.env.backend.snowflake()),
            "name": name,
            "moderated": moderated,
            "emoji_id": None,
            "emoji_name": None,
        }
        for name in names
    ]
    forum.story.env.backend.edit_channel(forum.showcase.id, {"available_tags": made})
    await forum.story.settle()


async def test_a_forums_posts_have_tags_for_quality_and_shape(forum: Shown) -> None:
    await forum.share(await forum.a_video(aspect="9:16"))
    await forum.share(await forum.a_video(aspect="1:1", quality="standard"))
    first, second = posts_in(forum)
    assert tags_of(forum, first) == ["Pro (1080p)", "9:16"]
    assert tags_of(forum, second) == ["Standard (720p)", "1:1"]
    assert len(available(forum)) == 4


async def test_tags_of_managers_are_used_and_stay(forum: Shown) -> None:
    await with_tags(forum, "kites", "pro (1080P)")
    await forum.share(await forum.a_video())
    (thread,) = posts_in(forum)
    assert tags_of(forum, thread) == ["pro (1080P)", "16:9"]
    assert [one["name"] for one in available(forum)] == ["kites", "pro (1080P)", "16:9"]


async def test_tags_that_discord_has_not_told_of_yet_are_not_overwritten(forum: Shown) -> None:
    asked = await forum.a_video()
    remembered = cached(forum.story, forum.showcase.id)
    await with_tags(forum, "kites", "16:9")
    remembered._available_tags = {}  # noqa: SLF001 - the news is on its way
    await forum.share(asked)
    assert [one["name"] for one in available(forum)] == ["kites", "16:9", "Pro (1080p)"]
    (thread,) = posts_in(forum)
    assert tags_of(forum, thread) == ["Pro (1080p)", "16:9"]


async def test_tags_that_another_process_created_at_the_same_time_are_used(forum: Shown) -> None:
    await forum.share(await forum.a_video())
    asked = await forum.a_video()
    remembered = cached(forum.story, forum.showcase.id)
    own = remembered._available_tags  # noqa: SLF001 - the news is on its way
    await with_tags(forum, "Pro (1080p)", "16:9")
    remembered._available_tags = own  # noqa: SLF001
    assert (await forum.share(asked)).startswith(SHARED)
    _, thread = posts_in(forum)
    assert tags_of(forum, thread) == ["Pro (1080p)", "16:9"]
    assert len(available(forum)) == 2


async def test_tags_that_are_all_there_already_are_left_as_they_are(forum: Shown) -> None:
    asked = await forum.a_video()
    remembered = cached(forum.story, forum.showcase.id)
    await with_tags(forum, "16:9", "Pro (1080p)")
    before = list(available(forum))
    remembered._available_tags = {}  # noqa: SLF001 - the news is on its way
    await forum.share(asked)
    (thread,) = posts_in(forum)
    assert tags_of(forum, thread) == ["Pro (1080p)", "16:9"]
    assert available(forum) == before


async def test_without_permission_a_post_has_the_tags_that_are_there(forum: Shown) -> None:
    deny(forum.story, forum.showcase.id, manage_channels=False)
    await forum.share(await forum.a_video())
    await with_tags(forum, "16:9")
    deny(forum.story, forum.showcase.id, manage_channels=False)
    await forum.share(await forum.a_video())
    bare, tagged = posts_in(forum)
    assert tags_of(forum, bare) == []
    assert tags_of(forum, tagged) == ["16:9"]
    assert len(available(forum)) == 1


async def test_tags_for_moderators_alone_are_left_to_them(forum: Shown) -> None:
    await with_tags(forum, "Pro (1080p)", "16:9", moderated=True)
    deny(forum.story, forum.showcase.id, manage_threads=False)
    await forum.share(await forum.a_video())
    (thread,) = posts_in(forum)
    assert tags_of(forum, thread) == []


async def test_a_full_forum_gets_no_more_tags(forum: Shown) -> None:
    await with_tags(forum, *(f"kite {n}" for n in range(TAGS_MAX - 1)))
    await forum.share(await forum.a_video())
    (thread,) = posts_in(forum)
    assert tags_of(forum, thread) == ["Pro (1080p)"]
    assert len(available(forum)) == TAGS_MAX


async def test_a_forum_that_wants_a_tag_says_which_a_manager_can_add(forum: Shown) -> None:
    asked = await forum.a_video()
    cached(forum.story, forum.showcase.id)._flags = discord.ChannelFlags(require_tag=True).value  # noqa: SLF001
    deny(forum.story, forum.showcase.id, manage_channels=False)
    told = await forum.share(asked)
    assert told == TROUBLES[PostTrouble.TAG_NEEDED].format(
        channel=f"<#{forum.showcase.id}>", names="**Pro (1080p)**, **16:9**"
    )
    assert posts_in(forum) == []
    await with_tags(forum, "16:9")
    cached(forum.story, forum.showcase.id)._flags = discord.ChannelFlags(require_tag=True).value  # noqa: SLF001
    deny(forum.story, forum.showcase.id, manage_channels=False)
    assert (await forum.share(asked)).startswith(SHARED)


@pytest.mark.parametrize("is_archived", [False, True])
async def test_after_a_crash_the_post_in_a_forum_is_found(
    forum: Shown, *, is_archived: bool
) -> None:
    story = forum.story
    await forum.share(await forum.a_video(prompt="a blue kite"))
    await forum.share(await forum.a_video(prompt="a red kite"))
    others, lost = posts_in(forum)
    # The process ends after Discord took the post, and before it wrote that down.
    job = (await story.jobs())[-1]
    await story.world.app.store.database.write(
        update(showcase_posts)
        .where(showcase_posts.c.job_id == job.id)
        .values(state="posting", message_id=None, thread_id=None)
    )
    if is_archived:
        now = story.env.backend.now_iso()
        for one in (others, lost):
            archived = {"archived": True, "archive_timestamp": now}
            story.env.backend.edit_channel(one.id, {}, thread_metadata=archived)
        await story.settle()
        assert not cached(story, forum.showcase.id).threads
    else:
        await story.world.restart_bot()
    await story.advance(300)
    assert posts_in(forum) == [others, lost]
    post = await ShowcaseRows(database=story.world.app.store.database).post_of(job.id)
    assert post is not None
    assert (post.state, post.thread_id) == (PostState.SHOWN, lost.id)


async def test_what_a_closed_channel_still_shows_goes_once_it_opens(server: Shown) -> None:
    story = server.story
    asked = await server.a_video()
    await server.share(asked)
    details = await server.press("Details", story.card(asked))
    assert details.response is not None
    story.env.backend.set_overwrite(
        server.showcase.id,
        Overwrite(
            target_id=story.env.backend.bot_user.id,
            type=OverwriteType.MEMBER,
            allow=0,
            deny=discord.Permissions(view_channel=True).value,
        ),
    )
    await story.settle()
    told = private_words(await server.press("Take back", Card(details.response)))
    assert told == REFUSALS[ShareRefusal.OUT_OF_REACH]
    await story.advance(300)
    assert len(server.posts()) == 1
    story.env.backend.delete_overwrite(server.showcase.id, story.env.backend.bot_user.id)
    await story.advance(300)
    assert server.posts() == []


async def test_what_stands_in_a_server_that_was_left_is_given_up_after_a_month(
    server: Shown,
) -> None:
    story, rows = server.story, ShowcaseRows(database=server.story.world.app.store.database)
    await server.share(await server.a_video())
    job = await story.job()
    story.env.backend.remove_guild(story.guild.id)
    path = f"/channels/{server.showcase.id}"
    story.env.inject_error("GET", path, status=403, code=50001, times=None)  # as Discord says it
    await story.env.settle()
    await story.services.privacy.forget(job.requester_id)
    await days(story, 29)
    post = await rows.post_of(job.id)
    assert post is not None
    assert post.state is PostState.TAKING_BACK, "the bot might be invited back"
    await days(story, 2)
    assert await rows.post_of(job.id) is None


async def test_a_video_whose_showcase_is_deleted_is_out_of_it(server: Shown) -> None:
    asked = await server.a_video()
    await server.share(asked)
    details = await server.press("Details", server.story.card(asked))
    assert details.response is not None
    server.story.env.backend.delete_channel(server.showcase.id)
    await server.story.settle()
    told = private_words(await server.press("Take back", Card(details.response)))
    assert told == "It's out of the showcase. The original message stays."


async def test_a_post_whose_thread_a_moderator_deleted_is_out_of_it(forum: Shown) -> None:
    asked = await forum.a_video()
    await forum.share(asked)
    (thread,) = posts_in(forum)
    details = await forum.press("Details", forum.story.card(asked))
    assert details.response is not None
    forum.story.env.backend.delete_channel(thread.id)
    await forum.story.settle()
    told = private_words(await forum.press("Take back", Card(details.response)))
    assert told == "It's out of the showcase. The original message stays."


async def test_taking_it_back_deletes_the_post_of_a_forum(forum: Shown) -> None:
    asked = await forum.a_video()
    await forum.share(asked)
    details = await forum.press("Details", forum.story.card(asked))
    assert details.response is not None
    await forum.press("Take back", Card(details.response))
    assert posts_in(forum) == []


async def test_a_closed_channel_says_what_a_manager_has_to_allow(server: Shown) -> None:
    asked = await server.a_video()
    deny(server.story, server.showcase.id, attach_files=False)
    told = await server.share(asked)
    assert told == TROUBLES[PostTrouble.MISSING].format(
        channel=f"<#{server.showcase.id}>", names="**Attach Files**"
    )
    assert server.posts() == []


async def test_managers_read_why_stars_could_not_bring_it(server: Shown) -> None:
    await server.decide(showcase_stars=1)
    asked = await server.a_video()
    deny(server.story, server.showcase.id, send_messages=False)
    await server.press("⭐", server.story.card(asked), server.story.bob)
    (notice,) = server.log.history()
    assert "**Send Messages**" in notice.content
    assert server.story.card(asked).buttons[1] == "⭐ 1"


async def test_a_channel_that_is_gone_is_said(server: Shown) -> None:
    asked = await server.a_video()
    server.story.env.backend.delete_channel(server.showcase.id)
    assert await server.share(asked) == TROUBLES[PostTrouble.CHANNEL_GONE]


async def test_what_discord_refuses_with_the_file_comes_without_it(server: Shown) -> None:
    asked = await server.a_video()
    path = f"/channels/{server.showcase.id}/messages"
    server.story.env.inject_error("POST", path, status=413, code=40005)
    assert (await server.share(asked)).startswith(SHARED)
    assert server.post.gallery == []
    assert "It's in the original message." in server.post.text


async def test_what_discord_refuses_in_every_form_is_said(forum: Shown) -> None:
    asked = await forum.a_video()
    path = f"/channels/{forum.showcase.id}/threads"
    forum.story.env.inject_error("POST", path, status=400, code=50035, times=None)
    told = await forum.share(asked)
    assert told == TROUBLES[PostTrouble.REFUSED].format(channel=f"<#{forum.showcase.id}>")
    assert posts_in(forum) == []


async def test_nothing_goes_from_an_age_restricted_channel_to_another(server: Shown) -> None:
    asked = await server.a_video()
    cached(server.story, server.story.channel.id).nsfw = True
    told = await server.share(asked)
    assert told == TROUBLES[PostTrouble.AGE_RESTRICTED].format(channel=f"<#{server.showcase.id}>")


async def test_after_a_restart_everything_goes_on(server: Shown) -> None:
    asked = await server.a_video()
    await server.share(asked)
    await server.story.world.restart_bot()
    await server.story.settle()
    await server.press("⭐", server.post, server.story.bob)
    assert server.post.buttons[1] == "⭐ 1"
    assert (await server.share(asked)).startswith("It's in the showcase already: ")
    await server.press("Take back", server.post)
    assert server.posts() == []


async def test_a_post_can_be_reported_and_deleted_with_its_video(server: Shown) -> None:
    story = server.story
    await server.share(await server.a_video())
    window = await story.bob.context_menu(server.showcase, "Report this video", server.post.message)
    told = await story.bob.submit_modal(window, {"reason": ""})
    await story.settle()
    assert "moderators" in private_words(told)
    (report,) = [Card(one) for one in server.log.history()]
    question = await server.press("Delete", report, story.moderator)
    assert question.response is not None
    await server.press("Yes, delete it", Card(question.response), story.moderator)
    assert server.posts() == []
    assert (await story.job()).deleted


async def test_managers_choose_the_showcase_on_the_panel(story: Story) -> None:
    shown = Shown(story, forum=True)
    panel = await opened(story, a_manager(story))
    await panel.turn_to("showcase")
    await panel.choose("kling:admin:channels:showcase_channel_id", shown.showcase)
    await panel.choose("kling:admin:choose:showcase_stars:0", "5")
    await panel.choose("kling:admin:choose:showcase_by:0", '"moderators"')
    settings = settings_of(story)
    assert settings.showcase_channel_id == shown.showcase.id
    assert (settings.showcase_stars, settings.showcase_by.value) == (5, "moderators")


async def test_the_panel_says_what_is_missing_in_the_channel(story: Story) -> None:
    shown = Shown(story)
    await story.env.settle()
    deny(story, shown.showcase.id, attach_files=False)
    panel = await opened(story, a_manager(story))
    await panel.turn_to("showcase")
    told = await panel.choose("kling:admin:channels:showcase_channel_id", shown.showcase)
    assert "**Attach Files**" in private_words(told)
    assert settings_of(story).showcase_channel_id is None


async def test_the_showcase_speaks_the_servers_language(server: Shown) -> None:
    server.story.world.locale = server.story.world.guild_locale = "it"
    cached(server.story, server.showcase.id).guild.preferred_locale = discord.Locale.italian
    asked = await server.a_video()
    told = private_words(await server.press("Condividi", server.story.card(asked)))
    assert told.startswith("⭐ Ora è in vetrina: ")
    assert server.post.buttons[0] == "Creane uno simile"
    assert server.post.buttons[2:] == ["Ritira", "Vai all'originale"]
    assert private_words(await server.press("Ritira", server.post)).startswith(
        "Non è più in vetrina."
    )
    await change(server.story, showcase_channel_id=None)
