"""Each endpoint is asked for by its documented address, whatever the id."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr
from yarl import URL

from bot.runcomfy.client import RunComfyClient
from bot.runcomfy.transport import Answer, ApiTransport, NoAnswer
from bot.runcomfy.wire import Submission
from tests.patience import PATIENCE_S, RUNS_OUT_S
from tests.runcomfy.raw_server import RawServer, answer, raw_server, silent_port
from tests.runcomfy.stand_in import CANARY_KEY, KITE


@asynccontextmanager
async def client_to(
    url: str, *, answer_timeout_s: float = PATIENCE_S
) -> AsyncGenerator[RunComfyClient]:
    async with ClientSession() as session:
        transport = ApiTransport(
            base_url=URL(url),
            api_key=SecretStr(CANARY_KEY),
            connect_timeout_s=PATIENCE_S,
            reading=session,
            writing=session,
        )
        yield RunComfyClient(
            transport=transport,
            answer_timeout_s=answer_timeout_s,
            purchase_timeout_s=PATIENCE_S,
        )


@pytest.fixture
async def raw() -> AsyncGenerator[RawServer]:
    async with raw_server(*[answer(headers="Connection: close\r\n")] * 4) as server:
        yield server


async def test_every_endpoint_has_its_documented_address(raw: RawServer) -> None:
    async with client_to(raw.url) as client:
        replies = [
            await client.submit(Submission.of(KITE)),
            await client.status("8f14"),
            await client.result("8f14"),
            await client.cancel("8f14"),
        ]

    assert replies == [Answer(200, b"{}")] * 4
    assert raw.request_lines == [
        "POST /v1/models/kling/kling-3.0/pro/text-to-video HTTP/1.1",
        "GET /v1/requests/8f14/status HTTP/1.1",
        "GET /v1/requests/8f14/result?include_cost=true HTTP/1.1",
        "POST /v1/requests/8f14/cancel HTTP/1.1",
    ]


@pytest.mark.parametrize(
    ("request_id", "in_the_path"),
    [("a/b", "a%2Fb"), ("a?b#c", "a%3Fb%23c"), ("%2e", "%252e"), ("\u00fc b", "%C3%BC%20b")],
)
async def test_an_id_stays_one_part_of_the_path(
    raw: RawServer, request_id: str, in_the_path: str
) -> None:
    async with client_to(raw.url) as client:
        await client.status(request_id)

    assert raw.request_lines == [f"GET /v1/requests/{in_the_path}/status HTTP/1.1"]


async def test_a_purchase_is_waited_for_longer_than_a_question() -> None:
    async with (
        silent_port() as port,
        client_to(f"http://127.0.0.1:{port}", answer_timeout_s=RUNS_OUT_S) as client,
    ):
        buying = asyncio.create_task(client.submit(Submission.of(KITE)))
        assert await client.status("8f14") == NoAnswer("no answer in time")
        assert not buying.done()
        buying.cancel()
        await asyncio.wait({buying})
