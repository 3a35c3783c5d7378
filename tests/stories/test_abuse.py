"""Abuse: mentions never resolve but the requester's own, and who may not ask is refused."""

from collections.abc import Iterator, Mapping
from typing import Any

import discord
import pytest
import simcord

from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.domain.servers import RoleRule, ServerSettings
from bot.playground.runcomfy_scenario import Ending, Scenario
from bot.ui.words.declines import REASONS
from tests.stories.harness import Card, Story, private_words

NASTY = "**bold** <@{mod}> <@&{role}> @everyone `x` ||y|| [z](https://evil.example) \u202egnp"


async def decide(story: Story, **settings: object) -> ServerSettings:
    changed = await story.services.servers.change(story.guild.id, settings, by_user_id=1)
    assert isinstance(changed, ServerSettings)
    return changed


async def assert_nothing_happened(story: Story) -> None:
    assert await story.jobs() == []
    assert story.server.posts == []
    assert story.messages() == []


# --- who may not ask -------------------------------------------------------------------------


async def test_who_is_blocked_is_refused_everywhere_in_the_server(story: Story) -> None:
    asked = await story.kling()
    await story.until(State.DELIVERED)
    await decide(story, blocked_user_ids=(story.bob.id,))
    refusal = "You can't make videos in this server. Ask a moderator if you think that's a mistake."
    told = await story.bob.slash(story.channel, "kling", prompt="a kite")
    assert private_words(told) == refusal
    assert await story.press("Again", asked, by=story.bob) == refusal
    assert len(story.server.posts) == 1


async def refusals_of_windows(story: Story, video: simcord.InteractionResult) -> set[str]:
    """What Bob is told where he would say what he wishes."""
    message = story.channel.history()[0]
    return {
        private_words(await story.bob.slash(story.channel, "storyboard")),
        private_words(await story.bob.context_menu(story.channel, "Make a Kling video", message)),
        await story.press("Change…", video, by=story.bob),
    }


async def test_no_window_is_opened_for_who_may_not_ask(story: Story) -> None:
    asked = await story.kling()
    await story.until(State.DELIVERED)
    await decide(story, blocked_user_ids=(story.bob.id,))
    (refusal,) = await refusals_of_windows(story, asked)
    assert refusal == (
        "You can't make videos in this server. Ask a moderator if you think that's a mistake."
    )
    await decide(story, blocked_user_ids=(), blocked_by_operator=True)
    (refusal,) = await refusals_of_windows(story, asked)
    assert refusal == REASONS[DeclineReason.SERVER_BLOCKED]
    await decide(story, blocked_by_operator=False, denied_channel_ids=(story.channel.id,))
    (refusal,) = await refusals_of_windows(story, asked)
    assert refusal == "Videos are off in this channel. Try another one."
    await decide(story, denied_channel_ids=())
    story.env.backend.get_guild(story.guild.id).members[story.bob.id].pending = True
    (refusal,) = await refusals_of_windows(story, asked)
    assert refusal.startswith("Please accept this server's rules first")


async def test_who_has_yet_to_accept_the_rules_is_refused(story: Story) -> None:
    story.env.backend.get_guild(story.guild.id).members[story.alice.id].pending = True
    asked = await story.kling()
    assert private_words(asked).startswith("Please accept this server's rules first")
    await assert_nothing_happened(story)


async def test_bots_are_refused(story: Story) -> None:
    robot = story.guild.add_member(story.env.create_user("robot", bot=True))
    asked = await robot.slash(story.channel, "kling", prompt="a kite")
    assert private_words(asked) == "Only people can make videos."
    await assert_nothing_happened(story)


# --- places for grown-ups --------------------------------------------------------------------


def mark_age_restricted(story: Story, channel: simcord.ChannelHandle) -> None:
    """What Discord tells of the channel, and SimCord does not know."""
    cached = story.world.app.bot.get_channel(channel.id)
    assert isinstance(cached, discord.TextChannel)
    cached.nsfw = True


async def a_thread_in(story: Story, channel: simcord.ChannelHandle) -> simcord.ChannelHandle:
    backend = story.env.backend
    backend.create_thread(channel.id, "a thread", story.alice.id)
    await story.env.settle()
    (thread,) = channel.threads
    return thread


