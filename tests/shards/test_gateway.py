"""Bots as processes that share Discord's shards: whoever is left serves all of them."""

import asyncio
import signal

import pytest
from aiohttp import ClientSession

from bot.app.run import AUTHENTICATION_FAILED
from bot.domain.servers import EVERYWHERE
from bot.features.privacy import PrivacyRows
from bot.features.servers.servers import ServerRows
from bot.playground.runcomfy_scenario import Scenario
from bot.shards.gateway import until_one_ends
from bot.storage import open_store
from tests.domain.samples import NOON
from tests.live.bot_process import BotProcess, Town
from tests.live.objects import GUILD_ID
from tests.patience import until

AT_ONCE = Scenario(queue_s=0, rendering_s=0)
BOTH = [0, 1]


async def sharing(
    town: Town, database_url: str, *, shards: str = "auto", **changes: str
) -> BotProcess:
    """Start a bot that shares shards, with a data folder of its own."""
    own = {"DATABASE_URL": database_url, "DATA_DIR": f"data-{len(town.bots)}"}
    return await town.start("--shards", shards, **own, **changes)


async def stopped(bot: BotProcess) -> None:
    bot.tell(signal.SIGTERM)
    assert await bot.ended() == 0


async def ready(bot: BotProcess) -> None:
    """Wait until `/readyz` says so: the bot knows that it serves no shard."""
    *_, metrics_url = (await bot.says("health and metrics: ")).split()
    async with ClientSession() as session:

        async def is_ready() -> bool:
            async with session.get(f"{metrics_url}/readyz") as answer:
                return answer.status == 200

        await until(is_ready, otherwise=lambda: bot.log)


async def served(town: Town, bot: BotProcess) -> None:
    """Wait until both shards are served, and see that a command is answered with a video."""
    await bot.until(lambda: town.discord.gateway.connected() == BOTH)
    town.runcomfy.default = AT_ONCE
    bought = len(town.runcomfy.posts)
    interaction = await town.discord.slash("kling", prompt="a red kite", duration=3)
    await bot.until(lambda: town.discord.card(interaction).get("attachments"))
    assert len(town.runcomfy.posts) == bought + 1


async def test_the_first_bot_serves_all_shards(town: Town, postgres_url: str) -> None:
    bot = await sharing(town, postgres_url)
    await served(town, bot)

    assert [session.shard for session in town.discord.gateway.sessions] == [(0, 2), (1, 2)]
    assert await bot.says("serving shards 0, 1 of 2")
    await stopped(bot)
    assert town.discord.gateway.connected() == []


async def test_a_spare_bot_serves_when_the_other_is_killed(town: Town, postgres_url: str) -> None:
    first = await sharing(town, postgres_url)
    await first.until(lambda: town.discord.gateway.connected() == BOTH)
    spare = await sharing(town, postgres_url, METRICS_ADDR="127.0.0.1:0")
    await spare.says("the commands are already registered")
    await ready(spare)

    await first.kill()
    await spare.says("serving shards 0, 1 of 2")

    await served(town, spare)
    assert town.discord.gateway.identified == 4


async def test_a_worker_is_well_without_any_shard(town: Town, postgres_url: str) -> None:
    changes = {"DATABASE_URL": postgres_url, "METRICS_ADDR": "127.0.0.1:0"}
    worker = await town.command("work", **changes)
    await worker.says("working: ")

    await ready(worker)
    await stopped(worker)


async def test_in_a_rolling_update_no_shard_is_served_twice(town: Town, postgres_url: str) -> None:
    old = await sharing(town, postgres_url)
    await old.until(lambda: town.discord.gateway.connected() == BOTH)
    new = await sharing(town, postgres_url)
    await new.says("the commands are already registered")

    old.tell(signal.SIGTERM)
    await new.until(lambda: town.discord.gateway.identified == 3)
    assert len(town.discord.gateway.connected()) == len(set(town.discord.gateway.connected()))

    await served(town, new)
    assert await old.ended() == 0


