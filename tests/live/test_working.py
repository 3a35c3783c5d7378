"""`python -m bot work` beside `python -m bot run`: what the one asked for, the other delivers."""

import signal

from bot.playground.runcomfy_scenario import Scenario
from tests.live.bot_process import Town
from tests.live.objects import Json
from tests.patience import until

WORKING = "working: watching and delivering jobs"


def card(town: Town, interaction: Json) -> str:
    return str(town.discord.card(interaction))


async def test_a_worker_delivers_what_a_killed_gateway_was_asked_for(
    town: Town, postgres_url: str
) -> None:
    town.runcomfy.will(Scenario(queue_s=0, rendering_s=60))
    gateway = await town.joined(DATABASE_URL=postgres_url, DATA_DIR="gateway")
    interaction = await town.discord.slash("kling", prompt="a red kite", duration=3)
    await gateway.until(lambda: "Rendering" in card(town, interaction))
    worker = await town.command("work", DATABASE_URL=postgres_url, DATA_DIR="worker")
    await worker.says(WORKING)
    gateway.tell(signal.SIGKILL)
    await gateway.ended()
    town.pass_time(120)
    await worker.until(lambda: town.discord.card(interaction).get("attachments"))

    assert "Rendering" not in card(town, interaction)
    assert len(town.runcomfy.posts) == 1
    worker.tell(signal.SIGTERM)
    assert await worker.ended() == 0
    assert not [line for line in worker.log if "Traceback" in line]


async def test_a_worker_leaves_the_commands_to_those_who_hear_them(
    town: Town, postgres_url: str
) -> None:
    worker = await town.command("work", DATABASE_URL=postgres_url, DATA_DIR="worker")
    await worker.says(WORKING)
    assert town.discord.commands == {}
    await town.joined(DATABASE_URL=postgres_url, DATA_DIR="gateway")
    await until(lambda: town.discord.commands)


async def test_with_sqlite_there_is_nobody_to_work_for(town: Town) -> None:
    worker = await town.command("work", DATA_DIR="worker")
    assert await worker.ended() == 2
    assert "set DATABASE_URL" in worker.log[-1]
