"""Styles: chosen while typing, added to what is sent, and written by whoever manages a server."""

from typing import Any

import discord
import pytest
import simcord

from bot.domain.generation.styles import BUILT_IN, STYLES_PER_SERVER, Style
from bot.features.styles import Styles
from bot.playground.runcomfy_scenario import Scenario
from bot.ui.gate import DATABASE_AWAY
from tests.stories.harness import Story, private_words

CINEMATIC = BUILT_IN[0]


@pytest.fixture
def manager(story: Story) -> simcord.MemberActor:
    managers = story.guild.create_role(
        "Managers", permissions=discord.Permissions(manage_guild=True)
    )
    return story.guild.add_member(story.env.create_user("mona"), roles=[managers])


def own_styles(story: Story) -> Styles:
    return Styles(database=story.world.app.store.database, clock=story.clock)


async def typed(story: Story, text: str) -> list[str]:
    choices = await story.alice.autocomplete(story.channel, "kling", "style", text, prompt="a kite")
    return [choice["name"] for choice in choices]


async def add_style(story: Story, by: simcord.MemberActor, name: str, **texts: str) -> str:
    shown = await by.slash(story.channel, "kling-admin style add", name=name)
    assert shown.modal is not None, "no window was shown"
    submitted = await by.submit_modal(shown, texts)
    await story.settle()
    return private_words(submitted)


def sent(story: Story) -> list[dict[str, Any]]:
    return [dict(post.input) for post in story.server.posts]


# --- choosing ----------------------------------------------------------------------------------


async def test_a_style_is_sent_with_the_prompt_and_the_card_shows_what_was_typed(
    story: Story,
) -> None:
    story.server.will(Scenario(queue_s=60))
    asked = await story.kling(style="cinematic", negative_prompt="rain")
    (body,) = sent(story)
    assert body["prompt"] == f"a red kite over the sea, {CINEMATIC.prompt}"
    assert body["negative_prompt"] == f"rain, {CINEMATIC.negative_prompt}"
    card = story.card(asked)
    assert "> a red kite over the sea\n" in card.text
    assert "style cinematic" in card.text
    assert CINEMATIC.prompt not in card.text
    job = await story.job()
    assert (job.request.prompt, job.request.negative_prompt) == ("a red kite over the sea", "rain")
    assert job.request.style == CINEMATIC


async def test_styles_are_suggested_by_their_beginning_without_accents(story: Story) -> None:
    assert await typed(story, "") == [style.name for style in BUILT_IN]
    assert await typed(story, "CÍN") == ["cinematic"]
    assert await typed(story, "xyz") == []


async def test_an_italian_is_offered_italian_names_for_the_same_styles(story: Story) -> None:
    story.world.locale = "it"
    assert await typed(story, "plas") == ["plastilina"]
    await story.kling(style="plastilina")
    job = await story.job()
    assert job.request.style is not None
    assert job.request.style.name == "clay"


async def test_an_unknown_style_is_refused_in_private_with_the_nearest(story: Story) -> None:
    asked = await story.kling(style="cinematc")
    assert private_words(asked) == (
        "There's no style called **cinematc**. Did you mean **cinematic**? Nothing was charged."
    )
    asked = await story.kling(style="0000")
    assert private_words(asked).startswith("There's no style called **0000**. Pick one")
    assert await story.jobs() == []
    assert story.messages() == []


async def test_a_prompt_that_is_too_long_with_its_style_is_refused_by_how_much(
    story: Story,
) -> None:
    fits = 2_500 - len(f", {CINEMATIC.prompt}")
    asked = await story.kling("x" * (fits + 12), style="cinematic")
    assert private_words(asked) == (
        "With this style the prompt is 12 characters over the limit of 2,500. Please shorten it. "
        "Nothing was charged."
    )
    assert story.server.posts == []
    await story.kling("x" * fits, style="cinematic")
    assert len(sent(story)[0]["prompt"]) == 2_500


