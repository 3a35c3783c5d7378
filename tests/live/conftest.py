"""Fixtures for bots that run as processes of their own."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.playground.videos import VideoLibrary
from tests.live.bot_process import Town, open_town


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> VideoLibrary:
    """Real videos, each made once for the whole run."""
    return VideoLibrary(folder=tmp_path_factory.mktemp("videos"))


@pytest.fixture
async def town(tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Town]:
    """A Discord and a RunComfy that no bot has met yet."""
    async with open_town(tmp_path, videos) as opened:
        yield opened
