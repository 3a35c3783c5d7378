"""What the adapter's tests share: small files, a served stand-in, and a connection to it."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from bot.domain.generation.request import GenerationRequest
from bot.domain.outcomes import SubmitAccepted
from bot.domain.ports import Clock
from bot.playground.runcomfy_scenario import Scenario
from bot.playground.runcomfy_server import RunComfyServer
from bot.playground.videos import Clip
from bot.runcomfy import ApiTimeouts, DownloadPace, RunComfy, connect_runcomfy
from tests.clocks import FakeClock
from tests.patience import PATIENCE_S, RUNS_OUT_S

CANARY_KEY = "canary-key-5e1f0b"
KITE = GenerationRequest(prompt="a red kite over the sea")
MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 16
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
PATIENT = ApiTimeouts(connect_s=PATIENCE_S, answer_s=PATIENCE_S, purchase_s=PATIENCE_S)
PATIENT_PACE = DownloadPace(
    idle_timeout_s=PATIENCE_S, total_timeout_s=PATIENCE_S, min_bytes_per_s=1
)
HASTY = ApiTimeouts(connect_s=PATIENCE_S, answer_s=RUNS_OUT_S, purchase_s=RUNS_OUT_S)
HASTY_PACE = DownloadPace(idle_timeout_s=RUNS_OUT_S, total_timeout_s=PATIENCE_S, min_bytes_per_s=1)


class TinyVideos:
    """Files that begin as they should and are small: what the adapter looks at."""

    def __init__(self, folder: Path) -> None:
        self._video = folder / "tiny.mp4"
        self._video.write_bytes(MP4)
        self._image = folder / "tiny.png"
        self._image.write_bytes(PNG)
        self.asked: list[Clip] = []

    async def video(self, clip: Clip) -> Path:
        self.asked.append(clip)
        return self._video

    async def image(self, aspect: str) -> Path:
        assert aspect
        return self._image


class Service:
    """A connected provider on one side, the stand-in on the other, and the time between them."""

    def __init__(self, *, server: RunComfyServer, runcomfy: RunComfy, clock: FakeClock) -> None:
        self.server = server
        self.provider = runcomfy.provider
        self.media_source = runcomfy.media_source
        self.clock = clock

    @asynccontextmanager
    async def hurried(self) -> AsyncGenerator[RunComfy]:
        """The same service, for one who waits no longer than a moment for any answer."""
        async with connected(self.server.url, timeouts=HASTY, pace=HASTY_PACE) as runcomfy:
            yield runcomfy

    def pass_time(self, seconds: float) -> None:
        """Let the stand-in's time pass."""
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    async def bought(self, scenario: Scenario | None = None) -> str:
        """Buy one generation and keep its request id."""
        self.server.will(scenario or Scenario())
        outcome = await self.provider.submit(KITE)
        assert isinstance(outcome, SubmitAccepted)
        return outcome.request_id

    async def finished(self, scenario: Scenario | None = None) -> str:
        """Buy one generation and let it run to its end."""
        request_id = await self.bought(scenario)
        self.pass_time(60)
        return request_id


@asynccontextmanager
async def connected(
    url: str,
    *,
    key: str = CANARY_KEY,
    file_hosts: Sequence[str] = ("127.0.0.1",),
    max_download_bytes: int = 1024 * 1024,
    timeouts: ApiTimeouts = PATIENT,
    pace: DownloadPace = PATIENT_PACE,
    file_resolver: AbstractResolver | None = None,
) -> AsyncGenerator[RunComfy]:
    """Connect to an address as the application does, but with the patience of tests."""
    async with connect_runcomfy(
        api_url=url,
        api_key=SecretStr(key),
        file_hosts=file_hosts,
        max_download_bytes=max_download_bytes,
        timeouts=timeouts,
        pace=pace,
        file_resolver=file_resolver,
        proxy_url=None,
    ) as runcomfy:
        yield runcomfy


@asynccontextmanager
async def served(folder: Path, clock: Clock) -> AsyncGenerator[RunComfyServer]:
    """The stand-in with tiny files and the canary for its key."""
    videos = TinyVideos(folder)
    async with RunComfyServer(clock=clock, videos=videos, api_key=CANARY_KEY) as server:
        yield server


def left_in(folder: Path) -> dict[str, bytes | None]:
    """What lies in a folder: the content of each file, None for a folder."""
    return {path.name: path.read_bytes() if path.is_file() else None for path in folder.iterdir()}
