"""Every check passes when all is well, and says what to do when it is not; nothing is spent."""

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import discord
import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.app.command_registration import declared_by
from bot.app.foundation import database_url
from bot.cli.check import check_everything
from bot.cli.checks.discord import names_of_owners
from bot.cli.checks.outcome import Broken, Passed, Skipped, Warned
from bot.cli.checks.runcomfy_account import judged_models
from bot.client import load_cogs
from bot.domain.generation.models import USUAL, Option
from bot.domain.money.ledger import Caps
from bot.domain.servers import EVERYWHERE
from bot.features.servers.servers import ServerRows
from bot.languages.language import load_languages
from bot.languages.translation import CatalogueTranslator
from bot.runcomfy.account import ListedModel
from bot.settings import Problems
from bot.storage import default_database_url, open_store
from bot.storage.open import FILE_NAME
from bot.storage.tables.jobs import jobs, server_settings
from bot.ui.context import Client
from tests.cli.checks.conftest import Surroundings
from tests.clocks import FakeClock
from tests.domain.samples import NOON, a_job
from tests.live.discord_server import API, Refusal
from tests.live.objects import BOT_ID
from tests.patience import until
from tests.runcomfy.raw_server import answer, raw_server

NAMES = [
    *("settings", "database", "Discord token", "commands", "RunComfy key", "balance"),
    *("models and prices", "limits", "owner messages", "ffmpeg", "room for data", "clock"),
]


async def test_when_all_is_well_every_line_says_so(surroundings: Surroundings) -> None:
    surroundings.change(total_limit=Caps(day_microusd=5_000_000))
    findings = await surroundings.look()

    assert [one.name for one in findings] == NAMES
    assert [one for one in findings if not isinstance(one.outcome, Passed)] == []
    said = {one.name: str(one.outcome) for one in findings}
    assert f"for the application kling ({BOT_ID})" in said["Discord token"]
    assert "$1000.00: about 1190 videos of 5 s with sound" in said["balance"]
    assert "6 models, at the prices that this bot expects" in said["models and prices"]
    assert "free in" in said["room for data"]
    assert "right within 30 s" in said["clock"]


async def test_without_settings_nothing_else_is_looked_at() -> None:
    problem = (
        "DISCORD_TOKEN is missing: put your bot's token into .env (see .env.example), "
        "or let `python -m bot init` write it."
    )
    first, *others = await check_everything(
        Problems((problem,)), clock=FakeClock(), discord_api_url="", min_free_bytes=1
    )

    assert first.outcome == Broken(problem)
    assert [one.name for one in others] == NAMES[1:]
    assert {one.outcome for one in others} == {Skipped("the settings come first")}


# --- limits ---------------------------------------------------------------------------------------


async def test_without_any_limit_it_is_said_what_anyone_can_spend(
    surroundings: Surroundings,
) -> None:
    said = "can spend the whole balance ($1000.00). Set one, such as TOTAL_LIMIT=5 USD/day."
    assert await surroundings.outcome("limits") == Warned(
        f"No limit is set: anyone in 3 servers {said}"
    )
    surroundings.change(allowed_servers=frozenset({1}), direct_messages=True)
    assert await surroundings.outcome("limits") == Warned(
        f"No limit is set: anyone in 1 server or in direct messages {said}"
    )
    surroundings.discord_url = "http://127.0.0.1:9"
    surroundings.change(allowed_servers=None, direct_messages=False)
    assert await surroundings.outcome("limits") == Warned(
        f"No limit is set: anyone in your servers {said}"
    )


async def test_a_limit_that_is_set_is_named(surroundings: Surroundings) -> None:
    surroundings.change(user_limit=Caps(day_videos=3))
    assert await surroundings.outcome("limits") == Passed("USER_LIMIT set")


async def test_a_limit_that_was_set_on_discord_is_one(surroundings: Surroundings) -> None:
    async with open_store(database_url(surroundings.settings)) as store:
        await ServerRows(database=store.database).change(
            EVERYWHERE, {"total_caps": Caps(day_microusd=1)}, by_user_id=1, at=NOON
        )
    assert await surroundings.outcome("limits") == Passed("set on Discord")


# --- Discord --------------------------------------------------------------------------------------


async def test_it_is_said_whom_the_bot_tells_of_troubles(surroundings: Surroundings) -> None:
    said = await surroundings.outcome("owner messages")
    assert said == Passed("the bot tells alice about troubles")
    surroundings.change(owner_messages=False)
    assert await surroundings.outcome("owner messages") == Skipped("OWNER_MESSAGES is off")


