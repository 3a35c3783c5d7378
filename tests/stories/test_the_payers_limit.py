"""How many at once: a manager raises no limit of the operator's while the operator pays."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.playground.videos import VideoLibrary
from tests.stories.harness import Story, told_story
from tests.stories.panel import change
from tests.stories.test_own_keys import CLUB_KEY, OPERATOR, Club, bought_with, clubs, give

__all__ = ["clubs"]


@pytest.fixture
async def story(tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Story]:
    """Two videos of one person at a time."""
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"user_in_flight": 2}
    ) as told:
        yield told


async def ask_for_four(story: Story) -> None:
    for number in range(4):
        await story.kling(f"long queue: {number}")


async def test_a_manager_cannot_raise_how_many_one_person_has_at_once_on_the_operators_money(
    story: Story,
) -> None:
    await change(story, at_once_per_user=100)
    await ask_for_four(story)
    assert bought_with(story) == [OPERATOR] * 2
    told = await story.alice.slash(story.channel, "allowance")
    assert "Up to 2 videos of yours" in story.card(told).text


async def test_a_manager_may_lower_it(story: Story) -> None:
    await change(story, at_once_per_user=1)
    await ask_for_four(story)
    assert bought_with(story) == [OPERATOR]


async def test_where_the_server_pays_its_manager_decides(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    await give(story, club, CLUB_KEY)
    await change(story, at_once_per_user=3)
    await ask_for_four(story)
    assert bought_with(story) == [CLUB_KEY] * 3


async def test_what_waits_since_the_operator_paid_keeps_the_operators_limit(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    await change(story, at_once_per_user=100)
    await ask_for_four(story)
    await give(story, club, CLUB_KEY)
    await story.kling("long queue: with the server's key")
    assert bought_with(story) == [OPERATOR, OPERATOR, CLUB_KEY]
