"""`python -m tools.screenshots docs/images`: the README's pictures, from the playground.

Needs the system's Chromium. The jobs are scripted, so that each card stays in the state that the
picture shows.
"""

import asyncio
import io
import shutil
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Locator, ViewportSize, async_playwright, expect
from playwright.async_api import Page as Tab
from simcord import InteractionResult

from bot.domain.clock import SystemClock
from bot.domain.servers import RoleRule
from bot.playground.page import PlaygroundPage, behind_s
from bot.playground.runcomfy_scenario import Ending, Fault, Hangs, Scenario, unavailable
from bot.playground.stage import Stage, furnish
from bot.playground.videos import VideoLibrary
from bot.playground.world import World, open_world

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_S: Final = 240.0
ASKED_TIMES: Final = 5
HURRY: Final = 8
WIDTH_PX: Final = 720
HEIGHT_PX: Final = 860
MARGIN_PX: Final = 16
STILL_MS: Final = 400
SHARPNESS: Final = 1.5
"""Pixels of the pictures per pixel of the page."""

FRAME_MS: Final = 400
LAST_FRAME_MS: Final = 2_500
FILM_WIDTH_PX: Final = 600
FILM_COLOURS: Final = 128

LONG_S: Final = 6 * 3_600.0
SHOWN: Final = Scenario(queue_s=16, rendering_s=28)
AT_ONCE: Final = Scenario(queue_s=0, rendering_s=0)
IN_QUEUE: Final = Scenario(queue_s=LONG_S)
RENDERS: Final = Scenario(queue_s=0, rendering_s=LONG_S)
FAILS: Final = Scenario(queue_s=0, rendering_s=0, ending=Ending.FAILS)
UNFETCHED: Final = Scenario(queue_s=0, rendering_s=0, on_file=(Fault(Hangs()),))
UNANSWERED: Final = Scenario(on_submit=(Fault(Hangs()),))
LOST: Final = Scenario(on_submit=(Fault(unavailable(502), accepted=True),))


def find_browser() -> str | None:
    """The system's Chromium, if there is one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@asynccontextmanager
async def browsing(executable: str) -> AsyncGenerator[Browser]:
    """The system's Chromium, headless."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=list(BROWSER_FLAGS)
        )
        try:
            yield browser
        finally:
            await browser.close()


class HurriedClock(SystemClock):
    """A clock that runs several times as fast as real time."""

    def __init__(self) -> None:
        super().__init__()
        self._start = super().now()

    def now(self) -> datetime:
        """The present instant, in a hurry."""
        return self._start + (super().now() - self._start) * HURRY

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        """Sleep for less."""
        await super().sleep(seconds / HURRY, wake=wake)


class Studio:
    """The channel with its cards, and the camera in front of it."""

    def __init__(self, *, world: World, stage: Stage, page: PlaygroundPage, tab: Tab) -> None:
        self._world = world
        self._stage = stage
        self._page = page
        self._tab = tab

    async def ask(self, prompt: str, scenario: Scenario, **options: float) -> InteractionResult:
        """Ask for a video; the scenario says what becomes of it.

        On a busy machine a read may be late, and the bot says no, privately: as a person would,
        ask again.

        Raises:
            LookupError: it said no each time.
        """
        self._world.server.will(scenario)
        you, channel = self._stage.you, self._stage.channel
        for _ in range(ASKED_TIMES):
            async with self._page.turn:
                asked = await you.slash(channel, "kling", prompt=prompt, **options)
            if asked.response is not None and not asked.response.ephemeral:
                return asked
        raise LookupError(f"there is no card for {prompt!r}")

    async def review(self) -> None:
        """Require a moderator's approval from here on, in a channel that is not in the picture."""
        guild = self._stage.guild
        rules = {guild.id: RoleRule(is_reviewed=True)}  # everybody's role: it has the server's id
        await self._world.app.bot.services.servers.change(
            guild.id,
            {"review_channel_id": guild.create_text_channel("review").id, "role_rules": rules},
            by_user_id=self._stage.manager.id,
        )

    async def cancel(self, asked: InteractionResult) -> None:
        """Let the requester cancel it."""
        if asked.response is None:
            raise LookupError("the card is gone")
        async with self._page.turn:
            await self._stage.you.click(asked.response, label="Cancel")

    async def seen(self, prompt: str, text: str) -> Locator:
        """Wait until the card of this prompt has this text.

        Raises:
            AssertionError: it never has.
        """
        card = self._tab.locator(".component-container", has_text=prompt)
        await expect(card).to_contain_text(text)
        return card

    async def play(self, card: Locator, *, until: str) -> None:
        """Play its video, and return at the given moment."""
        await card.get_by_role("button", name="Play").click()
        await expect(card).to_contain_text(until)

    async def take(self, what: Locator, path: Path) -> None:
        """Take a picture of a part of the page."""
        # Nothing must look as if the pointer were on it.
        await self._tab.mouse.move(0, 0)
        await self._tab.evaluate("() => document.activeElement.blur()")
        await what.scroll_into_view_if_needed()
        # A new message scrolls the page: the picture waits until the page stands still.
        before, now = None, await what.bounding_box()
        while before != now:
            await self._tab.wait_for_timeout(STILL_MS)
            before, now = now, await what.bounding_box()
        await what.screenshot(path=path)

    async def take_channel(self, path: Path) -> None:
        """Take a picture of the channel with all its messages."""
        channel = self._tab.locator("#channel-layout")
        timeline = self._tab.locator("#channel-timeline")
        hidden_px = await timeline.evaluate("each => each.scrollHeight - each.clientHeight")
        await self._tab.set_viewport_size(
            ViewportSize(width=WIDTH_PX, height=HEIGHT_PX + int(hidden_px) + MARGIN_PX)
        )
        await self.take(channel, path)

    @asynccontextmanager
    async def film(self, path: Path) -> AsyncGenerator[None]:
        """Write what the channel shows meanwhile as a moving picture."""
        channel = self._tab.locator("#channel-layout")
        frames: list[Image.Image] = []

        async def turn() -> None:
            while True:
                shot = Image.open(io.BytesIO(await channel.screenshot()))
                frame = shot.convert("RGB")
                frame.thumbnail((FILM_WIDTH_PX, shot.height), Image.Resampling.LANCZOS)
                frames.append(frame.quantize(FILM_COLOURS, dither=Image.Dither.NONE))
                await self._tab.wait_for_timeout(FRAME_MS)

        turning = asyncio.create_task(turn())
        yield
        turning.cancel()
        await asyncio.wait([turning])
        first, *others = frames
        times_ms = [*(FRAME_MS for _ in others), LAST_FRAME_MS]
        first.save(path, save_all=True, append_images=others, duration=times_ms, loop=0)


