"""Whoever enters the playground finds it furnished, and is told what there is to try."""

from pathlib import Path

import discord

from bot.domain.clock import SystemClock
from bot.playground.runcomfy_scripts import WORDS
from bot.playground.stage import FIRST_COMMAND, furnish, guide_text
from bot.playground.videos import VideoLibrary
from bot.playground.world import open_world


def test_the_guide_explains_every_word_of_the_stand_in() -> None:
    for word, (meaning, _) in WORDS.items():
        assert f"- **{word}**: {meaning}" in guide_text()
    assert f"`{FIRST_COMMAND}`" in guide_text()
    assert len(guide_text()) <= 2_000, "Discord takes no longer message"


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
