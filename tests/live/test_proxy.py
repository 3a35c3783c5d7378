"""A bot whose only way out is a proxy: nothing goes past it, and its password goes nowhere."""

import json
from collections.abc import AsyncGenerator

import pytest
from yarl import URL

from bot.playground.runcomfy_scenario import Scenario
from tests.live.bot_process import Town
from tests.live.proxy_server import PASSWORD, ProxyServer

# Names and addresses that lead nowhere on this machine.
DISCORD = "discord.invalid:80"
RUNCOMFY = "127.77.77.77:9"


@pytest.fixture
async def proxy(town: Town) -> AsyncGenerator[ProxyServer]:
    discord, runcomfy = URL(town.discord.url).port, URL(town.runcomfy.url).port
    assert discord is not None
    assert runcomfy is not None
    places = {DISCORD: discord, RUNCOMFY: runcomfy}
    # Where Discord's gateway and the finished files are said to be.
    places |= {
        f"{host}:{port}": port
        for host in ("127.0.0.1", "localhost")
        for port in (discord, runcomfy)
    }
    async with ProxyServer(places) as opened:
        yield opened


def through(proxy: ProxyServer, **changes: str) -> dict[str, str]:
    return {
        "PROXY_URL": proxy.url(),
        "LOOPBACK_DISCORD": f"http://{DISCORD}",
        "RUNCOMFY_API_URL": f"http://{RUNCOMFY}",
        "RUNCOMFY_ACCOUNT_URL": f"http://{RUNCOMFY}",
        **changes,
    }


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_video_is_bought_and_delivered_through_it(
    town: Town, proxy: ProxyServer, scheme: str
) -> None:
    town.runcomfy.default = Scenario(queue_s=0, rendering_s=0)
    bot = await town.joined(**through(proxy, PROXY_URL=proxy.url(scheme)))
    interaction = await town.discord.slash("kling", prompt="a red kite", duration=3)
    await bot.until(lambda: town.discord.card(interaction).get("attachments"))

    assert len(town.runcomfy.posts) == 1
    assert {DISCORD, RUNCOMFY} <= set(proxy.asked)
    files = f"{town.runcomfy.file_host}:{URL(town.runcomfy.url).port}"
    assert files in proxy.asked
    assert not [line for line in bot.log if PASSWORD in line]


async def test_check_goes_through_it_too(town: Town, proxy: ProxyServer) -> None:
    settings = through(proxy, TOTAL_LIMIT="5 USD/day", HTTPS_PROXY="http://other:1")
    check = await town.command("check", "--min-free-mib", "1", **settings)

    assert await check.ended() == 0, check.out
    assert "✔ proxy              PROXY_URL is set: all goes through it" in check.out
    assert {DISCORD, RUNCOMFY} <= set(proxy.asked)
    assert not [line for line in (*check.out, *check.log) if PASSWORD in line]


async def test_a_proxy_that_refuses_is_told_without_its_password_and_nothing_is_bought(
    town: Town, proxy: ProxyServer
) -> None:
    wrong = proxy.url().replace("canary-user", "another-user")
    check = await town.command("check", "--json", **through(proxy, PROXY_URL=wrong))

    assert await check.ended() == 1
    said = {one["name"]: one for one in json.loads("\n".join(check.out))["checks"]}
    assert said["Discord token"]["says"].startswith("Discord can't be reached (ClientConnector")
    assert said["RunComfy key"]["outcome"] == "failed"
    assert proxy.refused
    bot = await town.start(**through(proxy, PROXY_URL=wrong))
    await bot.says("Discord can't be reached")
    assert not [line for line in (*check.out, *check.log, *bot.log) if PASSWORD in line]


async def test_a_proxy_of_the_environment_that_is_not_used_is_told(town: Town) -> None:
    unused = "HTTPS_PROXY is set, but the bot doesn't use it: to go through that proxy"
    check = await town.command("check", HTTPS_PROXY="http://proxy.invalid:1")
    await check.ended()
    assert any(line.startswith("⚠ proxy ") and unused in line for line in check.out)
    bot = await town.joined(https_proxy="http://proxy.invalid:1")
    await bot.says(unused)