def test_of_a_team_those_who_may_act_for_it_are_told() -> None:
    people = [
        {"user": {"id": str(number), "username": name}, "role": role, "membership_state": state}
        for number, (name, role, state) in enumerate(
            [
                ("ann", "admin", 2),
                ("dev", "developer", 2),
                ("eve", "read_only", 2),
                ("ivy", "admin", 1),
                ("olga", "", 2),
            ]
        )
    ]
    said = {
        "owner": {"id": "9", "username": "the team"},
        "team": {"owner_user_id": "4", "members": people},
    }
    assert names_of_owners(json.dumps(said).encode()) == ["ann", "dev", "olga"]


async def test_a_token_that_discord_does_not_know(surroundings: Surroundings) -> None:
    surroundings.change(discord_token=SecretStr("another-canary"))
    assert await surroundings.outcome("Discord token") == Broken(
        "Discord doesn't accept DISCORD_TOKEN. Copy it again from the Developer Portal."
    )


async def test_a_discord_that_is_not_there(surroundings: Surroundings) -> None:
    surroundings.discord_url = "http://127.0.0.1:9"
    assert await surroundings.outcome("Discord token") == Broken(
        "Discord can't be reached (ClientConnectorError): is this machine online?"
    )


async def test_a_discord_behind_something_that_bars_the_way(surroundings: Surroundings) -> None:
    surroundings.discord.bars = Refusal(403, 0, "error code: 1020")
    assert await surroundings.outcome("Discord token") == Broken(
        "Discord answers HTTP 403. Please try again later."
    )


async def test_a_discord_that_never_answers_is_not_waited_for_long(
    surroundings: Surroundings,
) -> None:
    surroundings.discord.answering.clear()
    surroundings.timeout_s = 3
    findings = {one.name: one.outcome for one in await surroundings.look()}

    assert findings["Discord token"] == Broken("There was no answer within 3 s. Please try again.")
    assert isinstance(findings["balance"], Passed)


@pytest.mark.parametrize("page", [b"<html>Please log in to the Wi-Fi", b"[]", b'{"id": 5}'])
async def test_something_else_in_discords_place(surroundings: Surroundings, page: bytes) -> None:
    async with raw_server(answer(page)) as portal:
        surroundings.discord_url = portal.url
        said = await surroundings.outcome("Discord token")
    assert said == Broken("Something answers that isn't Discord: look at your network.")


# --- the commands --------------------------------------------------------------------------------


async def declared() -> list[dict[str, object]]:
    """What a start would register."""
    async with Client((), intents=discord.Intents.none(), help_command=None) as bot:
        await load_cogs(bot)
        translator = CatalogueTranslator(load_languages())
        return [dict(command) for command in await declared_by(bot.tree, translator)]


async def test_before_the_first_start_no_commands_are_registered(
    surroundings: Surroundings,
) -> None:
    assert await surroundings.outcome("commands") == Passed(
        "none are registered yet; a start registers them, and its log says why it could not"
    )


async def test_commands_as_this_version_declares_them(surroundings: Surroundings) -> None:
    ours = await declared()
    surroundings.discord.commands[f"{API}/applications/{BOT_ID}/commands"] = ours
    assert await surroundings.outcome("commands") == Passed(f"all {len(ours)} are registered")


async def test_commands_of_another_version(surroundings: Surroundings) -> None:
    other = [{"name": "kling", "type": 1, "description": "Older."}]
    surroundings.discord.commands[f"{API}/applications/{BOT_ID}/commands"] = other
    assert await surroundings.outcome("commands") == Warned(
        "another version's are registered; "
        "a start registers them, and its log says why it could not"
    )


async def test_a_server_for_development_that_the_bot_is_not_in(surroundings: Surroundings) -> None:
    surroundings.change(dev_guild_id=1234)
    assert await surroundings.outcome("commands") == Broken(
        "The commands can't be checked: the bot isn't allowed to in that server. "
        "Invite it there, or unset DEV_GUILD_ID."
    )


async def test_without_the_token_the_commands_are_not_looked_at(surroundings: Surroundings) -> None:
    surroundings.change(discord_token=SecretStr("another-canary"))
    assert await surroundings.outcome("commands") == Skipped("the Discord token comes first")
    surroundings.discord_url = "http://127.0.0.1:9"
    assert await surroundings.outcome("commands") == Skipped("the Discord token comes first")


async def test_a_discord_that_tells_no_commands(surroundings: Surroundings) -> None:
    surroundings.discord.commands_are_read = Refusal(503, 0, "upstream connect error")
    assert await surroundings.outcome("commands") == Broken(
        "The commands can't be checked: Discord answers HTTP 503, code 0."
    )


