"""`python -m benchmarks.delivery_service`: a RunComfy that is done at once, and a patient Discord.

It says its address first. For every line on its standard input, a request's id, it waits for the
end of the upload and says how many seconds that came after "completed", and how often it was polled
until then. A second word on the line says in how many seconds the request is to be done; then it
says nothing.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from aiohttp import web

from benchmarks.seeding import channel_number, number_of
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
        self.polls = Counter[str]()
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer whatever the bot asks while it delivers."""
        match request.path.strip("/").split("/"):
            case ["v1", "requests", request_id, "status"]:
                now = time.monotonic()
                self.polls[request_id] += 1
                is_done = now >= self.completed_at.setdefault(request_id, now)
                status = "completed" if is_done else "in_progress"
                return _json({"request_id": request_id, "status": status})
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
        # Each job has a channel of its own.
        number = channel_number(int(channel_id))
        for request_id in self.completed_at:
            is_of_it = number_of(request_id) == number
            if is_of_it and size_bytes > int(request_id.partition("-")[0]):
                self.uploaded_at[request_id] = time.monotonic()
        return _json(objects.message({}, channel_id))

    async def took(self, request_id: str) -> str:
        """Seconds from "completed" to the upload's last byte, and the polls."""
        while request_id not in self.uploaded_at:  # noqa: ASYNC110 - a benchmark has the time
            await asyncio.sleep(0.02)
        seconds = self.uploaded_at[request_id] - self.completed_at[request_id]
        return f"{seconds} {self.polls[request_id]}"


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
        request_id, *in_s = line.split()
        if in_s:
            service.completed_at[request_id] = time.monotonic() + float(in_s[0])
        else:
            print(await service.took(request_id), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
