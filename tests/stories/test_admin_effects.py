"""What a server's managers chose takes effect wherever people ask and hear of their videos."""

from collections.abc import Mapping
from typing import Any

import pytest
import simcord

from bot.domain.job import State
from tests.stories.harness import Card, Story, private_words
from tests.stories.panel import change
from tests.stories.test_after import submitted

PROMPT = "a red kite over the sea"


# --- private or public ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_default", "options", "is_private"),
    [
        (False, {}, False),
        (True, {}, True),
        (True, {"private": False}, False),
        (False, {"private": True}, True),
    ],
)
async def test_a_command_is_as_the_server_has_it_unless_its_option_says_otherwise(
    story: Story, by_default: bool, options: Mapping[str, Any], is_private: bool  # noqa: FBT001 - cases
) -> None:  # fmt: skip
    await change(story, private_by_default=by_default)
    asked = await story.kling(**options)
    assert asked.ephemeral is is_private
    assert (await story.job()).private is is_private
    assert len(story.messages()) == (0 if is_private else 1)


async def test_again_is_as_the_server_has_it_by_then(story: Story) -> None:
    await story.kling()
    await story.until(State.DELIVERED)
    await change(story, private_by_default=True)
    await again(story, story.bob)
    newest = (await story.jobs())[-1]
    assert (newest.requester_id, newest.private) == (story.bob.id, True)


async def test_what_was_private_stays_so_again_though_the_server_likes_it_public(
    story: Story,
) -> None:
    asked = await story.kling(private=True)
    await story.until(State.DELIVERED)
    await story.press("Again", asked)
    assert [job.private for job in await story.jobs()] == [True, True]


async def test_a_changed_request_is_as_the_server_has_it(story: Story) -> None:
    await story.kling()
    await story.until(State.DELIVERED)
    await change(story, private_by_default=True)
    card = Card(story.messages()[0])
    shown = await story.bob.click(card.message, custom_id=card.custom_id("Change…"))
    await submitted(story, shown, {}, by=story.bob)
    assert [job.private for job in await story.jobs() if job.requester_id == story.bob.id] == [True]


async def test_a_video_from_a_messages_text_is_as_the_server_has_it(story: Story) -> None:
    await change(story, private_by_default=True)
    message = await story.bob.send(story.channel, "a kite from a message")
    shown = await story.alice.context_menu(story.channel, "Make a Kling video", message)
    asked = await submitted(story, shown, {})
    assert asked.ephemeral
    assert (await story.job()).private


@pytest.mark.parametrize(("by_default", "label"), [(False, "everyone"), (True, "only you")])
async def test_a_new_storyboard_begins_as_the_server_has_it(
    story: Story, by_default: bool, label: str  # noqa: FBT001 - cases
) -> None:  # fmt: skip
    await change(story, private_by_default=by_default)
    shown = await story.alice.slash(story.channel, "storyboard")
    await story.settle()
    assert f"Seen by: {label}" in story.card(shown).buttons


async def again(story: Story, by: simcord.MemberActor) -> None:
    card = Card(story.messages()[0])
    await by.click(card.message, custom_id=card.custom_id("Again"))
    await story.settle()


# --- prices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en-US", "it"])
async def test_where_managers_hide_prices_no_card_shows_one_after_a_restart_either(
    story: Story, locale: str
) -> None:
    story.world.guild_locale = locale
    await change(story, prices_hidden=True)
    asked = await story.kling()
    seen = [story.card(asked)]
    await story.world.restart_bot()
    await story.until(State.RENDERING)
    seen.append(story.card(asked))
    await story.until(State.DELIVERED)
    seen.append(story.card(asked))
    for card in seen:
        shown = [card.text, *card.buttons]
        assert not any("0.84" in one or "0,84" in one for one in shown)
    assert {"en-US": "Again", "it": "Di nuovo"}[locale] in seen[-1].buttons


async def test_where_prices_are_hidden_members_still_ask_for_them_in_private(story: Story) -> None:
    await change(story, prices_hidden=True)
    asked = await story.kling()
    await story.until(State.DELIVERED)
    for command in ("kling-help", "allowance"):
        told = await story.alice.slash(story.channel, command)
        await story.settle()
        (answer,) = [one for one in (told.response, *told.followups) if one is not None]
        assert answer.ephemeral
        assert "- Pro (1080p): 5 s $0.56 / $0.84" in Card(answer).text
    details = await story.alice.click(
        story.card(asked).message, custom_id=story.card(asked).custom_id("Details")
    )
    await story.settle()
    (shown,) = [one for one in (details.response, *details.followups) if one is not None]
    assert shown.ephemeral
    assert "$0.84" in Card(shown).text


# --- being told -----------------------------------------------------------------------------------


async def test_who_chose_nothing_hears_of_their_video_as_the_server_does_it(story: Story) -> None:
    await change(story, notify="direct")
    await story.kling()
    await story.until(State.DELIVERED)
    assert len(story.messages()) == 1
    (told,) = story.alice.user.dm_channel.history()
    assert told.content.startswith("Your video is ready: https://discord.com/channels/")


async def test_a_server_may_tell_nobody(story: Story) -> None:
    await change(story, notify="none")
    await story.kling()
    await story.until(State.DELIVERED)
    assert len(story.messages()) == 1
    assert story.alice.user.dm_channel.history() == []


async def test_an_own_choice_wins_even_if_it_is_what_is_usual_elsewhere(story: Story) -> None:
    await change(story, notify="none")
    await story.services.preferences.change(story.alice.id, {"notify": "mention"})
    await story.kling()
    await story.until(State.DELIVERED)
    assert (
        story.messages()[-1].content
        == f"{story.alice.mention} your video is ready.\n> a red kite over the sea"
    )


# --- what may be asked for ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "options", "told"),
    [
        (
            {"longest_duration_s": 6},
            {"duration": 7},
            "Videos can be up to 6 s long in this server.",
        ),
        (
            {"sound_allowed": False},
            {"sound": True},
            "This server makes silent videos only. Please try again with `sound: False`.",
        ),
        (
            {"age_restricted_only": True},
            {},
            "Videos only work in age-restricted channels here.",
        ),
    ],
)
async def test_what_the_server_does_not_allow_is_refused_and_says_what_to_do(
    story: Story, decided: dict[str, Any], options: dict[str, Any], told: str
) -> None:
    await change(story, **decided)
    assert private_words(await story.kling(**options)) == told
    assert story.server.posts == []
    assert story.messages() == []


async def test_above_the_servers_sum_everybody_is_asked_first(story: Story) -> None:
    await change(story, ask_above_microusd=1_000_000)
    asked = await story.kling(duration=5)
    assert not asked.ephemeral
    asked = await story.kling(duration=15)
    assert asked.ephemeral
    assert "This will cost about $2.52. Generate?" in story.card(asked).text
    assert len(await story.jobs()) == 1
