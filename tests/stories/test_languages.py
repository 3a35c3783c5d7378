"""Everybody reads their own language: a card its server's, a private answer its reader's."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.domain.job import State
from bot.playground.runcomfy_scenario import Ending, Scenario
from bot.playground.videos import VideoLibrary
from tests.stories.harness import Card, Story, private_words, told_story

NBSP = "\N{NO-BREAK SPACE}"


def registrations(story: Story) -> int:
    return sum(
        entry.method == "PUT" and entry.path.endswith("/commands")
        for entry in story.env.http_requests
    )


def declared(story: Story) -> dict[str, Any]:
    return dict(story.env.backend.commands[None]["kling", 1])


async def test_an_italian_servers_card_is_italian_whoever_asks(story: Story) -> None:
    story.world.guild_locale = "it"
    story.world.locale = "en-US"
    asked = await story.kling()
    card = story.card(asked)
    assert card.heading == "🕓 In coda"
    assert "5 s · 16:9 · con audio" in card.text
    assert f"circa 0,84{NBSP}USD" in card.text
    assert card.buttons == ["Annulla"]
    await story.until(State.RENDERING)
    assert story.card(asked).heading == "🎬 In lavorazione"
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert f"Di nuovo · 0,84{NBSP}USD" in story.card(asked).buttons
    assert (
        story.messages()[-1].content
        == f"{story.alice.mention} il tuo video è pronto.\n> a red kite over the sea"
    )


async def test_an_italian_in_an_english_server_reads_english_cards_and_italian_answers(
    story: Story,
) -> None:
    story.world.locale = "it"
    story.server.will(Scenario(queue_s=300))
    asked = await story.kling()
    assert story.card(asked).heading == "🕓 In the queue"
    assert await story.press("Cancel", asked) == "Annullato. Non costa nulla."
    assert story.card(asked).heading == "🚫 Cancelled"


async def test_each_who_presses_is_answered_in_their_own_language(story: Story) -> None:
    story.world.guild_locale = "it"
    story.server.will(Scenario(queue_s=300))
    asked = await story.kling()
    told = await story.press("Annulla", asked, by=story.bob)
    assert told == "Only this video's requester or a moderator can cancel it."
    story.world.locale = "it"
    told = await story.press("Annulla", asked, by=story.bob)
    assert told == "Può annullarlo solo chi ha richiesto questo video o un moderatore."


async def test_a_private_card_is_in_its_readers_language(story: Story) -> None:
    story.world.locale = "it"
    asked = await story.kling(private=True)
    assert story.card(asked).heading == "🕓 In coda"
    assert "· privato" in story.card(asked).text
    await story.until(State.DELIVERED)
    (ping,) = asked.followups
    assert (
        ping.content == f"{story.alice.mention} il tuo video è pronto.\n> a red kite over the sea"
    )


async def test_a_direct_message_is_in_its_readers_language(story: Story) -> None:
    story.world.locale = "it"
    asked = await story.alice.user.slash("kling", prompt="un aquilone")
    await story.settle()
    assert asked.response is not None
    assert Card(asked.response).heading == "🕓 In coda"


async def test_a_refusal_is_in_the_readers_language(story: Story) -> None:
    story.world.locale = "it"
    asked = await story.kling("   ")
    assert private_words(asked) == (
        "Scrivi un prompt da 1 a 2.500 caratteri. Non è stato addebitato nulla."
    )


async def test_a_missing_permission_is_named_as_the_readers_discord_names_it(story: Story) -> None:
    assert story.guild.me is not None
    denied = discord.PermissionOverwrite(attach_files=False, embed_links=False)
    narrow = story.guild.create_text_channel("narrow", overwrites={story.guild.me: denied})
    story.world.locale = "it"
    asked = await story.alice.slash(narrow, "kling", prompt="un aquilone")
    assert "Mi serve Allega file, Incorpora link in questo canale" in private_words(asked)


async def test_what_went_wrong_is_told_in_the_readers_language(story: Story) -> None:
    story.world.locale = "it"
    story.env.inject_error("POST", "/interactions/*/callback", status=500)
    asked = await story.kling()
    assert private_words(asked).startswith("Qualcosa è andato storto da parte mia.")
    story.expected_errors = 1


async def test_a_job_keeps_its_language_over_a_restart(story: Story) -> None:
    story.world.guild_locale = "it"
    asked = await story.kling()
    story.world.guild_locale = "en-US"
    await story.world.restart_bot()
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert (
        story.messages()[-1].content
        == f"{story.alice.mention} il tuo video è pronto.\n> a red kite over the sea"
    )


async def test_what_comes_directly_after_the_token_died_is_in_the_jobs_language(
    story: Story,
) -> None:
    story.world.locale = "it"
    await story.kling("a late kite", private=True)
    story.world.locale = "en-US"
    await story.world.restart_bot()
    await story.advance(34 * 60)
    await story.until(State.DELIVERED)
    direct = story.messages(story.alice.user.dm_channel)
    assert Card(direct[0]).is_ready
    assert direct[-1].content == f"{story.alice.mention} il tuo video è pronto.\n> a late kite"


async def test_a_failure_is_told_in_the_servers_language(story: Story) -> None:
    story.world.guild_locale = "it"
    story.server.will(Scenario(ending=Ending.FAILS))
    asked = await story.kling()
    await story.until(State.FAILED)
    assert story.card(asked).heading == "❌ Video non riuscito"
    assert "RunComfy non è riuscito a creare questo." in story.card(asked).text


@pytest.mark.parametrize("locale", ["ko", "th", "tlh"])
async def test_a_language_that_we_do_not_speak_is_answered_in_english(
    story: Story, locale: str
) -> None:
    story.world.guild_locale = story.world.locale = locale
    story.server.will(Scenario(queue_s=300))
    asked = await story.kling()
    assert story.card(asked).heading == "🕓 In the queue"
    assert await story.press("Cancel", asked) == "Cancelled. It costs nothing."


async def test_the_command_shows_itself_in_italian(story: Story) -> None:
    command = declared(story)
    names = {
        option["name"]: option.get("name_localizations", {}).get("it")
        for option in command["options"]
    }
    assert command["name"] == "kling"
    assert "it" not in command["name_localizations"]
    assert command["description_localizations"]["it"].startswith("Crea un video")
    assert (names["duration"], names["aspect"], names["sound"]) == ("durata", "formato", "audio")
    assert names["prompt"] is None


async def test_a_changed_translation_is_registered_and_an_unchanged_one_is_not(
    story: Story,
) -> None:
    assert registrations(story) == 1
    await story.world.restart_bot()
    assert registrations(story) == 1
    former = [dict(command) for command in story.env.backend.commands[None].values()]
    for command in former:
        for added in ("id", "application_id"):
            del command[added]
    (kling,) = [command for command in former if command["name"] == "kling"]
    kling["description_localizations"] = {"it": "Quello che c'era prima."}
    story.env.backend.register_commands(None, former)
    await story.world.restart_bot()
    assert registrations(story) == 2
    assert declared(story)["description_localizations"]["it"].startswith("Crea un video")


async def test_in_one_server_they_are_registered_in_every_language_too(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    server = {"dev_guild_id": 123}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=server) as story:
        assert registrations(story) == 1
        command = story.env.backend.commands[123]["kling", 1]
        assert command["description_localizations"]["it"].startswith("Crea un video")
        await story.world.restart_bot()
        assert registrations(story) == 1


async def test_the_registered_translations_are_asked_for(story: Story) -> None:
    (asked,) = [
        entry
        for entry in story.env.http_requests
        if entry.method == "GET" and entry.path.endswith("/commands")
    ]
    assert asked.params == {"with_localizations": "true"}
