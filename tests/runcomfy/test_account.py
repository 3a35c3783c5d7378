"""The account is asked for free: what is left on it, and what the model costs by the catalogue."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import JsonValue, SecretStr

from bot.domain.generation.models import USUAL
from bot.domain.outcomes import Unanswered
from bot.playground.runcomfy_server import RunComfyServer
from bot.runcomfy.account import (
    AccountBalance,
    KeyRefused,
    ListedModel,
    ModelMissing,
    RunComfyAccount,
    connect_account,
    read_balance_microusd,
    read_model,
)
from tests.clocks import FakeClock
from tests.runcomfy.raw_server import answer, raw_server
from tests.runcomfy.stand_in import CANARY_KEY, PATIENT, served


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[RunComfyServer]:
    async with served(tmp_path, FakeClock()) as opened:
        yield opened


@asynccontextmanager
async def asked_at(url: str, *, key: str = CANARY_KEY) -> AsyncGenerator[RunComfyAccount]:
    async with connect_account(
        api_url=url,
        account_url=url,
        api_key=SecretStr(key),
        timeouts=PATIENT,
        proxy_url=None,
    ) as account:
        yield account


async def test_the_balance_and_the_price_are_told_to_the_micro_dollar(
    server: RunComfyServer,
) -> None:
    server.grant_usd = Decimal("12.345678")
    async with asked_at(server.url) as account:
        assert await account.balance() == AccountBalance(12_345_678)
        assert await account.model() == ListedModel(
            112_000, 168_000, frozenset(USUAL.names.values()), frozenset({"prompt"})
        )

    assert server.posts == []


async def test_a_key_that_is_not_known_is_told_apart_from_silence(server: RunComfyServer) -> None:
    async with asked_at(server.url, key="another-key") as account:
        assert await account.balance() == KeyRefused()
        assert await account.model() == KeyRefused()


async def test_a_model_that_left_the_catalogue_is_missing(server: RunComfyServer) -> None:
    server.catalogue.models.clear()
    async with asked_at(server.url) as account:
        assert await account.model() == ModelMissing()


@pytest.mark.parametrize(
    ("status", "body", "what_happened"),
    [
        ("503 Service Unavailable", b"<html>", "HTTP 503"),
        ("429 Too Many Requests", b"{}", "HTTP 429"),
        ("200 OK", b"not json", "HTTP 200 without an answer in it"),
        ("302 Found", b"{}", "HTTP 302 without an answer in it"),
        ("422 Unprocessable", b'{"detail": "no"}', "input refused"),
        ("401 Unauthorized", b'{"message": "Unauthorized"}', "HTTP 401"),
        ("402 Payment Required", b"<html>", "HTTP 402"),
        ("403 Forbidden", b"<html>", "HTTP 403"),
        ("404 Not Found", b"<html>", "HTTP 404"),
    ],
)
async def test_whatever_else_it_says_is_no_answer(
    status: str, body: bytes, what_happened: str
) -> None:
    async with raw_server(*[answer(body, status=status)] * 2) as raw, asked_at(raw.url) as account:
        for said in (await account.balance(), await account.model()):
            assert isinstance(said, Unanswered)
            assert said.what_happened == what_happened


async def test_a_service_that_is_not_there_is_said_to_be_so(server: RunComfyServer) -> None:
    async with asked_at("http://127.0.0.1:9") as account:
        said = await account.balance()
    assert isinstance(said, Unanswered)
    assert "no connection" in said.what_happened
    assert server.posts == []


async def test_a_key_that_would_travel_in_the_clear_is_not_sent() -> None:
    with pytest.raises(ValueError, match="the key would travel in the clear"):
        async with asked_at("http://api.runcomfy.net"):
            pytest.fail("it connected")


@pytest.mark.parametrize(
    ("fields", "microusd"),
    [
        ({"balance_usd": 5, "balance_microdollars": 5_000_001}, 5_000_001),
        ({"balance_usd": "0.84"}, 840_000),
        ({"balance_usd": -0.5}, -500_000),
        ({"balance_usd": 25_000.25, "balance_microdollars": None}, 25_000_250_000),
        ({"balance_usd": "1e999999"}, None),
        ({"balance_usd": True}, None),
        ({}, None),
    ],
)
def test_a_balance_is_read_however_it_is_given(
    fields: dict[str, JsonValue], microusd: int | None
) -> None:
    assert read_balance_microusd(fields) == microusd


@pytest.mark.parametrize("unit", ["second", "per second", "seconds", "per_second", "/s", "SEC"])
def test_a_price_by_the_second_is_understood_in_many_words(unit: str) -> None:
    fields: dict[str, JsonValue] = {"base_price_usd": 0.112, "price_unit": unit}
    assert read_model(fields) == ListedModel(112_000, None)


@pytest.mark.parametrize("unit", ["video", "minute", "", None, 1])
def test_a_price_by_anything_else_is_not_taken_for_one_by_the_second(unit: JsonValue) -> None:
    assert read_model({"base_price_usd": 0.112, "price_unit": unit}) == ListedModel(None, None)


@pytest.mark.parametrize(
    ("note", "microusd"),
    [
        ("$0.168 per second with sound", 168_000),
        ("$0.112/s silent, $0.168/s with audio", 168_000),
        ("$ 0.2 with sound", 200_000),
        ("with sound: ask us", None),
        ("$0.56 for a video of five seconds", None),
        (["$0.168 per second with sound"], None),
    ],
)
def test_the_price_of_sound_is_read_from_the_note_or_left_open(
    note: JsonValue, microusd: int | None
) -> None:
    assert read_model({"pricing_note": note}) == ListedModel(None, microusd)