@asynccontextmanager
async def studio(executable: str) -> AsyncGenerator[Studio]:
    """A furnished world, seen by another person than the requester: private answers are hidden."""
    clock = HurriedClock()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        videos = VideoLibrary(folder=folder / "videos")
        world = await stack.enter_async_context(
            open_world(clock=clock, data_dir=folder / "data", videos=videos)
        )
        world.env.backend.advance_clock(behind_s(world.env, clock))
        stage = furnish(world.env)
        await world.log_in()
        preview = await stack.enter_async_context(await stage.preview(videos=videos, port=0))
        browser = await stack.enter_async_context(browsing(executable))
        size = ViewportSize(width=WIDTH_PX, height=HEIGHT_PX)
        tab = await browser.new_page(viewport=size, device_scale_factor=SHARPNESS)
        await tab.goto(preview.url)
        expect.set_options(timeout=PATIENCE_S * 1_000)
        page = PlaygroundPage(world=world, stage=stage, preview=preview, clock=clock)
        await tab.get_by_label("Viewing as").select_option(label="moderator")
        ticking = asyncio.create_task(page.keep_in_step())
        stack.callback(ticking.cancel)
        yield Studio(world=world, stage=stage, page=page, tab=tab)


async def shoot(folder: Path, *, browser: str) -> None:
    """Write all pictures into the folder."""
    async with studio(browser) as scene:
        async with scene.film(folder / "playground.gif"):
            await scene.ask("a red kite over the sea at dusk, slow and wide", SHOWN)
            kite = await scene.seen("a red kite", "0:00 / 0:05")
            await scene.play(kite, until="0:04 / 0:05")
        boat = await scene.ask("a paper boat on a mountain lake", IN_QUEUE, duration=10)
        card = await scene.seen("a paper boat", "Position in RunComfy's queue")
        await scene.take(card, folder / "queued.png")
        await scene.cancel(boat)
        await scene.seen("a paper boat", "Cancelled")
        await scene.take(card, folder / "cancelled.png")
        await scene.take(kite, folder / "ready.png")
        await scene.ask("a fox that walks through fresh snow", RENDERS, sound=False)
        card = await scene.seen("a fox", "Rendering")
        await scene.take(card, folder / "rendering.png")
        await scene.play(kite, until="0:01 / 0:05")
        await scene.take_channel(folder / "playground.png")
        await scene.ask("a lighthouse in a storm, waves high as houses", FAILS)
        card = await scene.seen("a lighthouse", "Couldn't make this video")
        await scene.take(card, folder / "failed.png")
        await scene.ask("a night train that crosses a long bridge", LOST)
        card = await scene.seen("a night train", "Lost contact with RunComfy")
        await scene.take(card, folder / "unsure.png")
        await shoot_passing_states(scene, folder)


async def shoot_passing_states(scene: Studio, folder: Path) -> None:
    """Write the pictures of states that a job normally passes in no time, held still here."""
    # With the fox, the person has as many jobs as allowed at once: the next stays in line.
    clock = await scene.ask("a clock that strikes midnight", IN_QUEUE)
    await scene.seen("a clock", "Position in RunComfy's queue")
    await scene.ask("a cat that waits at a window", AT_ONCE)
    card = await scene.seen("a cat", "#1 in line")
    await scene.take(card, folder / "waiting.png")
    await scene.cancel(clock)
    await scene.seen("a cat", "0:00 / 0:05")
    for prompt, scenario, text, name in (
        ("a balloon over rice fields", UNFETCHED, "Rendered, fetching", "rendered.png"),
        ("a letter in a bottle", UNANSWERED, "Sending to RunComfy", "submitting.png"),
    ):
        await scene.ask(prompt, scenario)
        await scene.take(await scene.seen(prompt, text), folder / name)
    await scene.review()
    await scene.ask("a paper crane over a city", AT_ONCE)
    card = await scene.seen("a paper crane", "Waiting for a moderator")
    await scene.take(card, folder / "in_review.png")


def main(arguments: list[str]) -> str | None:
    """Take the pictures; returns what stands in the way, if anything does."""
    browser = find_browser()
    if browser is None:
        return f"The pictures need a browser: none of {', '.join(BROWSERS)} was found."
    if len(arguments) != 1:
        return "Name the folder for the pictures, and nothing else."
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(shoot(folder, browser=browser))
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
