"""What arrives of a spoiled file is what the scenario says, seen by a client that trusts nobody."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.playground.runcomfy_scenario import (
    Claims,
    Closes,
    CutsOff,
    Delays,
    Drips,
    Fault,
    FileHow,
    Hangs,
    NeverEnds,
    Scenario,
)
from bot.playground.runcomfy_server import MODEL_ID, RunComfyServer
from tests.clocks import FakeClock
from tests.patience import PATIENCE_S, RUNS_OUT_S
from tests.runcomfy.answers import file_of
from tests.runcomfy.stand_in import MP4, TinyVideos


class Files:
    """Fetches the file of a job that was scripted."""

    def __init__(self, *, server: RunComfyServer, session: ClientSession) -> None:
        self._server = server
        self._session = session

    async def file(self, how: FileHow) -> str:
        """Buy a job whose file goes wrong like this; where the file is."""
        self._server.will(Scenario(on_file=(Fault(how),)))
        async with self._session.post(
            f"/v1/models/{MODEL_ID}",
            json={"prompt": "a kite"},
            headers={"Authorization": f"Bearer {self._server.api_key}"},
        ) as response:
            request_id = (await response.json())["request_id"]
        return f"/files/acct/{request_id}/video.mp4"

    async def fetch(
        self, how: FileHow, *, at_most: int = 1024 * 1024, timeout_s: float = PATIENCE_S
    ) -> tuple[str | None, bytes]:
        """The announced length, and the bytes that came before it ended or broke."""
        received = b""
        async with self._session.get(
            await self.file(how), timeout=ClientTimeout(timeout_s)
        ) as response:
            length = response.headers.get("Content-Length")
            try:
                async for chunk in response.content.iter_any():
                    received += chunk
                    if len(received) > at_most:
                        break
            except (ClientError, TimeoutError):
                received += b" and then it broke"
        return length, received


@pytest.fixture
async def files(tmp_path: Path) -> AsyncGenerator[Files]:
    async with (
        RunComfyServer(clock=FakeClock(), videos=TinyVideos(tmp_path)) as server,
        ClientSession(server.url) as session,
    ):
        yield Files(server=server, session=session)


BROKEN = b" and then it broke"
WHOLE = str(len(MP4))


@pytest.mark.parametrize(
    ("how", "length", "bytes_"),
    [
        (Delays(0.01), WHOLE, MP4),
        (Drips(bytes_at_a_time=1_000, pause_s=0.001), WHOLE, MP4),
        (Drips(bytes_at_a_time=900, pause_s=0.001, bytes_at_first=2_000), WHOLE, MP4),
        (CutsOff(), WHOLE, MP4[: len(MP4) // 2] + BROKEN),
        (Claims(size_bytes=10_000_000), "10000000", MP4 + BROKEN),
        (file_of(b"<html>"), "6", b"<html>"),
    ],
)
async def test_a_file_arrives_as_scripted(
    files: Files, how: FileHow, length: str, bytes_: bytes
) -> None:
    assert await files.fetch(how) == (length, bytes_)


async def test_a_file_that_hangs_never_ends(files: Files) -> None:
    # Half of it comes at once; on a busy machine nothing may have come in time.
    length, received = await files.fetch(Hangs(), timeout_s=10 * RUNS_OUT_S)

    assert (length, received) == (WHOLE, MP4[: len(MP4) // 2] + BROKEN)


async def test_a_file_without_an_end_has_no_length_and_goes_on(files: Files) -> None:
    length, received = await files.fetch(NeverEnds(), at_most=5_000_000)

    assert length is None
    assert received.startswith(MP4)
    assert len(received) > 5_000_000


async def test_a_file_without_an_end_ends_with_the_server(tmp_path: Path) -> None:
    async with RunComfyServer(clock=FakeClock(), videos=TinyVideos(tmp_path)) as server:
        session = ClientSession(server.url)
        path = await Files(server=server, session=session).file(NeverEnds())
        response = await session.get(path)
        assert await response.content.readexactly(len(MP4)) == MP4

    with pytest.raises(ClientError):
        await response.read()
    await session.close()


async def test_a_file_may_not_come_at_all(files: Files) -> None:
    with pytest.raises(ClientError):
        await files.fetch(Closes())
