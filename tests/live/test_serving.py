"""The bot as a process: it starts, registers, serves through a real gateway, stops, and goes on."""

import signal

from bot.client import NEEDED_PERMISSIONS
from bot.playground.runcomfy_scenario import Scenario
from tests.live.bot_process import BotProcess, Town
from tests.live.discord_server import Call
from tests.live.objects import ALICE_ID, BOT_ID, CHANNEL_ID, EPHEMERAL, GUILD_ID, Json

AT_ONCE = Scenario(queue_s=0, rendering_s=0)
LONG = Scenario(queue_s=0, rendering_s=3_600)
HASTY = {"DRAIN_TIMEOUT_S": "1"}
IN_THE_CHANNEL = f"/channels/{CHANNEL_ID}/messages"
IN_PRIVATE = f"/webhooks/{BOT_ID}/[^/]+"


async def rendering(town: Town, prompt: str) -> Json:
    """Alice asks, and the card says that it is being rendered; the interaction."""
    interaction = await town.discord.slash("kling", prompt=prompt)
    await town.bots[-1].until(lambda: "Rendering" in str(town.discord.card(interaction)))
    return interaction


async def heard(town: Town, method: str, path: str) -> Call:
    """The first call of this kind, as soon as it has come."""
    await town.bots[-1].until(lambda: town.discord.heard(method, path))
    return town.discord.heard(method, path)[0]


def registrations(town: Town) -> list[str]:
    return [call.path for call in town.discord.heard("PUT", "/commands")]


async def stopped(bot: BotProcess, number: signal.Signals) -> None:
    """Stop the bot, more impatiently than needed, and hold it to how it should end."""
    bot.tell(number)
    await bot.says("stopping: finishing jobs under way, or leaving them for the next start")
    bot.tell(number)
    await bot.says("bot.app.run: stopped")
    bot.tell(number)
    assert await bot.ended() == 0
    assert bot.log[-1].endswith("bot.app.run: stopped")
    assert not [line for line in bot.log if "Traceback" in line]


async def test_without_any_limit_it_says_what_anyone_can_spend(town: Town) -> None:
    bot = await town.start()
    said = await bot.says("No limit is set")
    await stopped(bot, signal.SIGINT)

    assert said.endswith(
        "No limit is set: anyone in 1 server can spend the whole balance ($1000.00). "
        "Set one, such as TOTAL_LIMIT=5 USD/day."
    )


async def test_it_says_who_it_is_and_how_to_invite_it(town: Town) -> None:
    bot = await town.start(TOTAL_LIMIT="5 USD/day")
    who = await bot.says("online as")
    invitation = await bot.says("invite me")
    await stopped(bot, signal.SIGINT)

    assert who.endswith(f"online as kling#0000 ({BOT_ID}), in 1 server")
    assert invitation.endswith(
        f"https://discord.com/oauth2/authorize?client_id={BOT_ID}"
        f"&scope=bot+applications.commands&permissions={NEEDED_PERMISSIONS.value}"
    )
    assert not [line for line in bot.log if " WARNING " in line]


async def test_a_key_that_runcomfy_refuses_is_said_at_the_start(town: Town) -> None:
    bot = await town.start(
        RUNCOMFY_API_KEY="another-key-than-runcomfy-has", TOTAL_LIMIT="5 USD/day"
    )
    said = await bot.says("RunComfy doesn't accept RUNCOMFY_API_KEY.")
    await stopped(bot, signal.SIGINT)

    assert " WARNING " in said
    assert said.endswith("Copy it again from your profile.")


