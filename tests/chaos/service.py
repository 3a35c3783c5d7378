"""`python -m tests.chaos.service FOLDER`: RunComfy's stand-in in a process that nobody kills.

It prints its address, writes down every POST, and ends with SIGTERM.
"""

import asyncio
import hashlib
import signal
import sys
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Final

from aiohttp import web

from bot.domain.clock import SystemClock
from bot.playground.runcomfy_scenario import (
    Closes,
    CutsOff,
    Delays,
    Drips,
    Ending,
    Fault,
    Hangs,
    Says,
    Scenario,
    rate_limited,
    unavailable,
)
from bot.playground.runcomfy_server import RunComfyServer
from bot.playground.videos import Clip
from tests.chaos.records import POSTS, Post, append, now
from tests.pictures import a_picture, saved

API_KEY: Final = "chaos-key"
VIDEO: Final = b"\0\0\0\x18ftypmp42" + Random(0).randbytes(64 * 1024)  # noqa: S311 - filling
VIDEO_DIGEST: Final = hashlib.sha256(VIDEO).hexdigest()

KINDS: Final[Mapping[str, Scenario]] = MappingProxyType(
    {
        "smooth": Scenario(),
        "hesitant": Scenario(on_submit=(Fault(Delays(0.1)),)),
        "pondering": Scenario(on_submit=(Fault(Delays(0.5)),)),
        "crowded": Scenario(on_submit=(Fault(rate_limited("1"), times=1),)),
        "down": Scenario(on_submit=(Fault(unavailable()),)),
        "swallowed": Scenario(on_submit=(Fault(unavailable(502), accepted=True),)),
        "torn": Scenario(on_submit=(Fault(Closes(), accepted=True),)),
        "mute": Scenario(on_submit=(Fault(Hangs(), accepted=True),)),
        "moody": Scenario(
            on_status=(Fault(unavailable(), times=2), Fault(Says("warming up"), times=1)),
            on_result=(Fault(rate_limited(), times=1),),
        ),
        "dripping": Scenario(on_file=(Fault(Drips(4096, 0.01)),)),
        "halved": Scenario(on_file=(Fault(CutsOff(), times=1),)),
        "doomed": Scenario(ending=Ending.FAILS),
        "patient": Scenario(),
        "vanished": Scenario(),
    }
)
"""The first word of a prompt → how it goes."""
ANSWER_LOST: Final = frozenset({"down", "swallowed", "torn"})
"""Kinds whose POST is answered in no way that tells whether it was accepted."""
VANISHED: Final = "vanished"
"""The kind whose picture is no longer kept when it is to be sent."""
_PICTURE: Final = saved(a_picture((300, 300)), "JPEG")
_PICTURE_BYTES: Final = 200 * 1024
"""A body with it is on its way for a while, in several pieces."""


def kind_of(prompt: str) -> str:
    return prompt.split(" ", 1)[0]


def picture_of(prompt: str) -> bytes:
    """Each prompt's own picture: what follows the end of one is no part of what it shows."""
    return _PICTURE + prompt.encode().ljust(_PICTURE_BYTES)


def times_of(prompt: str) -> tuple[float, float]:
    """How long it is queued and rendered, in seconds: drawn from the prompt, so that all agree."""
    random = Random(prompt)  # noqa: S311 - variety
    longer = 20 if kind_of(prompt) == "patient" else 1
    return random.uniform(0.05, 0.3) * longer, random.uniform(0.05, 0.4) * longer


class OneVideo:
    """The same small file for everybody."""

    def __init__(self, *, folder: Path) -> None:
        self._path = folder / "result.mp4"
        self._path.write_bytes(VIDEO)

    async def video(self, clip: Clip) -> Path:
        del clip
        return self._path

    async def image(self, aspect: str) -> Path:
        raise NotImplementedError(aspect)


def digests_in(said: Mapping[str, object]) -> tuple[str, ...]:
    """Of the pictures in a body, as data URIs, by the service's names of them."""
    found = {name: value for name, value in said.items() if str(value).startswith("data:")}
    contents = [b64decode(str(found[name]).partition(",")[2]) for name in sorted(found)]
    return tuple(hashlib.sha256(content).hexdigest() for content in contents)


class WitnessedServer(RunComfyServer):
    """The stand-in, with a scenario for each prompt and a record of each POST."""

    def __init__(self, *, folder: Path) -> None:
        super().__init__(clock=SystemClock(), videos=OneVideo(folder=folder), api_key=API_KEY)
        self._records = folder / POSTS

    async def _submit(self, request: web.Request) -> web.StreamResponse:
        said = await request.json()
        prompt = str(said["prompt"])
        # Nothing is waited for from here until the stand-in has counted and taken its script.
        pictures = digests_in(said)
        post = Post(number=len(self.posts), prompt=prompt, at=now(), pictures=pictures)
        append(self._records, post)
        queue_s, rendering_s = times_of(prompt)
        self.default = replace(KINDS[kind_of(prompt)], queue_s=queue_s, rendering_s=rendering_s)
        response = await super()._submit(request)
        answered = post.model_copy(update={"status": response.status, "at": now()})
        append(self._records, answered)
        return response


async def serve(folder: Path) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with WitnessedServer(folder=folder) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await stopping.wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
