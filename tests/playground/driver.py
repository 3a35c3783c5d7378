"""The playground in a process of its own, and a browser in front of it."""

import asyncio
import os
import pty
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

import pytest
from playwright.async_api import Locator, Page, Request, Response, expect
from playwright.async_api import TimeoutError as PageTimeoutError

from tests.patience import PATIENCE_S, RUNS_OUT_S, until
from tests.signals import tell
from tools.screenshots import BROWSERS, browsing, find_browser

ROOT = Path(__file__).parents[2]
BROWSER = find_browser()
NEEDS_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason=f"none of {', '.join(BROWSERS)} is installed"),
]
AN_ORDER = re.compile(r"\d s · ")
"""What the options of an order say, and no notification does."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a playground ended, and what it said after it had opened."""

    status: int
    said: str
    complained: str


class Playground:
    """`python -m bot play`, started; it has a terminal where one was given to it."""

    def __init__(self, process: Process, *, terminal: int | None) -> None:
        self._process = process
        self._terminal = terminal

    async def says(self, pattern: str) -> str:
        """The first line from here on that the pattern is in."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while line := (await self._process.stdout.readline()).decode():
                if found := re.search(pattern, line):
                    return found[0]
        raise AssertionError(f"it ended without saying {pattern!r}: {await self.end()}")

    async def address(self) -> str:
        """Where the page is: said alone in its line."""
        return await self.says(r"^http://127\.0\.0\.1:\d+/#[\w-]+$")

    def press(self, key: str) -> None:
        """Press a key in the terminal."""
        assert self._terminal is not None, "it has no terminal"
        os.write(self._terminal, key.encode())

    def pipe(self, text: str) -> None:
        """Write into its standard input."""
        assert self._process.stdin is not None, "it has no pipe"
        self._process.stdin.write(text.encode())

    async def close_pipe(self) -> None:
        """Let its standard input end."""
        assert self._process.stdin is not None, "it has no pipe"
        self._process.stdin.close()
        await self._process.stdin.wait_closed()

    def signal(self, number: Signals) -> None:
        """Send a signal."""
        tell(self._process, number)

    async def end(self) -> Ended:
        """Wait for its end."""
        async with asyncio.timeout(PATIENCE_S):
            said, complained = await self._process.communicate()
        assert self._process.returncode is not None
        return Ended(self._process.returncode, said.decode(), complained.decode())

    async def kill(self) -> None:
        """Leave nothing behind, however the story ended."""
        tell(self._process, Signals.SIGKILL)
        await self._process.wait()


@asynccontextmanager
async def playground(
    *options: str, stdin: int = DEVNULL, redirected: str = ""
) -> AsyncGenerator[Playground]:
    """Start it with these options, from a shell that redirects what it is told to."""
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", f'exec "$@" {redirected}', "sh"),
        *(sys.executable, "-m", "bot", "play", *options),
        stdin=stdin,
        stdout=PIPE,
        stderr=PIPE,
        cwd=ROOT,
    )
    started = Playground(process, terminal=None)
    try:
        yield started
    finally:
        await started.kill()


@asynccontextmanager
async def playground_at_a_terminal(*options: str) -> AsyncGenerator[tuple[Playground, int]]:
    """Start it as the foreground job of a new terminal; also the terminal itself, to look at."""
    ours, theirs = pty.openpty()
    # The first terminal that the leader of a new session opens becomes its own.
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", 'exec "$@" <"$0"', os.ttyname(theirs)),
        *(sys.executable, "-m", "bot", "play", *options),
        stdout=PIPE,
        stderr=PIPE,
        cwd=ROOT,
        start_new_session=True,
    )
    started = Playground(process, terminal=ours)
    try:
        yield started, theirs
    finally:
        await started.kill()
        os.close(ours)
        os.close(theirs)


class Visitor:
    """A person at the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.composer = page.locator("#channel-composer-input")
        self.messages = page.locator("#channel-message-list article")
        self.form = page.locator("dialog, [role=dialog]").filter(has=page.locator(".modal-input"))
        """The window that the bot opened."""

    async def say(self, line: str) -> None:
        """Type a line and send it."""
        await self.composer.click()
        await self.page.keyboard.type(line)
        await self.finds_the_page_at_rest()
        await expect(self.page.locator("#send-message")).to_be_enabled()
        await self.page.keyboard.press("Enter")
        await expect(self.composer).to_have_value("")

    async def pick(self, command: str) -> None:
        """Pick a command; what is typed next goes to its first option."""
        await self.composer.click()
        await self.page.keyboard.type(command)
        await self.page.locator(".command-entry").first.click()
        await expect(self.page.locator(".command-option-input").first).to_be_focused()

    async def call(self, command: str) -> None:
        """Pick a command without options by mouse, and send it by mouse."""
        await self.composer.click()
        await self.page.keyboard.type(command)
        await self.page.locator(".command-entry").first.click()
        await self.finds_the_page_at_rest()
        await self.page.locator("#send-message").click()

    async def choose(self, option: str, value: str) -> None:
        """Add an option to the command that was picked."""
        await until(lambda: self._takes(option))
        await self.page.locator(f"input[data-option={option}]").fill(value)

    async def attach(self, option: str, file: Path) -> None:
        """Add an option to the command that was picked, and choose a file for it."""
        await until(lambda: self._takes(option))
        await self.page.locator(f"input[data-option={option}]").set_input_files(file)
        chosen = self.page.locator(f".command-file-choose[data-option={option}]")
        await expect(chosen).to_have_text(file.name)
        await self.page.locator(".command-option-input").first.focus()  # where Enter sends

    async def _takes(self, option: str) -> bool:
        """Pick an option from the list of all; False if the list was taken away meanwhile.

        What the bot suggests for the last input comes late, and takes the place of the list.
        """
        await self.page.locator(".command-ghost").click()
        wanted = self.page.locator(".command-suggestion").get_by_text(option, exact=True)
        with suppress(PageTimeoutError):
            await wanted.click(timeout=RUNS_OUT_S * 20_000)
        return await self.page.locator(f"input[data-option={option}]").count() > 0

    async def send(self) -> None:
        """Send the command that was picked; an Enter that the suggestions took is repeated."""

        async def is_sent() -> bool:
            if await self.composer.is_visible():
                return True
            await self.page.locator(".command-option-input").first.focus()
            await self.page.keyboard.press("Escape")  # what suggests values takes Enter for itself
            await self.finds_the_page_at_rest()
            await expect(self.page.locator("#send-message")).to_be_enabled()
            await self.page.keyboard.press("Enter")
            with suppress(AssertionError):
                await expect(self.composer).to_be_visible(timeout=RUNS_OUT_S * 200_000)
            return await self.composer.is_visible()

        await until(is_sent)

    def card(self, prompt: str) -> Locator:
        """The card that quotes this prompt; a notification quotes it too, without the options."""
        quote = self.page.locator("blockquote", has_text=re.compile(f"^{re.escape(prompt)}$"))
        return self.messages.filter(has=quote).filter(has_text=AN_ORDER)

    async def sees(self, card: Locator, text: str | re.Pattern[str]) -> None:
        """Wait until it says so."""
        await expect(card).to_contain_text(text)

    async def press(self, card: Locator, label: str) -> None:
        """Press a button of the bot on a card; a press that the page did not take is repeated.

        The page may become busy by itself between a look at it and the press.
        """

        async def is_taken() -> bool:
            await self.finds_the_page_at_rest()
            with suppress(PageTimeoutError):
                async with self.page.expect_request(is_a_click, timeout=RUNS_OUT_S * 200_000):
                    await card.get_by_role("button", name=label).click()
                return True
            return False

        def is_a_click(request: Request) -> bool:
            return '"kind":"click"' in (request.post_data or "")

        await until(is_taken)

    async def submit(self) -> None:
        """Submit the window that is open."""
        await self.finds_the_page_at_rest()
        await self.form.get_by_role("button", name="Submit").click()
        await expect(self.form).to_have_count(0)

    async def select(self, listbox: Locator, option: str) -> None:
        """Choose in a select of a card, and wait until the bot has answered."""
        opened = self.page.locator(".preview-select.is-open")
        async with AsyncExitStack() as asked:
            if await listbox.and_(self.page.locator(".select-type-3 *")).count() == 0:
                # Of roles, members and channels the page asks who there is, a moment later.
                await asked.enter_async_context(self.hears_back("browse_candidates"))
            await listbox.click()
        await self.finds_the_page_at_rest()
        async with self.hears_back("select"):
            await opened.locator(".select-option").filter(has_text=option).first.click()
            if await opened.locator("[aria-multiselectable=true]").count():
                await opened.get_by_role("button", name="Apply").click()

    @asynccontextmanager
    async def hears_back(self, action: str) -> AsyncGenerator[None]:
        """What is done here is sent to the playground as this action, and goes well."""

        def is_its_answer(response: Response) -> bool:
            return f'"kind":"{action}"' in (response.request.post_data or "")

        async with self.page.expect_response(is_its_answer) as answered:
            yield
        receipt = await (await answered.value).json()
        assert receipt["settlement"] == "settled", receipt

    async def finds_the_page_at_rest(self) -> None:
        """Wait while the page is busy: whatever is done until then is in vain, silently."""
        await expect(self.page.locator("#action-status")).not_to_have_text(re.compile("…$"))

    async def is_told_in_private(self, text: str) -> None:
        """Wait for a message that nobody else can see."""
        private = self.messages.filter(has_text="Only you can see this")
        await expect(private.filter(has_text=text)).to_be_visible()

    async def become(self, name: str) -> None:
        """Look at the channel as another member."""
        viewer = self.page.get_by_label("Viewing as")
        # The page forgets all that it shows, typed text too, until it has read what they may see.
        await self.messages.first.evaluate("article => { article.dataset.former = '' }")
        await viewer.select_option(label=name)
        await expect(self.page.locator("#channel-message-list [data-former]")).to_have_count(0)
        await expect(viewer.locator("option:checked")).to_have_text(name)

    async def go(self, way: str, *, to: str) -> None:
        """Look at another channel, as the same person."""
        await self.finds_the_page_at_rest()
        await self.page.get_by_label("Viewing as").select_option(label=way)
        await expect(self.page.locator("#channel-name")).to_have_text(to)


@asynccontextmanager
async def visitor(address: str, *, browser: str) -> AsyncGenerator[Visitor]:
    """Open the page in this browser."""
    expect.set_options(timeout=PATIENCE_S * 1_000)
    async with browsing(browser) as chromium:
        page = await chromium.new_page()
        await page.goto(address)
        await page.locator("#channel-composer-input").wait_for()
        yield Visitor(page)
