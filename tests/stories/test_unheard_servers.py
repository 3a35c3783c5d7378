"""Servers of which the bot knows nothing but what comes along with a command or a press."""

from collections.abc import Callable

import discord
import pytest
import simcord
from simcord.backend import serializers

from bot.domain.job import State
from bot.domain.money.ledger import Caps
from bot.domain.servers import RoleRule
from tests.stories.harness import Story, private_words


def not_heard_of_yet(story: Story) -> None:
    """The gateway is ready, and this server's turn is still to come."""
    backend = story.env.backend
    ready = {
        "v": 10,
        "user": dict(serializers.user_payload(backend.bot_user)),
        "guilds": [{"id": str(story.guild.id), "unavailable": True}],
        "session_id": "another",
        "resume_gateway_url": "wss://simcord.invalid",
        "shard": [0, 1],
        "application": {"id": str(backend.application_id), "flags": 0},
    }
    backend.emit("READY", ready)
    guild = story.world.app.bot.get_guild(story.guild.id)
    assert guild is not None
    assert guild.unavailable


def without_the_bot(story: Story) -> None:
    """Its members have installed the bot for themselves alone."""
    story.env.backend.emit("GUILD_DELETE", {"id": str(story.guild.id)})
    assert story.world.app.bot.get_guild(story.guild.id) is None


UNHEARD = pytest.mark.parametrize("unheard", [not_heard_of_yet, without_the_bot])


async def newcomer(story: Story, **rule: object) -> simcord.MemberActor:
    """Somebody with a role that has rules, in a server that reviews."""
    role = story.guild.create_role("Newcomers")
    review = story.guild.create_text_channel("review")
    rules = {role.id: RoleRule.model_validate(rule)}
    await story.services.servers.change(
        story.guild.id, {"role_rules": rules, "review_channel_id": review.id}, by_user_id=1
    )
    return story.guild.add_member(story.env.create_user("nina"), roles=[role])


async def test_who_is_reviewed_is_so_before_the_server_is_heard_of(story: Story) -> None:
    nina = await newcomer(story, is_reviewed=True)
    not_heard_of_yet(story)
    await nina.slash(story.channel, "kling", prompt="a red kite")
    await story.settle()
    assert (await story.job()).state is State.IN_REVIEW
    assert story.server.posts == []


@UNHEARD
async def test_a_roles_cap_holds_in_a_server_that_is_not_known(
    story: Story, unheard: Callable[[Story], None]
) -> None:
    nina = await newcomer(story, together=Caps(day_videos=1))
    unheard(story)
    await nina.slash(story.channel, "kling", prompt="a red kite")
    await story.settle()
    again = await nina.slash(story.channel, "kling", prompt="a red kite")
    assert "used up" in private_words(again)
    assert len(story.server.posts) == 1


async def test_who_has_the_role_that_may_ask_is_not_refused_meanwhile(story: Story) -> None:
    (role,) = [one for one in story.guild.roles.values() if one.name == "Moderators"]
    changes = {"allowed_role_ids": (role.id,)}
    await story.services.servers.change(story.guild.id, changes, by_user_id=1)
    not_heard_of_yet(story)
    assert "role" in private_words(await story.kling())
    await story.moderator.slash(story.channel, "kling", prompt="a red kite")
    await story.settle()
    assert len(story.server.posts) == 1


@UNHEARD
async def test_a_thread_whose_channel_is_not_known_is_a_place_like_any_other(
    story: Story, unheard: Callable[[Story], None]
) -> None:
    story.env.backend.create_thread(story.channel.id, "a thread", story.alice.id)
    await story.env.settle()
    (thread,) = story.channel.threads
    unheard(story)
    asked = await story.alice.slash(thread, "kling", prompt="a red kite")
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    allowance = await story.alice.slash(thread, "allowance")
    await story.settle()
    assert "What you have left" in story.card(allowance).text


async def test_a_channel_that_is_closed_for_videos_closes_its_threads_meanwhile(
    story: Story,
) -> None:
    changes = {"denied_channel_ids": (story.channel.id,)}
    await story.services.servers.change(story.guild.id, changes, by_user_id=1)
    story.env.backend.create_thread(story.channel.id, "a thread", story.alice.id)
    await story.env.settle()
    (thread,) = story.channel.threads
    not_heard_of_yet(story)
    asked = await story.alice.slash(thread, "kling", prompt="a red kite")
    assert asked.ephemeral
    assert await story.jobs() == []


async def test_roles_that_are_not_heard_of_are_not_taken_for_deleted(story: Story) -> None:
    managers = story.guild.create_role(
        "Managers", permissions=discord.Permissions(manage_guild=True)
    )
    mona = story.guild.add_member(story.env.create_user("mona"), roles=[managers])
    gone = managers.id + 1
    servers = story.services.servers
    changes = {"allowed_role_ids": (managers.id, gone)}
    await servers.change(story.guild.id, changes, by_user_id=1)
    panel = await mona.slash(story.channel, "kling-admin settings")
    await story.settle()
    card = story.card(panel)
    not_heard_of_yet(story)
    await mona.click(card.message, custom_id=card.custom_id("Take out what was deleted"))
    await story.settle()
    assert (await servers.current(story.guild.id)).allowed_role_ids == (managers.id, gone)
