"""From the greeting to a video, and on to one like it, by mouse; and around."""

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Locator, expect

from bot.playground.runcomfy_scripts import WORDS
from bot.playground.stage import FIRST_COMMAND
from bot.ui.buttons import LIKE, RESEND, SHARE
from cogs.kling.message_menu import MENU_NAME
from cogs.kling_help import EXAMPLES
from tests.playground.driver import Playground, Visitor, playground_at_a_terminal, visitor
from tools.screenshots import BROWSERS, find_browser

BROWSER = find_browser()

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason=f"none of {', '.join(BROWSERS)} is installed"),
]


@pytest.fixture
async def opened() -> AsyncGenerator[Playground]:
    async with playground_at_a_terminal() as (playground, _):
        yield playground


@pytest.fixture
async def somebody(opened: Playground) -> AsyncGenerator[Visitor]:
    assert BROWSER is not None
    async with visitor(await opened.address(), browser=BROWSER) as newcomer:
        yield newcomer


def saying(visitor: Visitor, text: str) -> Locator:
    return visitor.messages.filter(has_text=text)


def window(visitor: Visitor) -> Locator:
    """The window that the bot opened."""
    return visitor.page.locator("dialog, [role=dialog]").filter(
        has=visitor.page.locator(".modal-input")
    )


async def submit(visitor: Visitor, form: Locator) -> None:
    await visitor.finds_the_page_at_rest()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)


async def test_from_the_greeting_to_a_video_like_the_first_one(somebody: Visitor) -> None:
    greeting = saying(somebody, "Hello! I make videos with Kling 3.0")
    await expect(greeting).to_have_count(1)
    await somebody.press(greeting, "Set up")
    await somebody.is_told_in_private("You need the Manage Server permission for that.")

    await somebody.become("manager")
    await somebody.press(greeting, "Set up")
    await somebody.press(saying(somebody, "1 of 4: who pays"), "Leave it so")
    step = saying(somebody, "2 of 4: how much a day")
    await somebody.sees(step, "Each member")
    await somebody.select(step.get_by_role("combobox").nth(1), "5 videos a day")
    await somebody.press(step, "Save and go on")
    await somebody.press(saying(somebody, "3 of 4: where"), "Skip")
    await somebody.press(saying(somebody, "4 of 4: who"), "Skip")
    await somebody.sees(saying(somebody, "All set"), "5 videos a day each; $5.00 a day")

    await somebody.become("you")
    await somebody.composer.click()
    await somebody.page.keyboard.type("/kling-help")
    await somebody.page.locator(".command-entry").first.click()
    await somebody.finds_the_page_at_rest()
    await somebody.page.locator("#send-message").click()
    card = saying(somebody, "Videos from your words")
    await somebody.sees(card, "5 of 5 videos left")
    await somebody.press(card.locator(".component-section").first, "Use this")
    form = window(somebody)
    await expect(form.locator("textarea").first).to_have_value(EXAMPLES[0].prompt)
    await submit(somebody, form)
    video = saying(somebody, EXAMPLES[0].prompt).filter(has_text="New here?")
    await expect(video.get_by_role("button", name=RESEND.label)).to_be_visible()

    await somebody.press(video, SHARE.label)
    await somebody.is_told_in_private("It's in the showcase now")
    await somebody.become("stranger")
    await somebody.go("→ #showcase", to="showcase")
    post = saying(somebody, EXAMPLES[0].prompt)
    await expect(post.locator("video")).to_have_count(1)
    await somebody.press(post, LIKE.label)
    form = window(somebody)
    await expect(form.locator("textarea").first).to_have_value(EXAMPLES[0].prompt)
    await form.locator("textarea").first.fill("a paper kite in the rain")
    await submit(somebody, form)
    made = somebody.card("a paper kite in the rain")
    await expect(made.get_by_role("button", name=RESEND.label)).to_be_visible()
    await somebody.sees(made, "inspired by @you's “")


async def test_the_guide_leads_through_a_list_a_menu_and_a_direct_message(
    somebody: Visitor,
) -> None:
    guide = saying(somebody, FIRST_COMMAND)
    await somebody.press(guide, "What else can happen?")
    await somebody.sees(guide, WORDS["stubborn"][0])

    await somebody.say("a fox in the snow")
    fox = saying(somebody, "a fox in the snow")
    await fox.hover()
    await fox.get_by_role("button", name="Reply").first.click()
    await somebody.say(MENU_NAME)
    form = window(somebody)
    await expect(form.locator("textarea").first).to_have_value("a fox in the snow")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_have_count(0)

    await somebody.go("→ direct message", to="Kling")
    await expect(fox).to_have_count(0)
    await somebody.say("/kling a long queue")
    await somebody.press(somebody.card("a long queue"), "Cancel")
    await somebody.sees(somebody.card("a long queue"), "Cancelled")
