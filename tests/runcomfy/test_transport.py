"""What may have been sent is known for certain, and nothing is sent twice."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from aiohttp import ClientSession, TCPConnector
from pydantic import SecretStr
from yarl import URL

from bot.runcomfy.transport import Answer, ApiTransport, NoAnswer, NoConnection, Reply
from tests.patience import PATIENCE_S, RUNS_OUT_S
from tests.runcomfy.raw_server import answer, raw_server, silent_port
from tests.runcomfy.stand_in import CANARY_KEY

Method = Literal["GET", "POST"]
METHODS: list[Method] = ["GET", "POST"]


@asynccontextmanager
async def transport_to(
    url: str, *, connect_timeout_s: float = PATIENCE_S
) -> AsyncGenerator[ApiTransport]:
    async with (
        ClientSession() as reading,
        ClientSession(connector=TCPConnector(force_close=True)) as writing,
    ):
        yield ApiTransport(
            base_url=URL(url),
            api_key=SecretStr(CANARY_KEY),
            connect_timeout_s=connect_timeout_s,
            reading=reading,
            writing=writing,
        )


async def ask(
    url: str,
    method: Method = "GET",
    *,
    connect_timeout_s: float = PATIENCE_S,
    answer_timeout_s: float = PATIENCE_S,
) -> Reply:
    async with transport_to(url, connect_timeout_s=connect_timeout_s) as transport:
        return await transport.request(method, "/path", answer_timeout_s=answer_timeout_s)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("answered_before", [0, 1, 3])
async def test_a_connection_that_dies_under_a_call_is_unknown_and_nothing_is_sent_again(
    method: Method, answered_before: int
) -> None:
    async with (
        raw_server(*[answer()] * answered_before) as server,
        transport_to(server.url) as transport,
    ):
        for _ in range(answered_before):
            await transport.request("GET", "/before", answer_timeout_s=PATIENCE_S)
        reply = await transport.request(method, "/now", answer_timeout_s=PATIENCE_S)

    assert reply == NoAnswer("connection lost")
    assert server.request_lines.count(f"{method} /now HTTP/1.1") == 1


async def test_a_post_never_goes_over_a_connection_that_was_used_before() -> None:
    async with raw_server(*[answer()] * 4) as server, transport_to(server.url) as transport:
        for method in ("GET", "POST", "POST", "GET"):
            reply = await transport.request(method, "/x", answer_timeout_s=PATIENCE_S)
            assert reply == Answer(200, b"{}")

    assert [len(lines) for lines in server.requests] == [2, 1, 1]


@pytest.mark.parametrize("method", METHODS)
async def test_a_refused_connection_proves_that_nothing_was_sent(
    method: Method, unused_tcp_port: int
) -> None:
    reply = await ask(f"http://127.0.0.1:{unused_tcp_port}", method)

    assert isinstance(reply, NoConnection)


async def test_a_name_that_is_not_found_proves_that_nothing_was_sent() -> None:
    assert isinstance(await ask("http://nowhere.invalid", "POST"), NoConnection)


async def test_a_failed_tls_handshake_proves_that_nothing_was_sent() -> None:
    async with raw_server(answer(), greeting=b"220 no TLS here\r\n") as server:
        reply = await ask(server.url.replace("http:", "https:"), "POST")

    assert reply == NoConnection("no connection (ClientConnectorSSLError)")
    assert not server.request_lines


async def test_a_connection_that_takes_too_long_proves_that_nothing_was_sent() -> None:
    async with silent_port() as port:
        reply = await ask(f"https://127.0.0.1:{port}", "POST", connect_timeout_s=RUNS_OUT_S)

    assert reply == NoConnection("no connection (ConnectionTimeoutError)")


async def test_an_answer_that_takes_too_long_proves_nothing() -> None:
    async with silent_port() as port:
        reply = await ask(f"http://127.0.0.1:{port}", "POST", answer_timeout_s=RUNS_OUT_S)

    assert reply == NoAnswer("no answer in time")


async def test_what_is_no_http_proves_nothing() -> None:
    async with raw_server(b"SSH-2.0-OpenSSH_9.6\r\n") as server:
        reply = await ask(server.url, "POST")

    assert isinstance(reply, NoAnswer)


async def test_the_status_counts_even_where_the_body_is_cut_off() -> None:
    head = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{"
    async with raw_server(head) as server:
        assert await ask(server.url) == Answer(401, None)


async def test_a_body_that_does_not_end_in_time_is_given_up() -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{") as server:
        assert await ask(server.url, answer_timeout_s=10 * RUNS_OUT_S) == Answer(200, None)


async def test_of_a_quoted_picture_only_its_ends_are_kept_and_what_is_said_beside_it() -> None:
    """To read megabytes of JSON would hold up the event loop, and base64 says nothing."""
    picture = "data:image/jpeg;base64," + "A/b+" * 225 * 1024
    said = {"code": "input_refused", "input": [picture, "a word"]}
    async with raw_server(answer(json.dumps(said).encode())) as server:
        reply = await ask(server.url)

    assert isinstance(reply, Answer)
    assert reply.body is not None
    assert len(reply.body) < len(picture)
    kept = json.loads(reply.body)
    assert (kept["code"], kept["input"][1]) == ("input_refused", "a word")
    assert kept["input"][0].startswith("data:image/jpeg;base64,A")


async def test_a_body_over_the_limit_is_not_read_to_its_end() -> None:
    async with raw_server(answer(b"x" * (1024 * 1024 + 1))) as server:
        assert await ask(server.url) == Answer(200, None)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Again", "308 Always"])
@pytest.mark.parametrize("method", METHODS)
async def test_redirects_are_not_followed(method: Method, status: str) -> None:
    async with raw_server(answer(headers="Location: /else\r\n", status=status)) as server:
        reply = await ask(server.url, method)

    assert isinstance(reply, Answer)
    assert server.request_lines == [f"{method} /path HTTP/1.1"]


DATE = "Date: Wed, 21 Oct 2026 07:28:00 GMT\r\n"


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ("", None),
        ("Retry-After: 12\r\n", 12.0),
        ("Retry-After: 0.5\r\n", 0.5),
        ("Retry-After: 86400\r\n", 3_600.0),
        ("Retry-After: -1\r\n", None),
        ("Retry-After: nan\r\n", None),
        ("Retry-After: inf\r\n", None),
        (f"{DATE}Retry-After: Wed, 21 Oct 2026 07:28:30 GMT\r\n", 30.0),
        (f"{DATE}Retry-After: Wed, 21 Oct 2026 07:27:30 GMT\r\n", 0.0),
        (f"{DATE}Retry-After: Wed, 21 Oct 2037 07:27:30 GMT\r\n", 3_600.0),
        (f"{DATE}Retry-After: Wed, 21 Oct 2026 07:28:30 -0000\r\n", None),
        (f"{DATE}Retry-After: Wed, 99 Oct 2026 07:28:30 GMT\r\n", None),
        ("Retry-After: Wed, 21 Oct 2026 07:28:30 GMT\r\n", None),
    ],
)
async def test_retry_after_is_read_from_seconds_and_from_dates(
    headers: str, wait_s: float | None
) -> None:
    async with raw_server(answer(headers=headers, status="429 Busy")) as server:
        assert await ask(server.url) == Answer(429, b"{}", wait_s)


async def test_an_address_with_a_path_keeps_it() -> None:
    async with raw_server(answer()) as server:
        await ask(f"{server.url}/base/")

    assert server.request_lines == ["GET /base/path HTTP/1.1"]
