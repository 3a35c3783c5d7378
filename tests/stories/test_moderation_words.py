"""Words that a server does not want: listed by its managers, refused before anything is paid."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.domain.job import State
from bot.domain.servers import ServerSettings
from bot.features.servers.servers import ServerRows
from bot.playground.runcomfy_scenario import Ending, Fault, Scenario
from bot.playground.videos import VideoLibrary
from bot.ui.gate import DATABASE_AWAY
from tests.runcomfy.answers import unprocessable
from tests.stories.harness import Story, private_words, told_story

REFUSED = "Not allowed in prompts here: “storm”. Please reword it. Nothing was charged."


@pytest.fixture
def manager(story: Story) -> simcord.MemberActor:
    managers = story.guild.create_role(
        "Managers", permissions=discord.Permissions(manage_guild=True)
    )
    return story.guild.add_member(story.env.create_user("mona"), roles=[managers])


async def typed_into(
    story: Story, by: simcord.MemberActor, command: str, text: str
) -> simcord.InteractionResult:
    shown = await by.slash(story.channel, f"kling-admin words {command}")
    submitted = await by.submit_modal(shown, {"words": text})
    await story.settle()
    return submitted


async def decide(story: Story, **settings: object) -> ServerSettings:
    changed = await story.services.servers.change(story.guild.id, settings, by_user_id=1)
    assert changed is not None
    return changed


async def assert_nothing_happened(story: Story) -> None:
    assert await story.jobs() == []
    assert story.server.posts == []
    assert story.messages() == []


# --- refused before anything is paid ---------------------------------------------------------


async def test_a_listed_word_is_refused_in_private_before_a_card_or_a_cost(
    story: Story, manager: simcord.MemberActor
) -> None:
    await typed_into(story, manager, "add", "storm")
    asked = await story.kling("a kite in a storm")
    assert private_words(asked) == REFUSED
    await assert_nothing_happened(story)
    allowed = await story.kling("a kite in a brainstorming")
    assert story.card(allowed).heading
    assert len(await story.jobs()) == 1


async def test_the_words_are_told_as_they_were_written_and_as_nothing_but_text(
    story: Story,
) -> None:
    await decide(story, words=("storm", "everyone"))
    asked = await story.kling("a **$t0rm** and @everyone")
    assert private_words(asked).startswith("Not allowed in prompts here: “$t0rm”, “\\@everyone”.")


async def test_no_style_and_no_shot_is_a_way_around(
    story: Story, manager: simcord.MemberActor
) -> None:
    shown = await manager.slash(story.channel, "kling-admin style add", name="wild")
    await manager.submit_modal(shown, {"prompt": "in a storm", "negative": ""})
    await decide(story, words=("storm",))
    assert private_words(await story.kling(style="wild")) == REFUSED
    await assert_nothing_happened(story)


async def test_no_former_prompt_is_a_way_around(story: Story) -> None:
    long_prompt = "a kite " + "very " * 30 + "high in a storm"
    asked = await story.kling(long_prompt)
    await story.until(State.DELIVERED)
    await decide(story, words=("storm",))
    choices = await story.alice.autocomplete(story.channel, "kling", "prompt", "storm")
    assert private_words(await story.kling(choices[0]["value"])) == REFUSED
    card = story.card(asked)
    again = await story.alice.click(card.message, custom_id=card.custom_id("Again"))
    assert private_words(again) == REFUSED
    window = await story.alice.click(card.message, custom_id=card.custom_id("Change…"))
    assert private_words(await sent_off(story, window, {})) == REFUSED
    assert len(await story.jobs()) == 1
    assert len(story.server.posts) == 1


async def test_no_message_is_a_way_around(story: Story) -> None:
    await decide(story, words=("storm",))
    message = await story.bob.send(story.channel, "a kite in a storm")
    window = await story.alice.context_menu(story.channel, "Make a Kling video", message)
    assert private_words(await sent_off(story, window, {})) == REFUSED
    assert await story.jobs() == []
    assert story.server.posts == []


async def test_no_storyboard_is_a_way_around(story: Story) -> None:
    await decide(story, words=("storm",))
    opened = await story.alice.slash(story.channel, "storyboard")
    card = story.card(opened)
    window = await story.alice.click(card.message, custom_id=card.custom_id("Overall prompt"))
    await sent_off(story, window, {"": "a kite"})
    window = await story.alice.click(card.message, custom_id=card.custom_id("As text"))
    await sent_off(story, window, {"": "5s: it rises\n4s: it meets a storm"})
    card = story.card(opened)
    pressed = await story.alice.click(card.message, custom_id=card.custom_id("Generate"))
    await story.settle()
    assert private_words(pressed) == REFUSED
    await assert_nothing_happened(story)


async def test_a_negative_prompt_may_name_it(story: Story) -> None:
    await decide(story, words=("storm", "-clothes"))
    await story.kling("a calm sea", negative_prompt="storm")
    assert len(await story.jobs()) == 1
    asked = await story.kling("a calm sea", negative_prompt="clothes")
    assert "“clothes”" in private_words(asked)


async def test_the_built_in_list_is_off_until_it_is_switched_on(
    story: Story, manager: simcord.MemberActor
) -> None:
    await story.kling("hentai of a kite")
    assert len(await story.jobs()) == 1
    told = await manager.slash(story.channel, "kling-admin words builtin", on=True)
    assert private_words(told).startswith("The built-in list is on")
    shown = await manager.slash(story.channel, "kling-admin words list")
    assert private_words(shown).splitlines()[-1].startswith("-# The built-in list is on")
    assert "“hentai”" in private_words(await story.kling("hentai of a kite"))
    told = await manager.slash(story.channel, "kling-admin words builtin", on=False)
    assert private_words(told) == "The built-in list is off now."
    await story.kling("hentai of a kite")
    assert len(await story.jobs()) == 2


async def test_one_servers_words_are_not_anothers(story: Story) -> None:
    await decide(story, words=("storm",))
    elsewhere = story.env.create_guild("Storm Club")
    channel = elsewhere.create_text_channel("videos")
    bob = elsewhere.add_member(story.env.create_user("bobby"))
    await bob.slash(channel, "kling", prompt="a kite in a storm")
    await story.settle()
    assert len(await story.jobs()) == 1


# --- the list ------------------------------------------------------------------------------------


async def test_managers_add_and_remove_words_line_by_line(
    story: Story, manager: simcord.MemberActor
) -> None:
    told = await typed_into(story, manager, "add", "Storm\n*gore*\n\nstorm\na\n*")
    assert private_words(told) == (
        "2 added. 2 entries are listed now.\nNot added, because a word or "
        "pattern needs two letters or digits: “a”, “\\*”"
    )
    shown = private_words(await manager.slash(story.channel, "kling-admin words list"))
    assert shown.startswith("2 entries:\nstorm, \\*gore\\*\n-# The built-in list is off.")
    told = await typed_into(story, manager, "remove", "STORM")
    assert private_words(told) == "1 removed. 1 entry is listed now."
    told = await typed_into(story, manager, "remove", "STORM")
    assert private_words(told).startswith("Nothing was changed")
    assert (await kept(story)).words == ("*gore*",)


async def kept(story: Story) -> ServerSettings:
    """What stands in the database."""
    return await ServerRows(database=story.world.app.store.database).of(story.guild.id)


async def test_a_list_that_does_not_fit_into_an_answer_comes_as_a_file(
    story: Story, manager: simcord.MemberActor
) -> None:
    await decide(story, words=tuple(f"word number {number}" for number in range(300)))
    shown = await manager.slash(story.channel, "kling-admin words list")
    assert shown.response is not None
    assert shown.response.ephemeral
    assert [file.filename for file in shown.response.attachments] == ["words.txt"]


async def test_a_server_that_lists_nothing_is_told_how_to(
    story: Story, manager: simcord.MemberActor
) -> None:
    shown = await manager.slash(story.channel, "kling-admin words list")
    assert "`/kling-admin words add`" in private_words(shown)


async def test_a_manager_may_try_whether_a_prompt_would_pass(
    story: Story, manager: simcord.MemberActor
) -> None:
    await decide(story, words=("*storm", "-clothes"))

    async def tried(**texts: str) -> str:
        told = await manager.slash(story.channel, "kling-admin words test", **texts)
        return private_words(told)

    assert await tried(prompt="a kite", negative_prompt="a storm") == "This prompt would pass."
    assert await tried(prompt="a Snowst0rm") == (
        "This prompt would be refused, uncharged:\n“Snowst0rm” meets the entry “\\*storm”"
    )
    assert "clothes" in await tried(prompt="a kite", negative_prompt="clothes")
    assert "1 to 2,500" in await tried(prompt="  ")
    await assert_nothing_happened(story)


@pytest.mark.parametrize("command", ["add", "remove", "list", "test", "builtin"])
async def test_only_managers_may(story: Story, command: str) -> None:
    options: Mapping[str, Any] = {"test": {"prompt": "a kite"}, "builtin": {"on": True}}
    story.expected_errors = 1  # the check that said no
    # A server may show commands to others than the bot declares.
    story.env.backend.commands[None]["kling-admin", 1]["default_member_permissions"] = None
    told = await story.alice.slash(
        story.channel, f"kling-admin words {command}", **options.get(command, {})
    )
    assert private_words(told) == "You need the Manage Server permission for that."
    assert (await kept(story)) == ServerSettings()


async def test_a_list_that_cannot_be_written_is_admitted(
    story: Story, manager: simcord.MemberActor
) -> None:
    shown = await manager.slash(story.channel, "kling-admin words add")
    await story.world.app.store.close()
    told = await manager.submit_modal(shown, {"words": "storm"})
    assert private_words(told) == DATABASE_AWAY
    story.expected_errors = 1
    switched = await manager.slash(story.channel, "kling-admin words builtin", on=True)
    assert private_words(switched) == DATABASE_AWAY


async def test_who_changed_the_list_stands_in_the_trail(
    story: Story, manager: simcord.MemberActor
) -> None:
    await typed_into(story, manager, "add", "storm")
    entries = await story.services.servers.audit(story.guild.id)
    assert entries is not None
    assert [(entry.what, entry.by_user_id) for entry in entries] == [("words", manager.id)]


# --- windows -----------------------------------------------------------------------------------


async def sent_off(
    story: Story, window: simcord.InteractionResult, changes: Mapping[str, str]
) -> simcord.InteractionResult:
    """Send a window off as it is; `changes` "" is for its only input."""
    assert window.modal is not None, f"no window: {window}"
    values: dict[str, Any] = {}
    for label in window.modal["components"]:
        control = label["component"]
        before: str | Sequence[str] = control.get("value", "")
        if "options" in control:
            before = [one["value"] for one in control["options"] if one.get("default")]
        values[control["custom_id"]] = changes.get("", before)
    sent = await story.alice.submit_modal(window, values)
    await story.settle()
    return sent


# --- RunComfy's own filter -----------------------------------------------------------------------


async def test_a_refusal_by_runcomfys_filter_is_explained_as_such(story: Story) -> None:
    story.server.will(
        Scenario(ending=Ending.FAILS, error={"type": "content_policy_violation"}),
    )
    asked = await story.kling()
    await story.until(State.FAILED)
    text = story.card(asked).text
    assert "RunComfy's content filter refused this prompt." in text
    assert "reword it" in text
    assert "Nothing was charged" not in text


async def test_what_the_filter_refuses_at_once_was_not_charged(story: Story) -> None:
    refusal = unprocessable("Blocked by our content policy")
    story.server.will(Scenario(on_submit=(Fault(refusal),)))
    asked = await story.kling()
    await story.until(State.FAILED)
    assert "names, brands" in story.card(asked).text
    assert "usual reasons. Nothing was charged." in story.card(asked).text


# --- what looking for words costs ------------------------------------------------------------


async def test_a_refusal_counts_for_the_cooldown(tmp_path: Path, videos: VideoLibrary) -> None:
    changes = {"cooldown_s": 30}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        await decide(story, words=("storm",))
        assert private_words(await story.kling("a storm")) == REFUSED
        for prompt in ("a storm", "a kite"):
            assert private_words(await story.kling(prompt)).startswith("Slow down a little")
        await story.advance(30)
        assert private_words(await story.kling("a storm")) == REFUSED
        await story.advance(29)
        assert private_words(await story.kling("a kite")).startswith("Slow down a little")
        await story.advance(1)
        assert story.card(await story.kling("a kite")).heading
