"""The page keeps in step with its world, and hears whatever a person does on it."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any

import discord
import pytest
from aiohttp import ClientSession
from PIL import Image
from simcord.preview import Preview

from bot.domain.clock import SystemClock
from bot.domain.job import State
from bot.features.ordering import CancelRefusal
from bot.languages.language import load_languages
from bot.playground.page import FRESH_TIMES_S, PlaygroundPage, behind_s
from bot.playground.runcomfy_scenario import Delays, Ending, Fault, Scenario
from bot.playground.stage import Stage, furnish
from bot.playground.videos import VideoLibrary
from bot.playground.world import World, open_world
from bot.ui import words
from bot.ui.buttons import CANCEL
from bot.ui.layout import row_of
from tests.patience import PATIENCE_S
from tests.pictures import a_picture, saved


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


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    """Nobody has said anything yet, and time stands still until the page goes on."""
    clock = LeapingClock()
    videos = VideoLibrary(folder=tmp_path / "videos")
    async with open_world(clock=clock, data_dir=tmp_path / "data", videos=videos) as world:
        world.env.backend.advance_clock(behind_s(world.env, clock))
        stage = furnish(world.env)
        await world.log_in()
        async with (
            await stage.preview(videos=videos, port=0) as preview,
            ClientSession() as session,
        ):
            page = PlaygroundPage(world=world, preview=preview, clock=clock)
            browser = Browser(session=session, preview=preview)
            await browser.open()
            yield Scene(world, stage, clock, preview, page, browser)


async def test_a_whole_line_is_the_command_that_it_spells_out(scene: Scene) -> None:
    receipt = await scene.browser.say("/kling prompt:a long queue duration:7 aspect:9:16")
    await scene.browser.read()

    assert receipt["settlement"] == "settled"
    assert "> a long queue" in scene.browser.newest
    assert "7 s · 9:16" in scene.browser.newest


async def test_a_line_cannot_name_a_file_and_nothing_is_asked_for(scene: Scene) -> None:
    receipt = await scene.browser.say("/kling prompt:a kite image:kite.png")

    assert receipt["settlement"] != "settled"
    assert scene.world.server.posts == []


async def test_a_picture_is_shown_by_its_link_in_a_message_that_does_not_have_it(
    scene: Scene,
) -> None:
    posted = await scene.stage.you.send(
        scene.stage.channel, attachments=[("kite.png", saved(a_picture()))]
    )
    view = discord.ui.LayoutView(timeout=None)
    prompt = discord.ui.TextDisplay[discord.ui.LayoutView]("by its link")
    link = posted.attachments[0].url
    view.add_item(discord.ui.Section(prompt, accessory=discord.ui.Thumbnail(link)))
    channel = scene.world.app.bot.get_partial_messageable(scene.stage.channel.id)
    await channel.send(view=view)
    await scene.preview.refresh()
    await scene.browser.read()

    assert "by its link" in scene.browser.newest
    (asset,) = set(re.findall(r'"asset_id": "([^"]+)"', scene.browser.newest))
    shown = Image.open(BytesIO(await scene.browser.file(asset))).convert("RGB")
    assert shown.tobytes() == a_picture().tobytes()


async def test_a_line_with_a_wrong_value_is_refused_and_nothing_is_asked_for(scene: Scene) -> None:
    receipt = await scene.browser.say("/kling prompt:a kite duration:99")

    assert receipt["rejected"]
    assert receipt["diagnostics"][0]["subject"] == {"commandOption": "duration"}
    assert not scene.world.server.posts


async def test_what_is_said_after_a_quiet_while_is_said_now(scene: Scene) -> None:
    scene.clock.ahead += timedelta(hours=1)
    await scene.browser.say("/kling a long queue")
    await scene.browser.read()

    said_at = re.search('"timestamp": "([^"]+)"', scene.browser.newest)
    assert said_at
    seen_at: str = scene.browser.state["profile"]["presentationTime"]
    for instant in (said_at[1], seen_at):
        assert scene.clock.now() - datetime.fromisoformat(instant) < timedelta(minutes=1)


async def test_a_press_counts_though_the_page_was_drawn_anew_since(scene: Scene) -> None:
    async with scene.going_on():
        await scene.browser.say("/kling a long queue")
        await scene.until(lambda: words.HEADINGS[State.QUEUED] in scene.browser.newest)
    await scene.preview.refresh()
    receipt = await scene.browser.press()
    await scene.browser.read()

    assert receipt["settlement"] == "settled"
    assert words.CANCELLED in scene.browser.newest


async def test_a_press_counts_though_the_button_moved_down_on_its_card(scene: Scene) -> None:
    message = await scene.bot_says("one line")
    await scene.browser.read()
    await message.edit(view=view_of("one line", "another", "a third", button="0"))
    receipt = await scene.browser.press()
    await scene.browser.read()

    assert receipt["settlement"] == "settled"
    assert words.CANCEL_REFUSALS[CancelRefusal.UNKNOWN_JOB] in scene.browser.newest


async def test_a_press_on_a_button_that_is_gone_is_refused_and_the_next_one_counts(
    scene: Scene,
) -> None:
    message = await scene.bot_says("one line")
    await scene.browser.read()
    await message.edit(view=view_of("one line", button=None))
    assert (await scene.browser.press())["rejected"]

    await scene.bot_says("another")
    await scene.browser.read()
    assert (await scene.browser.press())["settlement"] == "settled"


async def test_a_press_never_reaches_another_button_that_took_the_place(scene: Scene) -> None:
    message = await scene.bot_says("one line", button="0")
    await scene.browser.read()
    await message.edit(view=view_of("one line", button="1"))
    receipt = await scene.browser.press()

    assert receipt["rejected"]
    assert not receipt["dispatched"]


async def test_a_press_on_a_message_that_is_gone_is_refused(scene: Scene) -> None:
    message = await scene.bot_says("one line")
    await scene.browser.read()
    await message.delete()

    assert (await scene.browser.press())["rejected"]


async def test_a_page_that_nobody_knows_is_told_so(scene: Scene) -> None:
    assert await scene.browser.knocks_as("p_unknown") == HTTPStatus.BAD_REQUEST


async def test_what_is_said_during_a_restart_waits_for_the_new_bot(scene: Scene) -> None:
    former = scene.world.app
    restart = asyncio.create_task(scene.page.restart_bot())
    await asyncio.sleep(0)
    receipt = await scene.browser.say("/kling a long queue")
    await restart
    await scene.browser.read()

    assert receipt["settlement"] == "settled"
    assert scene.world.app is not former
    assert "> a long queue" in scene.browser.newest


async def test_cards_change_on_the_page_by_themselves(scene: Scene) -> None:
    scene.world.server.will(Scenario(queue_s=0, rendering_s=0, ending=Ending.FAILS))
    async with scene.going_on():
        await scene.browser.say("/kling a kite")
        await scene.until(lambda: words.HEADINGS[State.FAILED] in scene.browser.all_messages)


async def test_a_page_is_drawn_anew_for_news_and_when_its_times_have_aged(scene: Scene) -> None:
    await scene.page.step()
    first = await scene.revision()
    await scene.page.step()
    assert await scene.revision() == first

    await scene.stage.guide.send(scene.stage.channel, "news")
    await scene.page.step()
    second = await scene.revision()
    assert second > first

    scene.clock.ahead += timedelta(seconds=FRESH_TIMES_S)
    await scene.page.step()
    third = await scene.revision()
    assert third > second
    await scene.page.step()
    assert await scene.revision() == third


async def test_ticks_that_fail_are_told_once_and_the_page_goes_on(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.world.server.will(Scenario(queue_s=60, on_cancel=(Fault(Delays(2)),)))
    you = scene.stage.you
    asked = await you.slash(scene.stage.channel, "kling", prompt="a kite")
    assert asked.response is not None
    async with scene.going_on():
        await scene.until(lambda: words.HEADINGS[State.QUEUED] in scene.browser.newest)
    # Whoever acts beside the page is in its way, for several ticks.
    in_the_way = asyncio.create_task(you.click(asked.response, label="Cancel"))
    await asyncio.sleep(0)
    async with scene.going_on():
        await in_the_way
        await scene.stage.guide.send(scene.stage.channel, "all is well again")
        await scene.until(lambda: "all is well again" in scene.browser.newest)

    (record,) = caplog.records
    assert record.message == "the page could not be redrawn; it is tried again and again"


async def test_ticks_end_with_the_page(scene: Scene) -> None:
    async with scene.going_on() as ticking:
        await scene.preview.close()
        await asyncio.wait_for(ticking, PATIENCE_S)
