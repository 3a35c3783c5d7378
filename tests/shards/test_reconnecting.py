"""A connection that Discord ends again and again is made anew after growing pauses, and told."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.app.bot import App, build
from bot.playground.world import world_settings
from bot.shards.client import ShardedKlingBot
from bot.shards.login import log_in
from bot.shards.reconnects import LASTING_S, LONGEST_PAUSE_S, Reconnects
from tests.clocks import FakeClock
from tests.live.discord_server import API, DiscordServer, Refusal
from tests.live.objects import GUILD_ID
from tests.patience import until
from tests.runcomfy.stand_in import served

TOKEN = "canary-token-of-discord"
SESSION_TIMED_OUT = 4009
HOME = (int(GUILD_ID) >> 22) % 2
"""Of two shards the one that has our server."""


async def at_once(shard_id: int) -> None:
    """A turn at identifying that every shard has: the pauses are what is looked at."""
    del shard_id


class Connected:
    """A bot in this process between a Discord on loopback and a clock that stands still."""

    def __init__(self, app: App, bot: ShardedKlingBot, *, clock: FakeClock) -> None:
        self.app = app
        self.bot = bot
        self.clock = clock

    async def pauses(self, count: int) -> list[float]:
        """The next so many sleeps, each slept to its end."""
        slept: list[float] = []
        for _ in range(count):
            await until(self.clock.next_due)
            due = self.clock.next_due()
            assert due is not None
            slept.append((due - self.clock.now()).total_seconds())
            self.clock.move_to(due)
        return slept

    async def pass_time(self, seconds: float) -> None:
        """Let time pass while nothing sleeps."""
        sleeping = asyncio.create_task(self.clock.sleep(seconds))
        assert await self.pauses(1) == [seconds]
        await sleeping


@pytest.fixture
async def discord(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[DiscordServer]:
    async with DiscordServer(token=TOKEN) as server:
        monkeypatch.setattr(Route, "BASE", server.url + API)
        gateway = URL(server.url).with_scheme("ws") / "gateway"
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        yield server
        assert server.surprises == []


@pytest.fixture
async def connected(discord: DiscordServer, tmp_path: Path) -> AsyncGenerator[Connected]:
    """On both of two shards."""
    clock = FakeClock()
    async with served(tmp_path, FakeClock()) as runcomfy:
        settings = world_settings(
            server=runcomfy, data_dir=tmp_path / "data", database_url=None
        ).model_copy(update={"metrics_addr": "127.0.0.1:0"})
        async with build(settings, clock=clock, client=ShardedKlingBot) as app:
            assert isinstance(app.bot, ShardedKlingBot)
            await log_in(app.bot, TOKEN, clock=clock)
            reconnects = Reconnects(ask_limits=app.bot.fetch_session_start_limits, clock=clock)
            app.bot.take((0, 1), count=2, identify_turn=at_once, reconnects=reconnects)
            connecting = asyncio.create_task(app.bot.connect())
            await until(app.bot.is_ready)
            discord.calls.clear()
            yield Connected(app, app.bot, clock=clock)
            await app.bot.close()
            await connecting
            assert not [task for task in asyncio.all_tasks() if task.get_name() == "reconnect"]


async def gateway_finding(connected: Connected) -> str:
    assert connected.app.monitor is not None
    return (await connected.app.monitor.readiness()).findings["gateway"]


async def test_a_session_that_is_invalidated_each_time_is_begun_after_growing_pauses(
    discord: DiscordServer, connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    assert await gateway_finding(connected) == "ok"
    await connected.pass_time(LASTING_S)
    discord.gateway.invalidates.add(HOME)
    discord.gateway.sessions.clear()
    await connected.bot.shards[HOME].reconnect()

    pauses = await connected.pauses(11)
    assert pauses == [float(2**nth) for nth in range(9)] + [LONGEST_PAUSE_S] * 2
    await until(connected.clock.next_due)
    assert (await gateway_finding(connected)).startswith("no gateway connection")
    assert f"the connection of shard {HOME} soon after it began, 2 times in a row" in caplog.text


async def test_a_resume_that_is_closed_each_time_is_made_after_growing_pauses(
    discord: DiscordServer, connected: Connected
) -> None:
    await connected.pass_time(LASTING_S)
    before = discord.gateway.connections
    discord.gateway.ends_with = SESSION_TIMED_OUT
    discord.gateway.break_off()

    assert await connected.pauses(4) == [1.0, 2.0, 4.0, 8.0]
    await until(connected.clock.next_due)
    assert discord.gateway.connections == before + 6
    assert (await gateway_finding(connected)).startswith("no gateway connection")
    assert discord.heard("GET", "/gateway/bot") == [], "a resume begins no session"

    discord.gateway.ends_with = None
    await connected.pauses(1)
    await until(lambda: discord.gateway.connected() == [0, 1])
    await until(connected.bot.is_ready)


async def test_a_connection_that_lasted_is_made_again_at_once(
    discord: DiscordServer, connected: Connected
) -> None:
    for resumed in (1, 2, 3):
        await connected.pass_time(LASTING_S)
        discord.gateway.break_off()
        await until(lambda so_many=resumed: discord.gateway.resumed == so_many)
        assert connected.clock.next_due() is None


async def test_before_each_new_session_discord_is_asked_how_many_are_left(
    discord: DiscordServer, connected: Connected
) -> None:
    discord.session_starts_left = 50
    discord.gateway.invalidates.add(HOME)
    discord.gateway.sessions.clear()
    await connected.bot.shards[HOME].reconnect()

    share_s = 36_000 / 50
    assert await connected.pauses(3) == [share_s, 1.0, share_s]


async def test_where_discord_does_not_say_it_the_growing_pauses_are_kept(
    discord: DiscordServer, connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    discord.gateway_is_told = Refusal(503, 0, "upstream connect error")
    discord.gateway.invalidates.add(HOME)
    discord.gateway.sessions.clear()
    await connected.bot.shards[HOME].reconnect()

    assert await connected.pauses(2) == [1.0, 2.0]
    assert "doesn't say how often the bot may still connect (GatewayNotFound)" in caplog.text


async def test_a_shard_that_waits_holds_up_no_other(
    discord: DiscordServer, connected: Connected
) -> None:
    await connected.pass_time(LASTING_S)
    discord.gateway.invalidates.add(1 - HOME)
    await connected.bot.shards[1 - HOME].reconnect()
    await until(connected.clock.next_due)

    discord.gateway.break_off()
    await until(lambda: discord.gateway.resumed == 1)
    assert connected.clock.sleeping == 1


async def test_while_a_shard_waits_to_connect_the_bot_is_not_ready(
    discord: DiscordServer, connected: Connected
) -> None:
    async def is_ready() -> bool:
        return await gateway_finding(connected) == "ok"

    await connected.pass_time(LASTING_S)
    for resumed in (1, 2):
        discord.gateway.break_off()
        await until(lambda so_many=resumed: discord.gateway.resumed == so_many)
        await until(is_ready)
    discord.gateway.break_off()
    await until(connected.clock.next_due)
    assert (await gateway_finding(connected)).startswith("no gateway connection")
