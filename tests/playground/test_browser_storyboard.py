"""A storyboard is built by mouse and keyboard in a real browser, generated, changed, run again."""

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Locator, expect

from tests.playground.driver import Visitor, playground, visitor
from tools.screenshots import BROWSERS, find_browser

GENERATE = "Generate"

ADD = "Add shot"

BROWSER = find_browser()

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason=f"none of {', '.join(BROWSERS)} is installed"),
]

PROMPT = "a red kite over the sea"


@pytest.fixture
async def you() -> AsyncGenerator[Visitor]:
    assert BROWSER is not None
    async with (
        playground() as started,
        visitor(await started.address(), browser=BROWSER) as newcomer,
    ):
        yield newcomer


async def open_by_command(you: Visitor) -> None:
    """A command without options is picked by mouse and sent by mouse."""
    await you.composer.click()
    await you.page.keyboard.type("/storyboard")
    await you.page.locator(".command-entry").first.click()
    await you.finds_the_page_at_rest()
    await you.page.locator("#send-message").click()


async def newest_builder(you: Visitor, number: int) -> Locator:
    """The last builder in the channel, once there are so many."""
    builders = you.messages.filter(has_text="🎞️ Storyboard")
    await expect(builders).to_have_count(number)
    return builders.last


async def fill(you: Visitor, builder: Locator, button: str, text: str, seconds: int = 0) -> None:
    """Open a form by mouse, write by keyboard, choose a length, and submit."""
    await you.press(builder, button)
    form = you.page.locator("dialog, [role=dialog]").filter(has=you.page.locator(".modal-input"))
    await form.locator(".modal-input").fill("")
    await form.locator(".modal-input").press_sequentially(text)
    if seconds:
        await form.get_by_role("combobox").click()
        await form.locator(f".select-option[data-value='{seconds}']").click()
    await you.finds_the_page_at_rest()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)


async def test_three_shots_are_built_generated_changed_and_run_again(you: Visitor) -> None:
    await open_by_command(you)
    builder = await newest_builder(you, 1)
    generate = builder.get_by_role("button", name=GENERATE)
    await fill(you, builder, "Overall prompt", PROMPT)
    await fill(you, builder, ADD, "the kite rises", 5)
    await expect(generate).to_be_disabled()
    await fill(you, builder, ADD, "it dives", 4)
    await fill(you, builder, ADD, "it lands", 3)
    await you.sees(builder, "12 of at most 15 s")
    await you.press(builder, "Move up")
    await you.sees(builder, "2 · 3 s · it lands")
    await you.press(builder, GENERATE)

    card = you.card(PROMPT).last
    await you.sees(card, "12 s · 3 shots")
    await you.sees(card, "Continue…")

    await you.press(card, "Change…")
    again = await newest_builder(you, 2)
    await fill(you, again, "Edit", "the kite sleeps", 6)
    await you.sees(again, "1 · 6 s · the kite sleeps")
    await you.press(again, GENERATE)
    second = you.card(PROMPT).filter(has_text="13 s · 3 shots")
    await you.sees(second, "Continue…")
