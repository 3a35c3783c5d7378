"""Connecting checks the address and the key, and keeps the key where it belongs."""

import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.outcomes import StillQueued, SubmitAccepted, Succeeded, Unanswered
from bot.playground.runcomfy_scenario import (
    Answers,
    Closes,
    Ending,
    Fault,
    Hangs,
    Scenario,
    malformed,
    unavailable,
)
from bot.runcomfy import connect_runcomfy
from tests.runcomfy.answers import redirect
from tests.runcomfy.raw_server import answer, raw_server
from tests.runcomfy.stand_in import CANARY_KEY, KITE, Service, connected


@pytest.mark.parametrize(
    "url",
    [
        "http://model-api.runcomfy.net",
        "http://127.0.0.1.runcomfy.net",
        "ftp://model-api.runcomfy.net",
        "model-api.runcomfy.net",
        "https://",
        "https://me:word@model-api.runcomfy.net",
        "https://model-api.runcomfy.net?x=1",
        "https://model-api.runcomfy.net#x",
        "https://[::1",
        "",
    ],
)
async def test_an_address_that_would_carry_the_key_in_the_clear_is_refused(url: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - each has its own sentence
        async with connected(url):
            pass

    assert CANARY_KEY not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    ["https://model-api.runcomfy.net", "http://127.0.0.1:8188/base/", "http://localhost:8188"],
)
async def test_https_and_this_machine_are_fine(url: str) -> None:
    async with connected(url) as runcomfy:
        assert runcomfy.provider


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "kl\u00fcssel", "tab\t"])
async def test_a_key_that_no_header_can_carry_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="the API key is empty or holds") as refusal:
        async with connected("https://model-api.runcomfy.net", key=key):
            pass

    assert not key or key not in str(refusal.value)


async def test_the_usual_patience_is_enough(service: Service) -> None:
    async with connect_runcomfy(
        api_url=service.server.url,
        api_key=SecretStr(CANARY_KEY),
        file_hosts=[service.server.file_host],
        max_download_bytes=1_000,
        proxy_url=None,
    ) as runcomfy:
        await runcomfy.provider.submit(KITE)

    assert len(service.server.jobs) == 1


async def test_a_purchase_never_goes_over_a_connection_that_polls_used_before() -> None:
    async with raw_server(*[answer()] * 4) as server, connected(server.url) as runcomfy:
        await runcomfy.provider.look("8f14")
        await runcomfy.provider.submit(KITE)
        await runcomfy.provider.submit(KITE)

    assert [len(lines) for lines in server.requests] == [2, 1, 1]


async def test_files_are_fetched_without_key_and_cookies(service: Service, tmp_path: Path) -> None:
    # By a name: cookies of mere addresses are not kept by anybody.
    at = service.server.url.replace("127.0.0.1", "localhost")
    cookie = Fault(Answers(503, "later", {"Set-Cookie": "session=abc"}), times=1)
    request_id = await service.finished(Scenario(files_at=at, on_file=(cookie,)))
    done = await service.provider.look(request_id)
    assert isinstance(done, Succeeded)

    async with connected(service.server.url, file_hosts=["localhost"]) as runcomfy:
        for _ in range(2):
            await runcomfy.media_source.fetch(done.media[0], tmp_path / "kite.mp4")

    assert len(service.server.file_requests) == 2
    for asked in service.server.file_requests:
        assert not {"Authorization", "Cookie"} & set(asked.headers)
        assert CANARY_KEY not in str(asked)


async def test_the_key_is_never_logged_whatever_goes_wrong(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = Answers(500, {"error": f"bad key {CANARY_KEY}", "input": KITE.prompt})
    async with service.hurried() as hurried:
        for how in (echo, unavailable(), malformed(), Hangs(), Closes(), redirect("/elsewhere")):
            fault = Fault(how)
            service.server.will(Scenario(on_submit=(fault,)))
            await hurried.provider.submit(KITE)
            scenario = Scenario(
                ending=Ending.FAILS,
                error=f"{CANARY_KEY} {KITE.prompt}",
                on_status=(Fault(how, times=1),),
                on_cancel=(fault,),
            )
            request_id = await service.finished(scenario)
            await hurried.provider.look(request_id)
            await hurried.provider.look(request_id)
            await hurried.provider.cancel(request_id)
            good = await service.provider.look(await service.finished(Scenario(on_file=(fault,))))
            assert isinstance(good, Succeeded)
            await hurried.media_source.fetch(good.media[0], tmp_path / "kite.mp4")

    ours = [record for record in caplog.records if record.name.startswith("bot.runcomfy")]
    assert len(ours) > 30
    assert CANARY_KEY not in caplog.text
    assert KITE.prompt not in caplog.text


async def test_another_key_buys_and_looks_over_the_same_connections_for_itself_alone(
    service: Service,
) -> None:
    service.server.other_keys["canary-of-a-server"] = "kite club"
    async with connected(service.server.url) as runcomfy:
        theirs = runcomfy.with_key(SecretStr("canary-of-a-server"))
        bought = [await theirs.submit(KITE), await runcomfy.provider.submit(KITE)]
        assert all(isinstance(outcome, SubmitAccepted) for outcome in bought)
        with pytest.raises(ValueError, match="the API key is empty or holds"):
            runcomfy.with_key(SecretStr("no key"))
        first, second = service.server.jobs
        assert isinstance(await theirs.look(first), StillQueued)
        # Another account's request is no verdict, and says nothing about the key.
        assert await theirs.look(second) == Unanswered("HTTP 403 (forbidden)")

    assert [post.key for post in service.server.posts] == ["canary-of-a-server", CANARY_KEY]
