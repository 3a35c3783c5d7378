"""What Windows lacks, the bot does not need: the same commands, and Ctrl-C, without it."""

import signal
import sys

import pytest

from bot.cli.terminal.person import QUESTION
from bot.playground.runcomfy_scenario import Scenario
from tests.live.bot_process import Town


@pytest.fixture
def town(town: Town) -> Town:
    """The operator's machine knows neither Unix's modules nor its loop."""
    town.program = (sys.executable, "-m", "tests.live.without_posix")
    return town


async def test_every_module_can_be_imported(town: Town) -> None:
    command = await town.command("imports")

    assert await command.ended() == 0, command.log
    assert int(command.out[-1]) > 200


async def test_check_finds_everything_ready(town: Town) -> None:
    check = await town.command("check", "--min-free-mib", "1", TOTAL_LIMIT="5 USD/day")

    assert await check.ended() == 0, check.log
    assert [line for line in check.out if not line.startswith("✔ ")] == []


async def test_the_bot_delivers_and_drains_at_ctrl_c(town: Town) -> None:
    town.runcomfy.default = Scenario(queue_s=0, rendering_s=0)
    bot = await town.joined()
    interaction = await town.discord.slash("kling", prompt="a red kite", duration=3)
    await bot.until(lambda: town.discord.card(interaction).get("attachments"))
    bot.tell(signal.SIGINT)

    assert await bot.ended() == 0
    assert len(town.runcomfy.posts) == 1


async def test_a_video_from_the_terminal_can_be_cancelled_by_ctrl_c_and_a_yes(town: Town) -> None:
    town.runcomfy.default = Scenario(queue_s=3_600, rendering_s=60)
    generate = await town.command("generate", "a red kite", "--duration", "3", "--yes")
    await generate.says("In the queue")
    generate.tell(signal.SIGINT)
    await generate.says(QUESTION)
    await generate.types("y")

    assert await generate.ended() == 1
    assert "Cancelled" in generate.log[-1]


async def test_the_playground_hears_keys_with_enter_and_ends_at_ctrl_c(town: Town) -> None:
    play = await town.command("play")
    await play.until(
        lambda: any(line.startswith("Keys here, each with Enter:") for line in play.out)
    )
    await play.types("r")
    await play.until(lambda: "The bot has restarted. Its jobs go on." in play.out)
    play.tell(signal.SIGINT)

    assert await play.ended() == 0
    assert play.out[-1] == "The playground is closed."
    assert not [line for line in play.log if "Traceback" in line]


async def test_the_playground_ends_by_its_key(town: Town) -> None:
    play = await town.command("play")
    await play.until(lambda: any("Keys here" in line for line in play.out))
    await play.types("q")

    assert await play.ended() == 0
