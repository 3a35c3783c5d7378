"""Whoever enters the playground finds it furnished, and is told what there is to try."""

from pathlib import Path

import discord

from bot.domain.clock import SystemClock
from bot.playground.runcomfy_scripts import WORDS
from bot.playground.stage import FIRST_COMMAND, furnish, guide_message
from bot.playground.videos import VideoLibrary
from bot.playground.world import open_world
from cogs.kling.message_menu import MENU_NAME


def test_the_guide_is_three_lines_and_explains_every_word_when_asked() -> None:
    brief, whole = (guide_message(with_words=asked)["content"] for asked in (False, True))

    assert f"`{FIRST_COMMAND}`" in brief
    assert brief.count("\n") == 2
    for word, (meaning, _) in WORDS.items():
        assert f"- **{word}**: {meaning}" in whole
    assert whole.startswith(brief)
    assert len(whole) <= 2_000, "Discord takes no longer message"


def test_the_guide_names_an_entry_of_a_messages_menu() -> None:
    assert f"`{MENU_NAME}`" in guide_message(with_words=False)["content"]


async def test_the_people_may_do_different_things(tmp_path: Path) -> None:
    videos = VideoLibrary(folder=tmp_path / "videos")
    async with open_world(clock=SystemClock(), data_dir=tmp_path, videos=videos) as world:
        stage = furnish(world.env)
        granted = {
            person.name: discord.Permissions(
                world.env.backend.compute_permissions(stage.guild.id, person.id, stage.channel.id)
            )
            for person in (
                stage.you,
                stage.manager,
                stage.moderator,
                stage.operator,
                stage.stranger,
            )
        }

    assert {name for name, may in granted.items() if may.manage_messages} == {
        "manager",
        "moderator",
        "operator",
    }
    assert {name for name, may in granted.items() if may.manage_guild} == {"manager", "operator"}
    assert {name for name, may in granted.items() if may.administrator} == {"operator"}
