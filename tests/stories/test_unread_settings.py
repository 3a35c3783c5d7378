"""Settings that cannot be read: nothing is made there, its managers hear of it, and can go on."""

import pytest
from sqlalchemy import text

from tests.stories.harness import Story, private_words
from tests.stories.panel import a_manager, change, opened, settings_of, trail

UNREAD = "I can't read these settings, so videos are paused in this server: member caps."


async def overwritten(story: Story, settings: str) -> None:
    """As a newer version would, or a disk that fails."""
    written = text("UPDATE server_settings SET settings = :settings").bindparams(settings=settings)
    await story.world.app.store.database.write(written)


async def test_a_server_whose_limits_cannot_be_read_is_paused_until_its_managers_go_on(
    story: Story,
) -> None:
    manager, news = a_manager(story), story.guild.create_text_channel("news")
    await change(story, spoiler=True)
    newer = f'{{"member_caps": {{"week_videos": 3}}, "log_channel_id": {news.id}}}'
    await overwritten(story, newer)

    refused = private_words(await story.kling())
    assert refused.startswith("I can't read some of this server's settings")
    assert await story.jobs() == []
    await story.advance(180)
    (told,) = story.messages(news)
    assert UNREAD in told.content
    assert story.guild.name in told.content
    assert UNREAD in (await opened(story, manager)).text

    resumed = await manager.slash(story.channel, "kling-admin resume")
    assert private_words(resumed).startswith("Back on: taking requests again.")
    assert not settings_of(story).unread
    assert (await trail(story))[0].what == "unread"
    shown = await manager.slash(story.channel, "kling-admin audit")
    assert "went on without what could not be read: member caps" in story.card(shown).text
    await story.kling()
    assert len(await story.jobs()) == 1


async def test_without_a_channel_the_servers_owner_is_told_directly(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    await change(story, spoiler=True)
    await overwritten(story, "{")
    await story.advance(180)
    assert [one for one in caplog.records if "the settings" in one.getMessage()]
    assert "couldn't tell any manager" not in caplog.text


async def test_an_owner_who_takes_no_direct_messages_leaves_it_to_the_log(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    await change(story, spoiler=True)
    await overwritten(story, "{")
    story.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    await story.advance(180)
    assert "couldn't tell any manager" in caplog.text
