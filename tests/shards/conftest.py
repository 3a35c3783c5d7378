"""A town whose bots share Discord's shards."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.playground.videos import VideoLibrary
from tests.live.bot_process import Town, open_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncGenerator[Town]:
    """A Discord that recommends two shards, which may identify at the same time."""
    async with open_town(tmp_path, VideoLibrary(folder=tmp_path)) as opened:
        opened.discord.shards = opened.discord.max_concurrency = 2
        yield opened
