"""The world's bot is set up for the stand-ins alone, whatever else this machine is set up for."""

from pathlib import Path

import pytest

from bot.domain.clock import SystemClock
from bot.playground.runcomfy_server import RunComfyServer
from bot.playground.videos import VideoLibrary
from bot.playground.world import world_settings


async def test_nothing_of_a_real_bot_on_this_machine_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_DIR", str(tmp_path / "of a real bot"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://a-real-one")
    monkeypatch.setenv("MAX_DOWNLOAD_MIB", "none of your business")
    monkeypatch.setenv("RUNCOMFY_API_KEY", "a-real-key")
    videos = VideoLibrary(folder=tmp_path / "videos")
    async with RunComfyServer(clock=SystemClock(), videos=videos) as server:
        settings = world_settings(server=server, data_dir=tmp_path, database_url=None)

        assert settings.runcomfy_api_key.get_secret_value() == server.api_key
        assert settings.runcomfy_api_url == server.url

    assert settings.archive_dir is None
    assert settings.database_url is None
    assert settings.data_dir == tmp_path
