"""Whether a key is taken is asked for free, and silence is not taken for an answer."""

from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.denied import Denied
from bot.domain.money.keys import KeyRefusal, KeyTaken
from bot.playground.runcomfy_server import RunComfyServer
from bot.runcomfy.key_check import KeyCheck
from tests.clocks import FakeClock
from tests.runcomfy.raw_server import answer, raw_server
from tests.runcomfy.stand_in import CANARY_KEY, PATIENT, served


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[RunComfyServer]:
    async with served(tmp_path, FakeClock()) as opened:
        yield opened


def check_at(url: str) -> KeyCheck:
    return KeyCheck(api_url=url, account_url=url, timeouts=PATIENT, proxy_url=None)


async def test_a_key_that_is_known_is_taken_and_its_balance_told(server: RunComfyServer) -> None:
    server.other_keys["canary-of-a-server"] = "kite club"
    server.grant_usd = Decimal("12.5")
    check = check_at(server.url)
    assert await check(SecretStr("canary-of-a-server")) == KeyTaken(12_500_000)
    assert await check.left_microusd(SecretStr(CANARY_KEY)) == 12_500_000
    assert await check.left_microusd(SecretStr("another-key")) is None
    assert server.posts == []


async def test_a_key_that_nobody_knows_is_refused(server: RunComfyServer) -> None:
    assert await check_at(server.url)(SecretStr("another-key")) == Denied(KeyRefusal.REFUSED)


async def test_a_model_that_is_gone_is_not_the_keys_fault(server: RunComfyServer) -> None:
    server.catalogue.models.clear()
    assert isinstance(await check_at(server.url)(SecretStr(CANARY_KEY)), KeyTaken)


async def test_without_an_answer_nothing_is_known_about_the_key() -> None:
    async with raw_server(answer(status="503 Busy")) as raw:
        assert await check_at(raw.url)(SecretStr(CANARY_KEY)) == Denied(KeyRefusal.SILENT)


async def test_what_is_left_is_only_told_where_it_can_be_known() -> None:
    async with raw_server(answer(), answer(status="503 Busy")) as raw:
        assert await check_at(raw.url)(SecretStr(CANARY_KEY)) == KeyTaken(None)


async def test_a_balance_that_the_key_may_not_see_is_a_refusal() -> None:
    refusal = answer(b'{"error_code": 400004}', status="401 Unauthorized")
    async with raw_server(answer(), refusal) as raw:
        assert await check_at(raw.url)(SecretStr(CANARY_KEY)) == Denied(KeyRefusal.REFUSED)


async def test_a_page_of_a_firewall_says_nothing_of_the_key() -> None:
    async with raw_server(answer(b"<html>", status="403 Forbidden")) as raw:
        assert await check_at(raw.url)(SecretStr(CANARY_KEY)) == Denied(KeyRefusal.SILENT)