async def test_a_command_ends_with_a_video_and_a_ping_for_the_requester_alone(town: Town) -> None:
    town.runcomfy.default = AT_ONCE
    bot = await town.joined(DEV_GUILD_ID=GUILD_ID)
    public = await town.discord.slash("kling", prompt="a red kite", duration=3, sound=False)
    private = await town.discord.slash("kling", prompt="a blue kite", duration=3, private=True)
    ping = await heard(town, "POST", IN_THE_CHANNEL)
    whisper = await heard(town, "POST", IN_PRIVATE)
    await stopped(bot, signal.SIGTERM)

    (path,) = registrations(town)
    assert path.endswith(f"/applications/{BOT_ID}/guilds/{GUILD_ID}/commands")
    for interaction, place in ((public, IN_THE_CHANNEL), (private, f"{IN_PRIVATE}/messages")):
        card = town.discord.card(interaction)
        edits = town.discord.heard("PATCH", f"{place}/{card['id']}")
        ((name, video),) = edits[-1].files.items()
        assert name.endswith(".mp4")
        assert video[4:8] == b"ftyp"
        assert card["attachments"][0]["size"] == len(video)
    for call in (ping, whisper):
        assert call.body["allowed_mentions"] == {"parse": [], "users": [int(ALICE_ID)]}
        assert f"<@{ALICE_ID}>" in call.body["content"]
    assert ping.body["message_reference"]["message_id"] == int(town.discord.card(public)["id"])
    assert whisper.body["flags"] == town.discord.card(private)["flags"] & EPHEMERAL == EPHEMERAL
    assert len(town.discord.heard("POST", IN_THE_CHANNEL)) == 1
    assert len(town.runcomfy.posts) == 2


async def test_a_job_in_rendering_outlives_the_stop_and_is_brought_on_the_same_card(
    town: Town,
) -> None:
    town.runcomfy.default = LONG
    first = await town.joined(**HASTY)
    interaction = await rendering(town, "a red kite")
    card = town.discord.card(interaction)
    await stopped(first, signal.SIGTERM)

    (job,) = town.runcomfy.jobs.values()
    assert job.cancelled_at is None
    assert job.calls["cancel"] == 0
    assert "Rendering" in str(town.discord.card(interaction))
    (path,) = registrations(town)
    assert "kling" in [command["name"] for command in town.discord.commands[path]]

    town.pass_time(LONG.rendering_s)
    second = await town.joined()
    ping = await heard(town, "POST", IN_THE_CHANNEL)
    await stopped(second, signal.SIGTERM)

    assert await second.says("picking up 1 unfinished job")
    assert await second.says("the commands are already registered")
    assert registrations(town) == [path]
    assert ping.body["message_reference"]["message_id"] == int(card["id"])
    assert town.discord.heard("PATCH", card["id"])[-1].files
    assert next(iter(town.discord.messages)) == card["id"]
    assert len(town.runcomfy.posts) == 1


async def test_a_lost_connection_is_resumed_and_what_came_meanwhile_is_served(town: Town) -> None:
    town.runcomfy.default = LONG
    bot = await town.joined(**HASTY)
    await bot.until(lambda: town.discord.gateway.heartbeats > 1)

    town.discord.gateway.break_off()
    await rendering(town, "a red kite")
    await stopped(bot, signal.SIGTERM)

    assert (town.discord.gateway.identified, town.discord.gateway.resumed) == (1, 1)


async def test_a_discord_that_went_silent_holds_up_the_stop_no_longer_than_the_drain(
    town: Town,
) -> None:
    town.runcomfy.default = LONG
    bot = await town.joined(**HASTY)
    interaction = await rendering(town, "a red kite")

    town.discord.answering.clear()
    town.discord.gateway.deaf = True
    town.discord.calls.clear()
    town.pass_time(LONG.rendering_s)
    await heard(town, "PATCH", town.discord.card(interaction)["id"])
    await stopped(bot, signal.SIGINT)

    assert await bot.says("cutting off jobs that didn't pause: 1")


async def test_it_stops_while_discord_keeps_it_waiting_at_the_door(town: Town) -> None:
    town.discord.answering.clear()
    bot = await town.start()
    await heard(town, "GET", "/users/@me")

    await stopped(bot, signal.SIGINT)


async def test_where_it_was_connected_over_and_over_it_waits_and_brings_what_is_there(
    town: Town,
) -> None:
    town.runcomfy.default = LONG
    first = await town.joined(**HASTY)
    await rendering(town, "a red kite")
    await stopped(first, signal.SIGTERM)

    town.pass_time(LONG.rendering_s)
    town.discord.session_starts_left = 3
    second = await town.start(**HASTY)
    await second.says("connect 3 more times in the next 10:00:00, so it waits for 3:20:00")
    await heard(town, "POST", IN_THE_CHANNEL)
    await stopped(second, signal.SIGTERM)

    assert town.discord.gateway.identified == 1
