"""Fixtures for stories."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import simcord

from bot.playground.videos import VideoLibrary
from tests.stories.harness import Story, told_story
from tests.stories.operators import own


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> VideoLibrary:
    """Real videos, each made once for the whole run."""
    return VideoLibrary(folder=tmp_path_factory.mktemp("videos"))


@pytest.fixture
async def story(tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Story]:
    """A world at rest: nobody has asked for anything yet."""
    async with told_story(data_dir=tmp_path / "data", videos=videos) as told:
        yield told


@pytest.fixture
def operator(story: Story) -> simcord.MemberActor:
    """Whoever runs the bot, in the server of the story."""
    return own(story)
