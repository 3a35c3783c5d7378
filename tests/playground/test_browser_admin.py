"""Managers' panel by mouse in a real browser, seen by a manager, a member and a stranger."""

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Locator, expect

from bot.domain.job import State
from bot.ui.words import cards as words
from tests.playground.driver import Playground, Visitor, playground_at_a_terminal, visitor
from tools.screenshots import BROWSERS, find_browser

BROWSER = find_browser()

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason=f"none of {', '.join(BROWSERS)} is installed"),
]

SETTINGS = "/kling-admin settings"


@pytest.fixture
async def opened() -> AsyncGenerator[Playground]:
    async with playground_at_a_terminal() as (playground, _):
        yield playground


@pytest.fixture
async def somebody(opened: Playground) -> AsyncGenerator[Visitor]:
    assert BROWSER is not None
    async with visitor(await opened.address(), browser=BROWSER) as newcomer:
        yield newcomer


def the_panel(visitor: Visitor) -> Locator:
    return visitor.messages.filter(has_text="### Settings of this server".removeprefix("### "))


async def open_panel(manager: Visitor) -> Locator:
    """The command is picked by mouse and sent by mouse."""
    await manager.composer.click()
    await manager.page.keyboard.type(SETTINGS)
    await manager.page.locator(".command-entry").first.click()
    await manager.finds_the_page_at_rest()
    await manager.page.locator("#send-message").click()
    await expect(the_panel(manager)).to_be_visible()
    return the_panel(manager)


async def pick(manager: Visitor, panel: Locator, below: str, option: str) -> None:
    """Choose in the select below a title."""
    await manager.sees(panel, below)
    number = await panel.locator(".text-display, .component-row").evaluate_all(
        """(parts, below) => {
            const title = parts.findIndex(part => part.innerText.startsWith(below));
            return parts.slice(0, title).filter(
                part => part.querySelector('.select-trigger')).length;
        }""",
        below,
    )
    await manager.select(panel.get_by_role("combobox").nth(number), option)


async def type_and_submit(manager: Visitor, text: str) -> None:
    """Type into the first line of the window that is open."""
    form = manager.page.locator("dialog, [role=dialog]").filter(
        has=manager.page.locator(".modal-input")
    )
    await form.locator(".modal-input").first.press_sequentially(text)
    await manager.finds_the_page_at_rest()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)


async def nobody_offers(visitor: Visitor) -> None:
    """What is typed finds other commands, and there is no panel to press."""
    await expect(the_panel(visitor)).to_have_count(0)
    await visitor.composer.click()
    await visitor.page.keyboard.type("/kling-")
    offered = visitor.page.locator(".command-entry")
    await expect(offered.filter(has_text="/kling-me").first).to_be_visible()
    await expect(offered.filter(has_text="/kling-admin")).to_have_count(0)
    await visitor.composer.fill("")
    await expect(offered).to_have_count(0)


async def test_a_manager_decides_who_may_and_members_and_strangers_find_it_so(
    opened: Playground, somebody: Visitor
) -> None:
    await somebody.become("manager")
    panel = await open_panel(somebody)
    await pick(somebody, panel, "Who may make videos", "Kite flyers")

    opened.press("r")
    await opened.says("The bot was restarted")
    await somebody.press(panel, "How much")
    await somebody.press(panel, "Limits of each member…")
    await type_and_submit(somebody, "1,00")
    await somebody.sees(panel, "Each member: $1.00 a day")
    await somebody.press(panel, "What")
    await pick(somebody, panel, "Who sees a video, unless", "Only its requester")

    await somebody.become("stranger")
    await nobody_offers(somebody)
    await somebody.say("/kling a kite of a stranger")
    await somebody.is_told_in_private("In this server you need one of these roles")

    await somebody.become("you")
    await nobody_offers(somebody)
    await somebody.say("/kling prompt:a dear kite duration:15")
    await somebody.is_told_in_private("and you have")
    await somebody.say("/kling a kite in a long queue")
    mine = somebody.card("a kite in a long queue")
    await somebody.sees(mine, words.HEADINGS[State.QUEUED])
    await somebody.sees(mine, "Only you can see this")

    await somebody.become("manager")
    await expect(the_panel(somebody)).to_be_visible()
    await expect(mine).to_have_count(0)
