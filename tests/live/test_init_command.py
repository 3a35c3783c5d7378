"""`python -m bot init` as a person meets it who has two secrets and an empty folder."""

import signal
import stat
from pathlib import Path

from bot.settings import Settings, load_settings
from tests.live.bot_process import KEY, TOKEN, BotProcess, Town
from tests.live.objects import BOT_ID

TOKEN_QUESTION = "Bot token"
KEY_QUESTION = "RunComfy API key"
NO_SECRETS = {"DISCORD_TOKEN": "", "RUNCOMFY_API_KEY": ""}


async def both_are_typed(command: BotProcess, terminal: int) -> None:
    await command.is_told_in_secret(TOKEN, TOKEN_QUESTION, at=terminal)
    await command.is_told_in_secret(KEY, KEY_QUESTION, at=terminal)


def written(town: Town) -> Path:
    return town.folder / ".env"


async def test_two_secrets_become_a_file_for_their_owner_alone_and_an_invitation(
    town: Town,
) -> None:
    async with town.at_a_terminal("init", **NO_SECRETS) as (command, terminal):
        await both_are_typed(command, terminal)
        assert await command.ended() == 0

    settings = load_settings(env_file=written(town))
    assert isinstance(settings, Settings)
    assert settings.discord_token.get_secret_value() == TOKEN
    assert settings.runcomfy_api_key.get_secret_value() == KEY
    assert settings.limits_set == ("TOTAL_LIMIT",)
    assert stat.S_IMODE(written(town).stat().st_mode) == 0o600
    said = "\n".join(command.out)
    assert f"✔ Discord token      accepted, for the application kling ({BOT_ID})" in said
    assert "✔ RunComfy key       accepted" in said
    assert f"https://discord.com/oauth2/authorize?client_id={BOT_ID}&" in said
    assert said.endswith("Then start it:  python -m bot run")
    assert town.runcomfy.posts == []


async def test_a_secret_that_is_refused_is_asked_again_and_the_other_is_not(town: Town) -> None:
    async with town.at_a_terminal("init", **NO_SECRETS) as (command, terminal):
        await command.is_told_in_secret(TOKEN, TOKEN_QUESTION, at=terminal)
        await command.is_told_in_secret("a-key-of-another", KEY_QUESTION, at=terminal)
        await command.is_told_in_secret(KEY, KEY_QUESTION, at=terminal)
        assert await command.ended() == 0

    assert sum("RunComfy doesn't accept RUNCOMFY_API_KEY" in line for line in command.out) == 1
    assert f"RUNCOMFY_API_KEY={KEY}\n" in written(town).read_text(encoding="utf-8")


async def test_what_can_be_no_token_is_asked_again_at_once(town: Town) -> None:
    async with town.at_a_terminal("init", **NO_SECRETS) as (command, terminal):
        await command.is_told_in_secret("", TOKEN_QUESTION, at=terminal)
        await command.is_told_in_secret("1100000000000000004", TOKEN_QUESTION, at=terminal)
        await command.is_told_in_secret(f" '{TOKEN}' ", TOKEN_QUESTION, at=terminal)
        await command.is_told_in_secret("key with spaces", KEY_QUESTION, at=terminal)
        await command.is_told_in_secret("it's#a$key", KEY_QUESTION, at=terminal)
        town.runcomfy.api_key = "it's#a$key"
        assert await command.ended() == 0

    said = "\n".join(command.out)
    assert "This looks like the application's id or public key" in said
    assert "This holds a space or another character" in said
    settings = load_settings(env_file=written(town))
    assert isinstance(settings, Settings)
    assert settings.runcomfy_api_key.get_secret_value() == "it's#a$key"


async def test_a_service_that_is_away_keeps_nobody_from_their_file(town: Town) -> None:
    nobody = "http://127.0.0.1:9"
    async with town.at_a_terminal(
        "init", **NO_SECRETS, LOOPBACK_DISCORD=nobody, RUNCOMFY_API_URL=nobody
    ) as (command, terminal):
        await both_are_typed(command, terminal)
        assert await command.ended() == 0

    said = "\n".join(command.out)
    assert "Discord can't be reached" in said
    assert "The log of the first start has the bot's invitation." in said
    assert "First fix what has a cross above, then run `python -m bot check`." in said
    assert written(town).exists()


async def test_ctrl_c_writes_nothing(town: Town) -> None:
    async with town.at_a_terminal("init", **NO_SECRETS) as (command, terminal):
        await command.is_told_in_secret(TOKEN, TOKEN_QUESTION, at=terminal)
        await command.asks_in_secret(at=terminal)
        # As the terminal would, if it were the one that controls the process.
        command.tell(signal.SIGINT)
        assert await command.ended() != 0

    assert not written(town).exists()
    assert "Traceback" not in "\n".join(command.log)


async def test_a_file_that_is_there_is_left_as_it_is(town: Town) -> None:
    written(town).write_text("DISCORD_TOKEN=mine\n", encoding="utf-8")
    async with town.at_a_terminal("init", **NO_SECRETS) as (command, _):
        assert await command.ended() == 1

    (said,) = command.log
    assert said == (
        "There is a .env here already, and it was left as it is: change it in an editor, and see "
        "by `python -m bot check` whether all is well."
    )
    assert written(town).read_text(encoding="utf-8") == "DISCORD_TOKEN=mine\n"


async def test_without_a_terminal_it_says_what_to_write(town: Town) -> None:
    command = await town.command("init", **NO_SECRETS)

    assert await command.ended() == 1
    (said,) = command.log
    assert said == (
        "There is no terminal to ask at. Write .env yourself: a line DISCORD_TOKEN=…, "
        "and a line RUNCOMFY_API_KEY=…"
    )
    assert not written(town).exists()