async def test_without_the_database_the_built_in_styles_are_still_offered(story: Story) -> None:
    await story.world.app.store.close()
    assert await typed(story, "ani") == ["anime"]


# --- managing ----------------------------------------------------------------------------------


async def test_a_managers_style_can_be_chosen_by_everybody_there_and_nowhere_else(
    story: Story, manager: simcord.MemberActor
) -> None:
    told = await add_style(story, manager, "Città", prompt="neon city", negative="daylight")
    assert told == "The style **Città** is saved. Members can choose it in `/kling`."
    assert await typed(story, "citta") == ["Città"]
    await story.kling(style="citta")
    assert sent(story)[0]["prompt"].endswith(", neon city")
    assert sent(story)[0]["negative_prompt"] == "daylight"
    directly = await story.alice.user.autocomplete("kling", "style", "citta", prompt="a kite")
    assert directly == []


async def test_a_style_is_edited_from_what_it_was_and_old_jobs_keep_theirs(
    story: Story, manager: simcord.MemberActor
) -> None:
    await add_style(story, manager, "city", prompt="neon city")
    await story.kling(style="city")
    shown = await manager.slash(story.channel, "kling-admin style edit", name="CITY")
    assert shown.modal is not None
    assert "neon city" in str(shown.modal)
    told = await manager.submit_modal(shown, {"prompt": "rainy city", "negative": ""})
    assert private_words(told).startswith("The style **city** is saved.")
    job = await story.job()
    assert job.request.style == Style(name="city", prompt="neon city")
    await story.kling(style="city")
    assert sent(story)[-1]["prompt"].endswith(", rainy city")


async def test_of_two_managers_who_edit_one_style_the_second_is_told(
    story: Story, manager: simcord.MemberActor
) -> None:
    await add_style(story, manager, "city", prompt="neon city")
    mine = await manager.slash(story.channel, "kling-admin style edit", name="city")
    yours = await manager.slash(story.channel, "kling-admin style edit", name="city")
    await manager.submit_modal(mine, {"prompt": "mine"})
    told = await manager.submit_modal(yours, {"prompt": "yours"})
    assert private_words(told).startswith("Another manager just changed **city**")
    own = await own_styles(story).own(story.guild.id) or ()
    assert [one.style.prompt for one in own] == ["mine"]


async def test_a_removed_style_is_unknown_from_then_on(
    story: Story, manager: simcord.MemberActor
) -> None:
    await add_style(story, manager, "city", prompt="neon city")
    removed = await manager.slash(story.channel, "kling-admin style remove", name="City")
    assert private_words(removed).startswith("The style **City** is removed.")
    again = await manager.slash(story.channel, "kling-admin style remove", name="city")
    assert private_words(again) == "This server has no style of its own called **city**."
    edited = await manager.slash(story.channel, "kling-admin style edit", name="city")
    assert private_words(edited) == "This server has no style of its own called **city**."
    assert await typed(story, "city") == []


async def test_the_list_shows_this_servers_styles_and_the_built_in_ones(
    story: Story, manager: simcord.MemberActor
) -> None:
    listed = await manager.slash(story.channel, "kling-admin style list")
    assert "no styles of its own yet" in story.card(listed).text
    await add_style(story, manager, "city*", prompt="neon city", negative="daylight")
    listed = await manager.slash(story.channel, "kling-admin style list")
    assert listed.ephemeral
    assert "**city\\*** · neon city / daylight" in story.card(listed).text
    assert "**cinematic**" in story.card(listed).text


async def test_the_longest_list_fits_into_one_message(
    story: Story, manager: simcord.MemberActor
) -> None:
    for number in range(STYLES_PER_SERVER):
        long = Style(name=f"{number:02}" + "*" * 30, prompt="_" * 300, negative_prompt="*" * 300)
        await own_styles(story).add(story.guild.id, long, by_user_id=1)
    listed = await manager.slash(story.channel, "kling-admin style list")
    text = story.card(listed).text
    assert len(text) <= 4_000
    assert all(f"**{number:02}" in text for number in range(STYLES_PER_SERVER))
    told = await add_style(story, manager, "one more", prompt="x")
    assert told.startswith("This server has 25 styles, and there is no room for more.")


