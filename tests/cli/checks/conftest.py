"""An operator's surroundings: a Discord and a RunComfy on loopback, settings, and a look at all."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.cli.check import check_everything
from bot.cli.checks.outcome import Finding, Outcome
from bot.playground.runcomfy_server import RunComfyServer
from bot.playground.world import world_settings
from bot.settings import Settings
from tests.clocks import FakeClock
from tests.live.discord_server import API, DiscordServer
from tests.runcomfy.stand_in import served

TOKEN = "canary-token-of-discord"


class Surroundings:
    """All that a check looks at, as a story wants it."""

    def __init__(
        self, *, discord: DiscordServer, runcomfy: RunComfyServer, settings: Settings
    ) -> None:
        self.discord = discord
        self.runcomfy = runcomfy
        self.settings = settings
        self.discord_url = discord.url
        self.min_free_bytes = 1
        self.clock_ahead = timedelta(0)
        self.timeout_s = 20.0

    def change(self, **changes: Any) -> None:  # noqa: ANN401 - settings by field name
        """Other settings."""
        self.settings = self.settings.model_copy(update=changes)

    async def look(self) -> list[Finding]:
        """Look at everything; nothing may be bought by it."""
        findings = await check_everything(
            self.settings,
            clock=FakeClock(datetime.now(UTC) + self.clock_ahead),
            discord_api_url=self.discord_url + API,
            min_free_bytes=self.min_free_bytes,
            timeout_s=self.timeout_s,
        )
        assert self.runcomfy.posts == []
        assert not [call for call in self.discord.calls if call.method != "GET"]
        secrets = (TOKEN, self.runcomfy.api_key)
        assert not [one for one in findings if any(secret in str(one) for secret in secrets)]
        return findings

    async def outcome(self, name: str) -> Outcome:
        """Look at everything and tell what became of one thing."""
        (outcome,) = [one.outcome for one in await self.look() if one.name == name]
        return outcome


@pytest.fixture
async def surroundings(tmp_path: Path) -> AsyncGenerator[Surroundings]:
    """Everything as it should be."""
    async with (
        DiscordServer(token=TOKEN) as discord,
        served(tmp_path, FakeClock()) as runcomfy,
    ):
        settings = world_settings(server=runcomfy, data_dir=tmp_path / "data", database_url=None)
        settings = settings.model_copy(update={"discord_token": SecretStr(TOKEN)})
        yield Surroundings(discord=discord, runcomfy=runcomfy, settings=settings)
        assert discord.surprises == []
