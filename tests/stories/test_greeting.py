"""A server that adds the bot is greeted once: in its language, where the bot may write."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.serializers import guild_create_payload

from bot.domain.money.ledger import Caps
from bot.features.greetings import MOST_IN_A_STORM
from bot.playground.videos import VideoLibrary
from bot.ui.writes import RETRY_DELAYS_S
from tests.patience import until
from tests.stories.harness import Card, Story, private_words, told_story
from tests.stories.panel import a_manager, change
from tests.stories.test_own_keys import NOT_A_MANAGER
from tests.stories.test_setup import SetUp

HELLO = "Hello! I make videos with Kling 3.0"
SILENT = discord.PermissionOverwrite(send_messages=False)
HIDDEN = discord.PermissionOverwrite(view_channel=False)


async def joined(story: Story, guild: simcord.GuildHandle | None = None) -> None:
    story.world.join(guild or story.guild)
    await story.env.settle()
    await story.settle()


async def left(story: Story) -> None:
    story.env.backend.emit("GUILD_DELETE", {"id": str(story.guild.id)})
    await story.env.settle()
    await story.settle()


def edit(story: Story, **changes: Any) -> None:  # noqa: ANN401 - whatever Discord says of a server
    story.env.backend.edit_guild(story.guild.id, changes)


def greetings(story: Story, *channels: simcord.ChannelHandle) -> list[Card]:
    cards = [Card(one) for channel in channels or (story.channel,) for one in channel.history()]
    return [card for card in cards if card.heading == HELLO]


def forbid(story: Story, channel: simcord.ChannelHandle, what: discord.PermissionOverwrite) -> None:
    """What a manager may do to a channel."""
    me = story.guild.me
    assert me is not None
    narrow = story.guild.create_text_channel("narrow", overwrites={me: what})
    channels: Any = story.env.backend.channels
    channels[channel.id].overwrites.extend(channels[narrow.id].overwrites)


def added_by(story: Story, person: simcord.MemberActor) -> None:
    """Write into the audit log who added the bot, as Discord does."""
    story.env.backend.record_audit_log(
        story.guild.id,
        discord.AuditLogAction.bot_add.value,
        target_id=story.env.backend.bot_user.id,
        user_id=person.id,
    )


async def test_a_server_is_greeted_with_what_it_is_who_pays_and_how_to_begin(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    limits = {"server_limit": Caps(day_microusd=2_000_000), "total_limit": None}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=limits) as story:
        await joined(story)
        (card,) = greetings(story)
        assert "Type `/kling` and say what you want to see." in card.text
        assert "The bot's owner pays: $2.00 a day for this server." in card.text
        (command,) = [
            one for one in story.env.backend.commands[None].values() if one["name"] == "kling-help"
        ]
        assert f"</kling-help:{command['id']}> has examples, prices" in card.text
        assert card.buttons == ["Set up"]


async def test_its_button_sets_up_for_managers_and_tells_others_what_they_need(
    story: Story,
) -> None:
    await joined(story)
    (card,) = greetings(story)
    set_up = card.custom_id("Set up")
    for somebody in (story.alice, story.moderator):
        told = await somebody.click(card.message, custom_id=set_up)
        await story.settle()
        assert private_words(told) == NOT_A_MANAGER
    await story.world.restart_bot()
    mona = a_manager(story)
    pressed = await mona.click(card.message, custom_id=set_up)
    await story.settle()
    assert pressed.ephemeral
    assert SetUp(story, pressed, mona).card.heading == "Set up · 1 of 4: who pays"
    assert len(greetings(story)) == 1, "the greeting itself stays"


async def test_an_italian_server_is_greeted_in_italian(story: Story) -> None:
    edit(story, preferred_locale="it")
    await joined(story)
    (message,) = story.messages()
    card = Card(message)
    assert card.heading == "Ciao! Faccio video con Kling 3.0"
    assert card.buttons == ["Configura"]


async def test_the_system_channel_is_greeted_before_all_others(story: Story) -> None:
    welcome = story.guild.create_text_channel("welcome")
    edit(story, system_channel_id=welcome.id)
    await joined(story)
    assert len(greetings(story, welcome)) == 1
    assert greetings(story) == []


@pytest.mark.parametrize("what", [SILENT, HIDDEN])
async def test_where_it_may_not_write_the_next_channel_is_greeted(
    story: Story, what: discord.PermissionOverwrite
) -> None:
    edit(story, system_channel_id=story.channel.id)
    other = story.guild.create_text_channel("chat")
    forbid(story, story.channel, what)
    # Whatever is tried there all the same would be repeated there.
    path = f"/channels/{story.channel.id}/messages"
    story.env.inject_error("POST", path, status=503, code=0, times=None)
    await joined(story)
    assert greetings(story) == []
    assert len(greetings(story, other)) == 1


async def test_what_discord_refuses_all_the_same_goes_to_the_next_channel(story: Story) -> None:
    other = story.guild.create_text_channel("chat")
    path = f"/channels/{story.channel.id}/messages"
    story.env.inject_error("POST", path, status=403, code=50013, times=None)
    await joined(story)
    assert greetings(story) == []
    assert len(greetings(story, other)) == 1


async def test_where_it_may_write_nowhere_who_added_it_is_told_directly(story: Story) -> None:
    forbid(story, story.channel, SILENT)
    added_by(story, story.bob)
    await joined(story)
    (told,) = story.bob.user.dm_channel.history()
    assert told.content.startswith("Hello! You've added me to **Kite Club**, but I can't write")
    assert "/kling-admin setup" in told.content


@pytest.mark.parametrize("known", [False, True])
async def test_else_it_stays_silent(story: Story, known: bool) -> None:  # noqa: FBT001 - a column
    story.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    if known:
        added_by(story, story.bob)
    await joined(story)
    await joined(story)
    assert story.messages() == []


async def test_who_added_it_and_takes_no_direct_messages_is_left_in_peace(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    forbid(story, story.channel, SILENT)
    added_by(story, story.bob)
    story.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    await joined(story)
    assert "found no place for a greeting" in caplog.text


async def test_after_a_passing_trouble_it_is_not_said_in_a_second_place(story: Story) -> None:
    other = story.guild.create_text_channel("chat")
    path = f"/channels/{story.channel.id}/messages"
    story.env.inject_error("POST", path, status=503, code=0, times=None)
    asleep = story.clock.sleeping
    story.world.join(story.guild)
    for _ in RETRY_DELAYS_S:
        await until(lambda: story.clock.sleeping > asleep)
        story.clock.move_to(story.clock.now() + timedelta(seconds=max(RETRY_DELAYS_S)))
        await until(lambda: story.clock.sleeping <= asleep)
    await story.env.settle()
    assert greetings(story, story.channel, other) == []


async def test_it_is_said_once_however_often_discord_tells_of_it(story: Story) -> None:
    await joined(story)
    await joined(story)
    await story.world.restart_bot()
    await joined(story)
    assert len(greetings(story)) == 1


async def test_a_kick_and_a_return_within_a_month_bring_no_second_one(story: Story) -> None:
    await joined(story)
    await left(story)
    await story.advance(60 * 60)
    await joined(story)
    assert len(greetings(story)) == 1


async def test_neither_a_start_nor_an_outage_is_a_join(story: Story) -> None:
    await story.world.restart_bot()
    outage = {"id": str(story.guild.id), "unavailable": True}
    story.env.backend.emit("GUILD_DELETE", outage)
    backend = story.env.backend
    back = guild_create_payload(backend, backend.get_guild(story.guild.id))
    assert back.get("unavailable") is False
    backend.emit("GUILD_CREATE", back)
    await story.env.settle()
    await story.settle()
    assert greetings(story) == []


async def test_in_a_storm_of_joins_most_servers_are_joined_silently(story: Story) -> None:
    guilds = [story.env.create_guild(f"Club {number}") for number in range(MOST_IN_A_STORM + 5)]
    channels = [guild.create_text_channel("chat") for guild in guilds]
    for guild in guilds:
        story.world.join(guild)
    await story.env.settle()
    await story.settle()
    assert len(greetings(story, *channels)) == MOST_IN_A_STORM


async def test_a_server_that_the_operator_blocked_is_not_greeted(story: Story) -> None:
    await change(story, blocked_by_operator=True)
    await joined(story)
    assert greetings(story) == []


async def test_where_the_operator_does_not_pay_it_says_so(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    changes = {"allowed_servers": frozenset({1})}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        await joined(story)
        (card,) = greetings(story)
        assert "The bot's owner doesn't pay for videos in this server" in card.text


async def test_while_the_database_is_away_it_stays_silent(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    await story.world.app.store.close()
    story.world.join(story.guild)
    await story.env.settle()
    assert greetings(story) == []
    assert f"couldn't greet server {story.guild.id}" in caplog.text
