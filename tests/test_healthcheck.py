"""The healthcheck of a container, asked as the engine asks it: a process and its exit status."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.healthcheck import why_not_ready

ROOT = Path(__file__).parents[1]
NOBODY = "127.0.0.1:9"


@asynccontextmanager
async def metrics_at(host: str, status: int) -> AsyncGenerator[str]:
    """A METRICS_ADDR where `/readyz` is answered like this, and nothing else is there."""

    async def readyz(request: web.Request) -> web.Response:
        assert request.headers["Host"].startswith("127.0.0.1")
        return web.json_response({"database": "not writable"}, status=status)

    app = web.Application()
    app.add_routes([web.get("/readyz", readyz)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, 0).start()
    try:
        yield f"{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def healthcheck(address: str) -> tuple[int | None, str]:
    """Its exit status, and what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.healthcheck"),
        cwd=ROOT,
        env={**os.environ, "METRICS_ADDR": address},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode().strip()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - in a test
async def test_a_ready_bot_is_healthy_wherever_it_listens(host: str) -> None:
    async with metrics_at(host, 200) as address:
        assert await healthcheck(address) == (0, "ready")


async def test_a_bot_that_is_not_ready_says_why() -> None:
    async with metrics_at("127.0.0.1", 503) as address:
        status, said = await healthcheck(address)

    assert status == 1
    assert said == 'not ready (HTTP 503): {"database": "not writable"}'


async def test_a_bot_that_does_not_answer_is_not_healthy() -> None:
    assert await healthcheck(NOBODY) == (
        1,
        f"no answer at {NOBODY}: ConnectionRefusedError",
    )


@pytest.mark.parametrize("address", ["", "127.0.0.1", "127.0.0.1:http"])
def test_without_an_address_it_says_what_is_missing(address: str) -> None:
    problem = why_not_ready({"METRICS_ADDR": address})

    assert problem == "METRICS_ADDR must say where the bot answers, such as 127.0.0.1:9464"


def test_an_ipv6_address_is_taken_with_its_brackets() -> None:
    assert why_not_ready({"METRICS_ADDR": "[::1]:9"}) == (
        "no answer at [::1]:9: ConnectionRefusedError"
    )
