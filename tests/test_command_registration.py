"""Registering by the clock: in growing pauses, told where Discord is silent, compared well."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any

import discord
import pytest
from discord.http import Route

from bot.app.command_registration import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    SAID_AFTER_S,
    CommandRegistration,
    do_match,
)
from bot.client import load_cogs
from bot.languages.language import load_languages
from bot.languages.translation import CatalogueTranslator
from bot.ui.context import Client
from tests.clocks import FakeClock
from tests.live.discord_server import API, DiscordServer, Refusal
from tests.patience import until

TOKEN = "canary-token-of-discord"


@pytest.fixture
async def discord_server(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[DiscordServer]:
    async with DiscordServer(token=TOKEN) as server:
        monkeypatch.setattr(Route, "BASE", server.url + API)
        yield server
        assert server.surprises == []


class Registrar:
    """A bot that is logged in, and its registration by a clock of its own."""

    def __init__(self, bot: Client) -> None:
        self.clock = FakeClock()
        self.registration = CommandRegistration(
            bot,
            translator=CatalogueTranslator(load_languages()),
            dev_guild_id=None,
            clock=self.clock,
        )

    async def pause_s(self) -> float:
        """How long it sleeps, once it does; then that time has passed."""
        await until(self.clock.next_due)
        due = self.clock.next_due()
        assert due is not None
        slept_s = (due - self.clock.now()).total_seconds()
        self.clock.move_to(due)
        return slept_s


@pytest.fixture
async def registrar(discord_server: DiscordServer) -> AsyncGenerator[Registrar]:
    assert discord_server
    async with Client("!", intents=discord.Intents.none(), help_command=None) as bot:
        await bot.login(TOKEN)
        await load_cogs(bot)
        yield Registrar(bot)


async def test_it_is_tried_again_in_growing_pauses_until_discord_takes_it(
    discord_server: DiscordServer, registrar: Registrar, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    discord_server.commands_are_taken = Refusal(400, 30034, "Max number of daily creates")
    running = asyncio.create_task(registrar.registration.run())
    pauses = [await registrar.pause_s() for _ in range(7)]
    assert pauses == [FIRST_PAUSE_S * 2**nth for nth in range(5)] + [LONGEST_PAUSE_S] * 2
    assert await registrar.registration.why_not_registered() == (
        "couldn't register the commands: this bot has created too many commands today; "
        "Discord takes more tomorrow"
    )

    await until(registrar.clock.next_due)
    discord_server.commands_are_taken = None
    await registrar.pause_s()
    await until(lambda: "registered 10 commands" in caplog.text)
    assert await registrar.registration.why_not_registered() is None
    running.cancel()


async def test_a_discord_that_went_away_is_named_as_such(
    monkeypatch: pytest.MonkeyPatch, registrar: Registrar
) -> None:
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:9")
    running = asyncio.create_task(registrar.registration.run())
    await until(registrar.clock.next_due)
    assert await registrar.registration.why_not_registered() == (
        "couldn't register the commands: Discord can't be reached (ClientConnectorError)"
    )
    running.cancel()


async def test_a_discord_that_never_answers_is_told_after_a_while(
    discord_server: DiscordServer, registrar: Registrar
) -> None:
    discord_server.answering.clear()
    assert await registrar.registration.why_not_registered() is None
    running = asyncio.create_task(registrar.registration.run())
    await until(lambda: discord_server.heard("GET", "/commands"))
    assert await registrar.registration.why_not_registered() is None

    waiting = asyncio.create_task(registrar.clock.sleep(SAID_AFTER_S))
    await registrar.pause_s()
    await waiting
    assert await registrar.registration.why_not_registered() == (
        "Discord hasn't answered the registration of commands for 60 s"
    )
    running.cancel()


def declared(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - what a command may say
    """A command as the library declares it."""
    return {
        "name": "kling",
        "type": 1,
        "description": "Make a video.",
        "options": [{"type": 4, "name": "length", "description": "s", "required": False}],
        "default_member_permissions": 32,
        "contexts": [0, 1, 2],
        "integration_types": [0, 1],
        "nsfw": False,
        **changes,
    }


def kept(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - what Discord may say
    """The same as Discord has it."""
    said = declared(
        id="1",
        version="2",
        options=[{"type": 4, "name": "length", "description": "s", "name_localizations": None}],
        default_member_permissions="32",
        name_localizations=None,
        dm_permission=True,
    )
    return {**said, **changes}


def test_what_discord_spells_otherwise_or_adds_is_no_difference() -> None:
    assert do_match([declared()], [kept()], dev_guild_id=None)
    assert do_match([declared()], [kept(contexts=[2, 0, 1])], dev_guild_id=None)
    assert do_match(
        [declared(default_member_permissions=None)],
        [kept(default_member_permissions=None)],
        dev_guild_id=None,
    )


@pytest.mark.parametrize(
    "theirs",
    [
        kept(default_member_permissions="8"),
        kept(default_member_permissions=None),
        kept(default_member_permissions="0"),
        kept(contexts=[0]),
        kept(contexts=None),
        kept(description_localizations={"it": "Crea un video."}),
        kept(nsfw=True),
    ],
    ids=str,
)
def test_what_counts_is_a_difference(theirs: dict[str, Any]) -> None:
    assert not do_match([declared()], [theirs], dev_guild_id=None)


def test_zero_is_said_where_nothing_else_is() -> None:
    option = {"type": 4, "name": "length", "description": "s"}
    ours = declared(options=[{**option, "min_value": 0}])
    assert not do_match([ours], [kept()], dev_guild_id=None)
    assert do_match([ours], [kept(options=[{**option, "min_value": 0.0}])], dev_guild_id=None)


def test_a_servers_commands_do_not_have_what_is_for_all_servers() -> None:
    theirs = {
        name: value
        for name, value in kept().items()
        if name not in ("contexts", "integration_types", "dm_permission")
    }
    assert do_match([declared()], [theirs], dev_guild_id=5)
    assert not do_match([declared()], [theirs], dev_guild_id=None)
    assert not do_match([declared(nsfw=True)], [theirs], dev_guild_id=5)


def test_a_menu_and_a_command_of_one_name_are_two() -> None:
    menu = {"name": "kling", "type": 3}
    assert not do_match([declared()], [kept(), menu], dev_guild_id=None)
