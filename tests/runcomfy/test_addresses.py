"""Each endpoint is asked for by its documented address, whatever the id."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr
from yarl import URL

from bot.domain.outcomes import Unanswered
from bot.runcomfy.provider import RunComfyProvider
from bot.runcomfy.transport import ApiTransport
from tests.patience import PATIENCE_S, RUNS_OUT_S
from tests.runcomfy.raw_server import RawServer, answer, raw_server, silent_port
from tests.runcomfy.stand_in import CANARY_KEY, KITE


@asynccontextmanager
async def provider_to(
    url: str, *, answer_timeout_s: float = PATIENCE_S
) -> AsyncGenerator[RunComfyProvider]:
    async with ClientSession() as session:
        transport = ApiTransport(
            base_url=URL(url),
            api_key=SecretStr(CANARY_KEY),
            connect_timeout_s=PATIENCE_S,
            reading=session,
            writing=session,
        )
        yield RunComfyProvider(
            transport=transport,
            answer_timeout_s=answer_timeout_s,
            purchase_timeout_s=PATIENCE_S,
        )


@pytest.fixture
async def raw() -> AsyncGenerator[RawServer]:
    async with raw_server(*[answer(headers="Connection: close\r\n")] * 6) as server:
        yield server


async def test_every_endpoint_has_its_documented_address(raw: RawServer) -> None:
    async with provider_to(raw.url) as provider:
        await provider.submit(KITE)
        await provider.look("8f14")
        await provider.cancel("8f14")

    looked = [
        "GET /v1/requests/8f14/status HTTP/1.1",
        "GET /v1/requests/8f14/result?include_cost=true HTTP/1.1",
    ]
    assert raw.request_lines == [
        "POST /v1/models/kling/kling-3.0/pro/text-to-video HTTP/1.1",
        *looked,
        "POST /v1/requests/8f14/cancel HTTP/1.1",
        *looked,
    ]


@pytest.mark.parametrize(
    ("request_id", "in_the_path"),
    [("a/b", "a%2Fb"), ("a?b#c", "a%3Fb%23c"), ("%2e", "%252e"), ("\u00fc b", "%C3%BC%20b")],
)
async def test_an_id_stays_one_part_of_the_path(
    raw: RawServer, request_id: str, in_the_path: str
) -> None:
    async with provider_to(raw.url) as provider:
        await provider.look(request_id)

    assert raw.request_lines == [
        f"GET /v1/requests/{in_the_path}/status HTTP/1.1",
        f"GET /v1/requests/{in_the_path}/result?include_cost=true HTTP/1.1",
    ]


async def test_a_purchase_is_waited_for_longer_than_a_question() -> None:
    async with (
        silent_port() as port,
        provider_to(f"http://127.0.0.1:{port}", answer_timeout_s=RUNS_OUT_S) as provider,
    ):
        buying = asyncio.create_task(provider.submit(KITE))
        assert await provider.look("8f14") == Unanswered("no answer in time")
        assert not buying.done()
        buying.cancel()
        await asyncio.wait({buying})