# --- RunComfy -------------------------------------------------------------------------------------


async def test_a_key_that_runcomfy_does_not_know(surroundings: Surroundings) -> None:
    surroundings.runcomfy.api_key = "a-newer-key"
    findings = {one.name: one.outcome for one in await surroundings.look()}

    assert findings["RunComfy key"] == Broken(
        "RunComfy doesn't accept RUNCOMFY_API_KEY. Copy it again from your profile."
    )
    untold = Skipped("RunComfy tells this only to a key it accepts")
    assert (findings["balance"], findings["models and prices"]) == (untold, untold)


async def test_an_account_without_enough_for_a_video(surroundings: Surroundings) -> None:
    surroundings.runcomfy.grant_usd = Decimal("0.20")
    assert await surroundings.outcome("balance") == Broken(
        "The balance is $0.20, and the shortest video costs $0.252: "
        "put money on your RunComfy account."
    )


async def test_a_usual_model_that_is_gone(surroundings: Surroundings) -> None:
    del surroundings.runcomfy.catalogue.models[USUAL.id]
    findings = {one.name: one.outcome for one in await surroundings.look()}

    assert findings["models and prices"] == Broken(
        "kling/kling-3.0/pro/text-to-video is gone. Look for a newer version of this bot."
    )
    assert findings["RunComfy key"] == Passed("accepted")


async def test_another_model_that_is_gone_is_a_warning(surroundings: Surroundings) -> None:
    del surroundings.runcomfy.catalogue.models["kling/kling-3.0/4k/image-to-video"]
    assert await surroundings.outcome("models and prices") == Warned(
        "kling/kling-3.0/4k/image-to-video is gone. Look for a newer version of this bot."
    )


async def test_all_models_are_looked_at(surroundings: Surroundings) -> None:
    said = await surroundings.outcome("models and prices")
    assert said == Passed("6 models, at the prices that this bot expects")


@pytest.mark.parametrize(
    ("change", "asks"),
    [
        (
            {"silent_microusd_per_s": 200_000},
            "costs $0.20 per second, and this bot estimates with $0.112: the higher price holds.",
        ),
        (
            {"sound_microusd_per_s": 150_000},
            (
                "costs $0.15 per second with sound, and this bot estimates with $0.168: "
                "the estimate is kept."
            ),
        ),
        (
            {"names": {**USUAL.names, Option.SOUND: "generate_audio"}},
            "doesn't take sound.",
        ),
        (
            {"names": {**USUAL.names, Option.START_FRAME: "start_image_url"}},
            "needs start_image_url, which this bot doesn't send.",
        ),
    ],
)
async def test_a_model_that_is_not_as_declared(
    surroundings: Surroundings, change: dict[str, Any], asks: str
) -> None:
    surroundings.runcomfy.catalogue.models[USUAL.id] = replace(USUAL, **change)
    assert await surroundings.outcome("models and prices") == Warned(
        f"{USUAL.id} {asks} Look for a newer version of this bot."
    )


async def test_a_price_by_the_video_is_left_to_the_operator(surroundings: Surroundings) -> None:
    surroundings.runcomfy.catalogue.price_unit = "video"
    said = await surroundings.outcome("models and prices")
    assert isinstance(said, Warned)
    assert f"{USUAL.id} gives no price by the second: compare it yourself." in said.what


def test_a_price_with_sound_that_is_not_named_is_no_failure() -> None:
    said = judged_models({USUAL.id: ListedModel(USUAL.silent_microusd_per_s, None)})
    assert said == Passed("1 model, at the prices that this bot expects")


async def test_a_runcomfy_that_is_not_there(surroundings: Surroundings) -> None:
    nowhere = "http://127.0.0.1:9"
    surroundings.change(runcomfy_api_url=nowhere, runcomfy_account_url=nowhere)
    findings = {one.name: one.outcome for one in await surroundings.look()}

    silence = Broken(
        "RunComfy gives no usable answer (no connection (ClientConnectorError)). "
        "Please try again later."
    )
    for name in ("RunComfy key", "balance", "models and prices"):
        assert findings[name] == silence
    assert findings["clock"] == Passed("right within 30 s"), "Discord alone says what time it is"


# --- the database ---------------------------------------------------------------------------------


async def test_a_database_that_is_not_there_yet_is_not_made(surroundings: Surroundings) -> None:
    said = await surroundings.outcome("database")
    assert said == Passed("no tables yet: the first start makes them")
    assert not surroundings.settings.data_dir.exists()