async def test_a_style_that_adds_nothing_and_a_name_that_is_taken_are_refused(
    story: Story, manager: simcord.MemberActor
) -> None:
    told = await add_style(story, manager, "empty", prompt="  ", negative="")
    assert told.startswith("A style has a name of up to 32 characters and adds something")
    await add_style(story, manager, "city", prompt="neon city")
    told = await add_style(story, manager, "CITY", prompt="other")
    assert told == "This server already has a style of that name: **CITY**."


async def test_own_styles_are_suggested_to_whoever_edits_them(
    story: Story, manager: simcord.MemberActor
) -> None:
    await add_style(story, manager, "city", prompt="neon city")
    for command in ("edit", "remove"):
        choices = await manager.autocomplete(
            story.channel, f"kling-admin style {command}", "name", "ci"
        )
        assert [choice["name"] for choice in choices] == ["city"]


async def test_who_may_not_manage_the_server_is_refused_even_if_discord_let_them(
    story: Story, manager: simcord.MemberActor
) -> None:
    command = dict(story.env.backend.commands[None]["kling-admin", 1])
    assert int(command["default_member_permissions"]) == discord.Permissions.manage_guild.flag
    assert command["contexts"] == [0]
    assert command["integration_types"] == [0]
    # A server can show the command to anybody, whatever was declared.
    story.env.backend.commands[None]["kling-admin", 1]["default_member_permissions"] = None
    story.expected_errors = 1
    refused = await story.alice.slash(story.channel, "kling-admin style add", name="mine")
    assert refused.modal is None
    assert private_words(refused) == "You need the Manage Server permission for that."
    assert await own_styles(story).own(story.guild.id) == []
    assert await add_style(story, manager, "ours", prompt="x")


async def test_without_the_database_a_manager_is_told_so(
    story: Story, manager: simcord.MemberActor
) -> None:
    story.expected_errors = 3
    shown = await manager.slash(story.channel, "kling-admin style add", name="late")
    await story.world.app.store.close()
    told = await manager.submit_modal(shown, {"prompt": "x"})
    assert private_words(told) == DATABASE_AWAY
    listed = await manager.slash(story.channel, "kling-admin style list")
    assert private_words(listed) == DATABASE_AWAY
    edited = await manager.slash(story.channel, "kling-admin style edit", name="city")
    assert private_words(edited) == DATABASE_AWAY
    removed = await manager.slash(story.channel, "kling-admin style remove", name="city")
    assert private_words(removed) == DATABASE_AWAY
    typed = await manager.autocomplete(story.channel, "kling-admin style edit", "name", "c")
    assert typed == []


async def test_whatever_goes_wrong_with_a_window_is_answered(
    story: Story, manager: simcord.MemberActor
) -> None:
    shown = await manager.slash(story.channel, "kling-admin style add", name="late")
    story.env.inject_error("POST", "/interactions/*/callback", status=500)
    told = await manager.submit_modal(shown, {"prompt": "x"})
    assert "Reference: " in private_words(told)
    assert await own_styles(story).own(story.guild.id) == []


async def test_again_asks_for_the_same_style_as_it_was(
    story: Story, manager: simcord.MemberActor
) -> None:
    await add_style(story, manager, "city", prompt="neon city")
    asked = await story.kling(style="city")
    await own_styles(story).remove(story.guild.id, "city", by_user_id=1)
    await story.advance(600)
    card = story.card(asked)
    await story.bob.click(card.message, custom_id=card.custom_id("Again"))
    await story.settle()
    assert [body["prompt"] for body in sent(story)] == ["a red kite over the sea, neon city"] * 2
