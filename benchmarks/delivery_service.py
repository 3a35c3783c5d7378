"""`python -m benchmarks.delivery_service`: a RunComfy that is done at once, and a patient Discord.

It says its address first, and for every line on its standard input, a request's id, the seconds
from the answer "completed" to the end of the upload.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from aiohttp import web

from bot.playground.videos import Clip, VideoLibrary
from tests.live import objects

HOST: Final = "127.0.0.1"
CHUNK: Final = bytes(256 * 1024)
CLIP: Final = Clip(aspect="16:9", duration_s=3, sound=True)
"""A video that plays: the bot looks at each before it attaches it."""


class Service:
    """Both services, so that one clock sees the beginning and the end."""

    def __init__(self, *, video: bytes) -> None:
        self._video = video
        self.completed_at: dict[str, float] = {}
        self.uploaded_at: dict[str, float] = {}
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer whatever the bot asks while it delivers."""
        match request.path.strip("/").split("/"):
            case ["v1", "requests", request_id, "status"]:
                self.completed_at.setdefault(request_id, time.monotonic())
                return _json({"request_id": request_id, "status": "completed"})
            case ["v1", "requests", request_id, "result"]:
                output = {"video": f"{self.url}/files/{request_id}/video.mp4"}
                answer = {"request_id": request_id, "status": "succeeded", "output": output}
                return _json(answer)
            case ["files", request_id, _]:
                return await _file(request, self._video, int(request_id.partition("-")[0]))
            case ["api", "v10", "users", "@me"]:
                return _json(objects.BOT)
            case ["api", "v10", "oauth2", "applications", "@me"]:
                return _json(objects.APPLICATION)
            case ["api", "v10", "channels", channel_id, *_]:
                return await self._message(request, channel_id)
            case _:
                return web.Response(status=404)

    async def _message(self, request: web.BaseRequest, channel_id: str) -> web.StreamResponse:
        size_bytes = 0
        async for chunk in request.content.iter_any():
            size_bytes += len(chunk)
        # The only job under way is the one whose rendering was seen last.
        request_id = list(self.completed_at)[-1]
        if size_bytes > int(request_id.partition("-")[0]):
            self.uploaded_at[request_id] = time.monotonic()
        return _json(objects.message({}, channel_id))

    def took_s(self, request_id: str) -> float:
        """From the service's word to the upload's last byte."""
        return self.uploaded_at[request_id] - self.completed_at[request_id]


async def _file(request: web.BaseRequest, video: bytes, size_bytes: int) -> web.StreamResponse:
    """The video, filled up to its size by a box that players pass over."""
    response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
    response.content_length = size_bytes
    await response.prepare(request)
    left = size_bytes - len(video)
    await response.write(video)
    await response.write(left.to_bytes(4) + b"free")
    left -= 8
    while left > 0:
        await response.write(CHUNK[:left])
        left -= len(CHUNK)
    return response


def _json(body: Mapping[str, Any]) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), content_type="application/json")


async def main() -> None:
    """Serve until the standard input ends."""
    with TemporaryDirectory() as folder:
        video = await VideoLibrary(folder=Path(folder)).video(CLIP)
        service = Service(video=await asyncio.to_thread(video.read_bytes))
    server = web.Server(service.handle, access_log=None)
    listening = await asyncio.get_running_loop().create_server(server, HOST, 0)
    service.url = f"http://{HOST}:{listening.sockets[0].getsockname()[1]}"
    print(service.url, flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(service.took_s(line.strip()), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