async def test_a_database_in_use_by_a_bot_is_fine(surroundings: Surroundings) -> None:
    async with open_store(default_database_url(surroundings.settings.data_dir)):
        said = await surroundings.outcome("database")
    assert isinstance(said, Passed)
    assert said.detail.startswith("opens, and its tables are up to date (")


async def test_what_cannot_be_read_in_a_database_is_named(surroundings: Surroundings) -> None:
    async with open_store(default_database_url(surroundings.settings.data_dir)) as store:
        await store.add(a_job())
        await store.database.write(update(jobs).values(request="{"))
        await ServerRows(database=store.database).change(
            7, {"spoiler": True}, by_user_id=1, at=NOON
        )
        await store.database.write(update(server_settings).values(settings='{"words": 7}'))
    said = await surroundings.outcome("database")
    assert isinstance(said, Broken)
    assert "2 of the rows that a start needs" in said.advice
    assert "job job-1 can't be read, of server 7 the settings words" in said.advice


async def test_a_database_that_has_no_room_for_a_write(surroundings: Surroundings) -> None:
    data_dir = surroundings.settings.data_dir
    async with open_store(default_database_url(data_dir)):
        pass
    with closing(sqlite3.connect(data_dir / FILE_NAME)) as vandal:
        vandal.execute(
            "CREATE TRIGGER no_room BEFORE UPDATE ON alembic_version"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    said = await surroundings.outcome("database")
    assert isinstance(said, Broken)
    assert said.advice.startswith("The bot can't use the database: the database")


async def test_a_database_of_a_newer_version(surroundings: Surroundings) -> None:
    claims(surroundings.settings.data_dir, "9999")
    said = await surroundings.outcome("database")
    assert isinstance(said, Broken)
    assert said.advice.startswith("The bot can't use the database: the database is newer than this")


async def test_a_database_that_cannot_be_reached(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    url = SecretStr(f"postgresql://bot:canary-password@/bot?host={tmp_path}")
    surroundings.change(database_url=url)
    said = await surroundings.outcome("database")
    assert isinstance(said, Broken)
    assert said.advice.startswith(
        "The bot can't use the database: the database failed: Operational"
    )
    assert "canary-password" not in said.advice


def claims(data_dir: Path, revision: str) -> None:
    """A database that says that its tables are of this revision."""
    data_dir.mkdir()
    with closing(sqlite3.connect(data_dir / FILE_NAME)) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        database.commit()


# --- this machine ---------------------------------------------------------------------------------


async def test_an_ffmpeg_that_is_not_there(surroundings: Surroundings, tmp_path: Path) -> None:
    surroundings.change(ffmpeg_path=tmp_path / "no-ffmpeg")
    said = await surroundings.outcome("ffmpeg")
    assert said == Broken(
        f"{tmp_path / 'no-ffmpeg'}: it doesn't start. "
        "Set FFMPEG_PATH to another, or FIT_COPIES=false."
    )


async def test_who_wants_no_copies_needs_no_ffmpeg(surroundings: Surroundings) -> None:
    surroundings.change(fit_copies=False, ffmpeg_path=Path("no-ffmpeg"))
    assert await surroundings.outcome("ffmpeg") == Skipped("FIT_COPIES is off")


async def test_a_disk_with_less_room_than_asked_for(surroundings: Surroundings) -> None:
    surroundings.change(archive_dir=surroundings.settings.data_dir / "archive")
    surroundings.min_free_bytes = 10**18
    findings = {one.name: one.outcome for one in await surroundings.look()}

    for name in ("room for data", "room for the archive"):
        said = findings[name]
        assert isinstance(said, Broken)
        assert "make room, 931322574.6 GiB at least" in said.advice


@pytest.mark.parametrize(("ahead_s", "way"), [(45, "ahead"), (-45, "behind")])
async def test_a_clock_that_is_off(surroundings: Surroundings, ahead_s: int, way: str) -> None:
    surroundings.clock_ahead = timedelta(seconds=ahead_s)
    said = await surroundings.outcome("clock")
    assert isinstance(said, Broken)
    assert said.advice.endswith(f"s {way}: set it by NTP.")


async def test_a_clock_that_is_off_a_little_is_right(surroundings: Surroundings) -> None:
    surroundings.clock_ahead = timedelta(seconds=20)
    assert await surroundings.outcome("clock") == Passed("right within 30 s")


async def test_the_checks_run_at_the_same_time(surroundings: Surroundings) -> None:
    surroundings.discord.answering.clear()
    looking = asyncio.create_task(surroundings.look())
    await until(lambda: surroundings.discord.calls)
    surroundings.discord.answering.set()
    assert not any(isinstance(one.outcome, Broken) for one in await looking)