async def test_a_server_may_want_videos_in_age_restricted_channels_alone(story: Story) -> None:
    await decide(story, age_restricted_only=True)
    refusal = "Videos only work in age-restricted channels here."
    assert private_words(await story.kling()) == refusal
    thread = await a_thread_in(story, story.channel)
    told = await story.alice.slash(thread, "kling", prompt="a kite")
    assert private_words(told) == refusal
    assert await story.jobs() == []
    assert story.server.posts == []


async def test_an_age_restricted_channel_and_its_threads_are_such_places(story: Story) -> None:
    await decide(story, age_restricted_only=True)
    grown_up = story.guild.create_text_channel("grown-ups")
    await story.env.settle()
    mark_age_restricted(story, grown_up)
    thread = await a_thread_in(story, grown_up)
    for place in (grown_up, thread):
        await story.alice.slash(place, "kling", prompt="a kite")
        await story.settle()
    assert len(await story.jobs()) == 2


# --- mentions --------------------------------------------------------------------------------


async def test_no_message_of_the_bot_can_mention_anybody_but_the_requester(
    story: Story,
) -> None:
    role = story.guild.create_role("Newcomers")
    log, review = (story.guild.create_text_channel(name) for name in ("log", "review"))
    nasty = NASTY.format(mod=story.moderator.id, role=role.id)
    nina = story.guild.add_member(story.env.create_user("nina"), roles=[role])
    await decide(
        story,
        log_channel_id=log.id,
        review_channel_id=review.id,
        role_rules={role.id: RoleRule(is_reviewed=True)},
        words=("forbidden*",),
    )
    asked = await story.kling(nasty, negative_prompt=nasty)
    await story.until(State.DELIVERED)
    for label in ("Details", "Again", "Delete"):
        card = story.card(asked)
        await story.alice.click(card.message, custom_id=card.custom_id(label))
    story.server.will(Scenario(ending=Ending.FAILS))
    await story.kling(f"forbidden{nasty}")
    await story.kling(nasty, style=nasty[:32])
    window = await story.bob.context_menu(
        story.channel, "Report this video", story.card(asked).message
    )
    await story.bob.submit_modal(window, {"reason": nasty})
    await nina.slash(story.channel, "kling", prompt=nasty)
    await story.settle()
    question = Card(review.history()[-1])
    window = await story.moderator.click(question.message, custom_id=question.custom_id("Decline"))
    await story.moderator.submit_modal(window, {"reason": nasty})
    await decide(story, paused_because=nasty)
    await story.kling(nasty)
    await story.alice.slash(story.channel, "generations list")
    await story.advance(600)

    asker_ids = {story.alice.id, nina.id}
    bodies = list(written(story))
    assert len(bodies) > 15
    for body in bodies:
        mentions = body.get("allowed_mentions")
        assert mentions is not None, f"nothing is said of mentions: {body}"
        assert mentions.get("parse", []) == []
        assert "https://evil" not in said_in(body)
        assert "@everyone" not in said_in(body).replace("\\@", "")
        assert not mentions.get("roles")
        assert not mentions.get("replied_user")
        assert {int(user) for user in mentions.get("users", [])} <= asker_ids
    assert any(body["allowed_mentions"].get("users") for body in bodies)


def said_in(body: Mapping[str, Any]) -> str:
    """All that is drawn with markdown in a message."""
    parts: list[Mapping[str, Any]] = body.get("components") or []
    return str(body.get("content") or "") + "".join(said_in(part) for part in parts)


def written(story: Story) -> Iterator[Mapping[str, Any]]:
    """The body of everything that the bot wrote for people to read."""
    for entry in story.env.http_requests:
        if entry.method not in {"POST", "PATCH"} or "/commands" in entry.path:
            continue
        sent: dict[str, Any] = entry.json or {}
        body: dict[str, Any] = sent.get("data") or {} if "type" in sent else sent
        is_window = "title" in body
        if not is_window and ("content" in body or "components" in body):
            yield body


@pytest.mark.parametrize("private", [True, False])
async def test_what_is_typed_is_shown_as_nothing_but_text(story: Story, *, private: bool) -> None:
    asked = await story.kling(NASTY.format(mod=1, role=2), private=private)
    text = story.card(asked).text
    assert (
        r"> \*\*bold\*\* \<\@1\> \<\@&2\> \@everyone \`x\` \|\|y\|\| "
        r"\[z\](https\:\/\/evil\.example) gnp" in text
    )
