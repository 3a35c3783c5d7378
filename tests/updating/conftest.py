"""A town that has seen an older bot."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.playground.videos import VideoLibrary
from tests.live.bot_process import Town, open_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncGenerator[Town]:
    """A Discord and a RunComfy, and a folder for bots."""
    async with open_town(tmp_path, VideoLibrary(folder=tmp_path)) as opened:
        yield opened


@pytest.fixture
def sqlite_url(new_sqlite_url: str) -> str:
    """Nothing yet: an older bot makes it."""
    return new_sqlite_url


@pytest.fixture
def postgres_url(new_postgres_url: str) -> str:
    """Nothing yet: an older bot makes it."""
    return new_postgres_url