async def test_a_bot_takes_over_shards_beside_those_that_it_serves(
    town: Town, postgres_url: str
) -> None:
    fixed = await sharing(town, postgres_url, shards="0/2")
    await fixed.until(lambda: town.discord.gateway.connected() == [0])
    other = await sharing(town, postgres_url)
    await other.until(lambda: town.discord.gateway.connected() == BOTH)

    await fixed.kill()

    await other.says("serving shards 0 of 2")
    await served(town, other)
    await stopped(other)


async def test_who_was_left_unseen_is_noted_by_whoever_serves_their_shard_alone(
    town: Town, postgres_url: str
) -> None:
    here = int(GUILD_ID)
    home = (here >> 22) % 2
    gone, served_by_nobody = here + (2 << 22), here + (1 << 22)
    async with open_store(postgres_url) as store:
        servers, privacy = ServerRows(database=store.database), PrivacyRows(database=store.database)
        for guild_id in (here, gone, served_by_nobody, EVERYWHERE):
            await servers.change(guild_id, {"spoiler": True}, by_user_id=1, at=NOON)
        await privacy.left(here, NOON)

        async def shown_left() -> set[int]:
            known = await privacy.servers()
            return {guild_id for guild_id, left_at in known.items() if left_at is not None}

        bot = await sharing(town, postgres_url, shards=f"{home}/2")

        async def only_gone_is() -> bool:
            return await shown_left() == {gone}

        await until(only_gone_is, otherwise=lambda: bot.log)
        await stopped(bot)
        assert await shown_left() == {gone}
        assert (await servers.of(here)).spoiler


async def test_another_number_of_shards_is_refused_in_a_sentence(
    town: Town, postgres_url: str
) -> None:
    await (await sharing(town, postgres_url)).says("serving shards 0, 1 of 2")
    other = await sharing(town, postgres_url, shards="2-3/4")

    assert await other.ended() == 1
    assert other.log[-1].startswith("Other processes serve 2 shards, and this one would serve 4:")


async def test_a_token_that_was_reset_is_told_in_a_sentence(town: Town, postgres_url: str) -> None:
    bot = await sharing(town, postgres_url)
    await bot.until(lambda: town.discord.gateway.connected() == BOTH)
    town.discord.gateway.ends_with = AUTHENTICATION_FAILED
    town.discord.gateway.break_off()

    assert await bot.ended() == 2
    assert bot.log[-1].startswith("Discord doesn't accept DISCORD_TOKEN")


async def test_on_sqlite_one_bot_serves_all_and_shares_nothing(town: Town, sqlite_url: str) -> None:
    town.discord.shards = 1
    bot = await sharing(town, sqlite_url)
    await bot.until(lambda: town.discord.gateway.connected() == [0])
    sharer = await sharing(town, sqlite_url, shards="0/2")

    assert town.discord.gateway.sessions[0].shard == (0, 1)
    await stopped(bot)
    assert await sharer.ended() == 1
    assert sharer.log[-1].endswith("sharing shards among processes needs PostgreSQL")


@pytest.mark.parametrize("shards", ["some", "8/8"])
async def test_shards_that_cannot_be_are_refused_at_once(town: Town, shards: str) -> None:
    bot = await town.start("--shards", shards)

    assert await bot.ended() == 2
    assert "Invalid value for --shards" in "\n".join(bot.log)


async def ends(error: Exception | None) -> None:
    if error is not None:
        raise error


@pytest.mark.parametrize("errors", [(None, OSError()), (OSError(), None)])
async def test_of_two_tasks_that_end_at_once_the_one_that_failed_is_heard(
    errors: tuple[Exception | None, Exception | None],
) -> None:
    tasks = [asyncio.create_task(ends(error)) for error in errors]
    await asyncio.wait(tasks)
    with pytest.raises(OSError):  # noqa: PT011 - it is the only one
        await until_one_ends(*tasks)
