"""Registering commands holds up nothing, happens in one scope alone, and says why it cannot."""

import json
import signal

import pytest
from aiohttp import ClientSession

from bot.playground.runcomfy_scenario import Scenario
from tests.live.bot_process import BotProcess, Town
from tests.live.discord_server import Refusal
from tests.live.objects import BOT_ID, CHANNEL_ID, GUILD_ID
from tests.patience import until

GLOBAL = f"/api/v10/applications/{BOT_ID}/commands"
IN_THE_SERVER = f"/api/v10/applications/{BOT_ID}/guilds/{GUILD_ID}/commands"
METRICS = {"METRICS_ADDR": "127.0.0.1:0"}


async def stopped(bot: BotProcess) -> None:
    bot.tell(signal.SIGTERM)
    assert await bot.ended() == 0


async def commands_check(bot: BotProcess) -> str:
    """What `/readyz` says of the commands, once it says that something is wrong with them."""
    url, found = (await bot.says("health and metrics: ")).rpartition(" ")[2], "ok"

    async def is_wrong() -> bool:
        nonlocal found
        async with session.get(f"{url}/readyz") as answer:
            found = str(json.loads(await answer.text())["checks"]["commands"])
        return found != "ok"

    async with ClientSession() as session:
        await until(is_wrong)
    return found


def written(town: Town) -> list[tuple[str, int]]:
    """Where commands were written, and how many."""
    return [(call.path, len(call.body)) for call in town.discord.heard("PUT", "/commands")]


async def test_a_discord_that_keeps_the_registration_waiting_holds_up_no_video_and_nobody(
    town: Town,
) -> None:
    town.runcomfy.default = Scenario(queue_s=0, rendering_s=60)
    first = await town.joined()
    await town.discord.slash("kling", prompt="a red kite")
    await first.until(lambda: "Rendering" in str(town.discord.messages))
    await stopped(first)
    town.pass_time(60)
    limited = Refusal(429, 0, "You are being rate limited.", retry_after_s=300)
    town.discord.commands_are_read = limited

    second = await town.joined()
    await second.until(lambda: town.discord.heard("POST", f"/channels/{CHANNEL_ID}/messages"))
    town.runcomfy.default = Scenario(queue_s=0, rendering_s=0)
    interaction = await town.discord.slash("kling", prompt="a blue kite")
    await second.until(lambda: town.discord.card(interaction).get("attachments"))

    await second.says("responded with 429. Retrying in 300.00 seconds")
    await stopped(second)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal(400, 30034, "Max number of daily creates"), "has created too many comma"),
        (Refusal(503, 0, "upstream connect error"), "Discord answers HTTP 503, code 0"),
        (Refusal(429, 0, "Slow down"), "Discord's answer makes no sense (KeyError)"),
    ],
    ids=["no more today", "an outage", "a limit without an end"],
)
async def test_what_discord_does_not_register_is_told_and_ends_nothing(
    town: Town, refusal: Refusal, words: str
) -> None:
    town.discord.commands_are_taken = refusal
    bot = await town.joined(**METRICS)

    told = await bot.says("couldn't register the commands: ")
    assert words in told
    assert told.endswith("; trying again in 30 s")
    assert words in await commands_check(bot)
    assert refusal.body["message"] not in str(bot.log)
    await stopped(bot)


async def test_a_server_for_development_that_was_left_stops_no_other_server(town: Town) -> None:
    bot = await town.joined(DEV_GUILD_ID="1234", **METRICS)

    told = await bot.says("couldn't register the commands: ")
    assert "Invite it there, or unset DEV_GUILD_ID" in told
    assert "Invite it there" in await commands_check(bot)
    assert await bot.says("online as kling")
    await stopped(bot)


async def test_commands_move_between_all_servers_and_one_and_leave_no_copy(town: Town) -> None:
    in_one = {"DEV_GUILD_ID": GUILD_ID}
    registered, removed = "registered ", "removed the copies of"
    for changes, words in (
        ({}, (registered,)),
        (in_one, (registered, removed, "commands for all servers")),
        (in_one, ("the commands are already registered", "online as kling")),
        ({}, (registered, removed, f"commands in server {GUILD_ID}")),
        ({}, ("the commands are already registered", "online as kling")),
    ):
        bot = await town.start(**changes)
        for said in words:
            await bot.says(said)
        await stopped(bot)

    count = len(town.discord.commands[GLOBAL])
    assert count > 5
    assert written(town) == [
        (GLOBAL, count),
        (IN_THE_SERVER, count),
        (GLOBAL, 0),
        (GLOBAL, count),
        (IN_THE_SERVER, 0),
    ]
    assert town.discord.commands[IN_THE_SERVER] == []
