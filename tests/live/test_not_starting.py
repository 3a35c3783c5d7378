"""Whatever keeps the bot from serving is told in a sentence: no traceback, and no secret."""

import signal
import sqlite3
from contextlib import closing

import pytest

from bot.storage.data_lock import locked, locked_file
from bot.storage.open import FILE_NAME
from tests.live.bot_process import KEY, TOKEN, BotProcess, Town
from tests.live.discord_server import DiscordServer, Refusal
from tests.live.objects import BOT

COULD_NOT_START, BAD_SETTINGS = 1, 2
NOT_ACCEPTED = "Discord doesn't accept DISCORD_TOKEN. Copy it again from the Developer Portal."


async def last_words(bot: BotProcess, *, status: int = COULD_NOT_START) -> list[str]:
    """What it said beside its log, whose lines begin with the year or belong to such a line."""
    assert await bot.ended() == status
    return [line for line in bot.log if not line.startswith(("2", "    | "))]


async def test_without_settings_it_says_a_sentence_for_each_secret(town: Town) -> None:
    bot = await town.start(DISCORD_TOKEN="", RUNCOMFY_API_KEY="")

    assert await last_words(bot, status=BAD_SETTINGS) == bot.log
    assert bot.log == [
        (
            "DISCORD_TOKEN is missing: put your bot's token into .env (see .env.example), "
            "or let `python -m bot init` write it."
        ),
        (
            "RUNCOMFY_API_KEY is missing: put your RunComfy API key into .env (see .env.example), "
            "or let `python -m bot init` write it."
        ),
    ]


async def test_a_token_that_discord_does_not_know(town: Town) -> None:
    bot = await town.start(DISCORD_TOKEN=(wrong := TOKEN.replace("0000", "0001")))

    assert await last_words(bot, status=BAD_SETTINGS) == [NOT_ACCEPTED]
    assert not [line for line in bot.log if "Traceback" in line or wrong in line]


@pytest.mark.parametrize(
    ("code", "status", "sentence"),
    [
        (4004, BAD_SETTINGS, NOT_ACCEPTED),
        (4010, COULD_NOT_START, "Discord ended the connection for good (code 4010)."),
        (4013, BAD_SETTINGS, "Discord ended the connection for good (code 4013)."),
        (4014, BAD_SETTINGS, "Discord ended the connection for good (code 4014)."),
    ],
    ids=["a token that was reset meanwhile", "another number of shards", "intents", "its intents"],
)
async def test_a_gateway_that_takes_the_bot_no_more(
    town: Town, code: int, status: int, sentence: str
) -> None:
    town.discord.gateway.ends_with = code
    bot = await town.start()

    assert await last_words(bot, status=status) == [sentence]
    assert not [line for line in bot.log if "Traceback" in line]


async def test_a_discord_that_cannot_be_reached_is_waited_for(town: Town) -> None:
    async with DiscordServer(token=TOKEN) as gone:
        nobody_there = gone.url
    bot = await town.start(LOOPBACK_DISCORD=nobody_there)

    await bot.says("Discord can't be reached (ClientConnectorError); trying again in 2 s")
    bot.tell(signal.SIGTERM)
    assert await last_words(bot, status=0) == []
    assert not [line for line in bot.log if "Traceback" in line]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "Discord answers HTTP 403; trying again in 1 s"),
        (503, "Discord answers HTTP 503; trying again in 1 s"),
        (429, "what answers isn't Discord, or Discord in trouble (KeyError); trying again in 1 s"),
    ],
    ids=["something that bars the way", "an outage", "a limit without an end"],
)
async def test_a_discord_that_does_not_work_is_waited_for(
    town: Town, status: int, words: str
) -> None:
    town.discord.bars = Refusal(status, 0, "error code: 1020")
    bot = await town.start()
    await bot.says(words)
    town.discord.bars = None

    await bot.says("online as kling")
    assert not [line for line in bot.log if "Traceback" in line or "Unclosed" in line]


async def test_a_token_that_is_reset_while_discord_does_not_say_how_to_connect(
    town: Town,
) -> None:
    town.discord.gateway_is_told = Refusal(502, 0, "Bad Gateway")
    bot = await town.start()
    await bot.until(lambda: town.discord.heard("GET", "/gateway/bot"))
    town.discord.gateway_is_told = Refusal(401, 0, "401: Unauthorized")

    assert await last_words(bot, status=BAD_SETTINGS) == [NOT_ACCEPTED]


async def test_a_data_folder_that_another_process_works_on(town: Town) -> None:
    with locked(town.data_dir):
        bot = await town.start()
        assert await last_words(bot) == bot.log

    assert bot.log == [
        "data is in use by another bot process: stop that one, or set another DATA_DIR."
    ]


async def test_a_database_that_another_process_works_on_from_another_folder(town: Town) -> None:
    with locked_file(town.folder / "elsewhere.sqlite3"):
        bot = await town.start(DATABASE_URL="sqlite:///elsewhere.sqlite3")
        assert await last_words(bot) == bot.log

    assert bot.log == ["elsewhere.sqlite3 is in use by another bot process: stop that one."]


async def test_a_database_of_a_newer_version(town: Town) -> None:
    town.data_dir.mkdir()
    with closing(sqlite3.connect(town.data_dir / FILE_NAME)) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
        database.commit()
    bot = await town.start()

    (sentence,) = await last_words(bot)
    assert [sentence] == bot.log
    assert sentence.startswith("The bot can't use the database: the database is newer than this")


async def test_what_nobody_foresaw_goes_through_the_log(town: Town) -> None:
    town.discord.gateway.me = {**BOT, "id": KEY}
    bot = await town.start()

    assert await last_words(bot) == [
        "The bot stopped because of an unexpected error. The log above has the details."
    ]
    assert "    | ValueError: invalid literal for int() with base 10: '[redacted]'" in bot.log
