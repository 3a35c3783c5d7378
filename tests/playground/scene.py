"""A world with its page, and a browser that does not draw."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import discord
from aiohttp import ClientSession
from simcord.preview import Preview

from bot.domain.clock import SystemClock
from bot.languages.language import load_languages
from bot.playground.page import PlaygroundPage, behind_s
from bot.playground.stage import Stage, furnish
from bot.playground.videos import VideoLibrary
from bot.playground.world import World, open_world
from bot.ui.buttons import CANCEL
from bot.ui.layout import row_of
from tests.patience import PATIENCE_S


class LeapingClock(SystemClock):
    """Real time that can be put forward."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


class Browser:
    """What SimCord's page does over HTTP, without the drawing."""

    def __init__(self, *, session: ClientSession, preview: Preview) -> None:
        self._session = session
        self._address, _, self._capability = preview.url.partition("#")
        self._sequence = 0
        self._context = ""
        self.state: dict[str, Any] = {}

    async def open(self) -> None:
        """Open a page; from here on it goes by what it has read last."""
        self.state = await self._ask("POST", "api/pages", {})
        self._context = self.state["context"]["id"]

    async def read(self) -> None:
        """Read the page anew."""
        self.state = await self._ask("GET", "api/state", None)

    async def act(self, kind: str, **details: object) -> dict[str, Any]:
        """Do something to what was read last."""
        receipt = await self._ask(
            "POST",
            "api/action",
            {
                "protocol_version": 3,
                "kind": kind,
                "request_id": f"request-{self._sequence + 1}",
                "sequence": self._sequence + 1,
                "generation": self.state["context"]["generation"],
                "bot_generation": self.state["botGeneration"],
                "published_revision": self.state["publishedRevision"],
                **details,
            },
        )
        self._sequence = receipt["expectedSequence"]
        return receipt

    async def say(self, line: str) -> dict[str, Any]:
        return await self.act("send_message", content=line)

    async def press(self) -> dict[str, Any]:
        """Press the only button on the newest card that was read."""
        (key,) = set(re.findall(r'"control_key": "([^"]+)"', self.newest))
        return await self.act("click", control_key=key, target_id=key.split(":")[1])

    @property
    def newest(self) -> str:
        """The newest message that was read, whole; nothing while there is none."""
        whole = [self.state["messages"][each] for each in self.state["timeline"][-1:]]
        return json.dumps(whole, ensure_ascii=False)

    @property
    def all_messages(self) -> str:
        """Every message that was read, whole."""
        return json.dumps(list(self.state["messages"].values()), ensure_ascii=False)

    async def knocks_as(self, context: str) -> int:
        """The status of the answer to an action on another page than one's own."""
        headers = self._headers | {"X-Simcord-Context": context}
        url = f"{self._address}api/action"
        async with self._session.post(url, json={}, headers=headers) as response:
            return response.status

    async def file(self, asset_id: str) -> bytes:
        """A file that the page shows."""
        url = f"{self._address}api/assets/{asset_id}"
        async with self._session.get(url, headers=self._headers) as response:
            assert response.status == HTTPStatus.OK
            return await response.read()

    @property
    def _headers(self) -> dict[str, str]:
        return {"X-Simcord-Capability": self._capability, "X-Simcord-Context": self._context}

    async def _ask(self, method: str, path: str, body: object) -> dict[str, Any]:
        async with self._session.request(
            method, self._address + path, json=body, headers=self._headers
        ) as response:
            assert response.status == 200, await response.text()
            return await response.json()


@dataclass(frozen=True, slots=True)
class Scene:
    """A world with its page, and a browser in front of it."""

    world: World
    stage: Stage
    clock: LeapingClock
    preview: Preview
    page: PlaygroundPage
    browser: Browser

    @asynccontextmanager
    async def going_on(self) -> AsyncGenerator[asyncio.Task[None]]:
        """Let the page keep in step with the world."""
        ticking = asyncio.create_task(self.page.keep_in_step())
        try:
            yield ticking
        finally:
            ticking.cancel()
            await asyncio.wait({ticking})

    async def until(self, condition: Callable[[], bool]) -> None:
        """Read the page again and again."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                await self.clock.sleep(0.005)
                await self.browser.read()

    async def revision(self) -> int:
        """How often the page was drawn."""
        await self.browser.read()
        return self.browser.state["publishedRevision"]

    async def bot_says(self, *lines: str, button: str | None = "0") -> discord.Message:
        """A message of the bot, with a Cancel button for this job below its lines."""
        channel = self.world.app.bot.get_partial_messageable(self.stage.channel.id)
        message = await channel.send(view=view_of(*lines, button=button))
        await self.preview.refresh()
        return message


def view_of(*lines: str, button: str | None) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    for line in lines:
        view.add_item(discord.ui.TextDisplay(line))
    if button is not None:
        view.add_item(row_of(CANCEL.of(button, load_languages().of("en"))))
    return view


@asynccontextmanager
async def opened_scene(folder: Path) -> AsyncGenerator[Scene]:
    """Nobody has said anything yet, and time stands still until the page goes on."""
    clock = LeapingClock()
    videos = VideoLibrary(folder=folder / "videos")
    async with open_world(
        clock=clock,
        data_dir=folder / "data",
        videos=videos,
        changes={"direct_messages": True, "cooldown_s": 0},
    ) as world:
        world.env.backend.advance_clock(behind_s(world.env, clock))
        stage = furnish(world.env)
        await world.log_in()
        async with (
            await stage.preview(videos=videos, port=0) as preview,
            ClientSession() as session,
        ):
            page = PlaygroundPage(world=world, stage=stage, preview=preview, clock=clock)
            browser = Browser(session=session, preview=preview)
            await browser.open()
            yield Scene(world, stage, clock, preview, page, browser)
