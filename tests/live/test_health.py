"""A bot as a process tells of itself: to healthchecks, to Prometheus, to readers of its log."""

import json
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.playground.runcomfy_scenario import Delays, Fault, Scenario
from tests.live.bot_process import BotProcess, Town
from tests.live.objects import GUILD_ID
from tests.patience import until

AT_ONCE = Scenario(queue_s=0, rendering_s=0)
SESSION_TIMED_OUT = 4009
METRICS = {"METRICS_ADDR": "127.0.0.1:0"}


class Probe:
    """Asks one bot, again and again, until it answers as expected."""

    def __init__(self, bot: BotProcess, session: ClientSession) -> None:
        self._bot = bot
        self._session = session

    async def get(self, path: str) -> tuple[int, str]:
        said = await self._bot.says("health and metrics: ")
        url = said.rpartition(" ")[2]
        async with self._session.get(f"{url}{path}") as answer:
            return answer.status, await answer.text()

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        await until(condition)

    async def until_ready(self, status: int) -> dict[str, str]:
        """The checks, once `/readyz` answers with this status."""
        found: dict[str, Any] = {}

        async def asked() -> bool:
            answered, text = await self.get("/readyz")
            found.update(json.loads(text))
            return answered == status

        await self.until(asked)
        return found["checks"]

    async def value(self, sample: str) -> float:
        _, text = await self.get("/metrics")
        (line,) = [line for line in text.splitlines() if line.startswith(f"{sample} ")]
        return float(line.rpartition(" ")[2])


@pytest.fixture
async def session() -> AsyncGenerator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


async def test_it_is_not_ready_while_discords_gateway_is_lost_and_again_when_it_is_back(
    town: Town, session: ClientSession
) -> None:
    probe = Probe(await town.joined(**METRICS), session)
    well = await probe.until_ready(200)

    town.discord.gateway.ends_with = SESSION_TIMED_OUT
    town.discord.gateway.break_off()
    lost = await probe.until_ready(503)
    town.discord.gateway.ends_with = None
    await probe.until_ready(200)

    assert set(well.values()) == {"ok"}
    assert lost["gateway"].startswith("no gateway connection for ")
    assert {name for name, found in lost.items() if found != "ok"} == {"gateway"}
    assert await probe.value("kling_gateway_disconnects_total") >= 1


async def test_the_first_answer_to_a_command_is_timed(town: Town, session: ClientSession) -> None:
    town.runcomfy.default = AT_ONCE
    probe = Probe(await town.joined(**METRICS), session)
    await town.discord.slash("kling", prompt="a red kite")

    async def answered() -> bool:
        return await probe.value("kling_acknowledgement_seconds_count") == 1

    await probe.until(answered)

    assert await probe.value("kling_acknowledgement_seconds_sum") > 0
    assert await probe.value('kling_interactions_dropped_total{reason="silent"}') == 0


async def test_it_is_not_ready_while_it_stops_though_it_still_answers(
    town: Town, session: ClientSession
) -> None:
    town.runcomfy.default = Scenario(on_submit=(Fault(Delays(60)),))
    bot = await town.joined(DRAIN_TIMEOUT_S="2", **METRICS)
    probe = Probe(bot, session)
    await probe.until_ready(200)
    await town.discord.slash("kling", prompt="a red kite")
    await bot.until(lambda: town.runcomfy.posts)
    bot.tell(signal.SIGTERM)
    stopping = await probe.until_ready(503)

    assert stopping["running"] == "the bot is stopping"
    assert await bot.ended() == 0


async def test_a_metrics_address_that_is_taken_ends_the_start_with_a_sentence(
    town: Town, session: ClientSession
) -> None:
    first = await town.joined(**METRICS)
    address = (await first.says("health and metrics: ")).rpartition("/")[2]
    second = await town.start(METRICS_ADDR=address, DATA_DIR="elsewhere")

    assert await second.ended() == 1
    assert second.log[-1].startswith(f"METRICS_ADDR {address} can't be used: ")
    assert session


async def test_every_line_about_a_job_carries_its_ids_where_machines_read(town: Town) -> None:
    town.runcomfy.default = AT_ONCE
    bot = await town.joined(LOG_FORMAT="auto")
    interaction = await town.discord.slash("kling", prompt="a red kite")
    await bot.until(lambda: town.discord.card(interaction).get("attachments"))
    bot.tell(signal.SIGTERM)
    assert await bot.ended() == 0

    records = [json.loads(line) for line in bot.log]
    calls = [record for record in records if "/v1/requests/" in record["message"]]
    (request_id,) = town.runcomfy.jobs
    assert len(calls) >= 2
    assert {record.get("server") for record in calls} == {str(GUILD_ID)}
    assert {record.get("request") for record in calls} == {request_id}
    assert len({record.get("job") for record in calls}) == 1
    assert records[-1]["message"] == "stopped"
    assert "job" not in records[-1]
