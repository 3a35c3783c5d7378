"""Managers' panel by mouse in a real browser, seen by a manager, a member and a stranger."""

from playwright.async_api import Locator, expect

from bot.domain.job import State
from bot.ui.words import cards as words
from tests.playground.driver import NEEDS_A_BROWSER, Playground, Visitor

pytestmark = NEEDS_A_BROWSER


def the_panel(visitor: Visitor) -> Locator:
    return visitor.messages.filter(has_text="Settings of this server")


async def open_panel(manager: Visitor) -> Locator:
    await manager.call("/kling-admin settings")
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
    opened: Playground, you: Visitor
) -> None:
    await you.become("manager")
    panel = await open_panel(you)
    await pick(you, panel, "Who may make videos", "Kite flyers")

    opened.press("r")
    await opened.says("The bot has restarted")
    await you.press(panel, "How much")
    await you.press(panel, "Limits of each member…")
    await you.form.locator(".modal-input").first.press_sequentially("1,00")
    await you.submit()
    await you.sees(panel, "Each member: $1.00 a day")
    await you.press(panel, "What")
    await pick(you, panel, "Who sees a video, unless", "Only its requester")

    await you.become("stranger")
    await nobody_offers(you)
    await you.say("/kling a kite of a stranger")
    await you.is_told_in_private("In this server you need one of these roles")

    await you.become("you")
    await nobody_offers(you)
    await you.say("/kling prompt:a dear kite duration:15")
    await you.is_told_in_private("and you have")
    await you.say("/kling a kite in a long queue")
    mine = you.card("a kite in a long queue")
    await you.sees(mine, words.HEADINGS[State.QUEUED])
    await you.sees(mine, "Only you can see this")

    await you.become("manager")
    await expect(the_panel(you)).to_be_visible()
    await expect(mine).to_have_count(0)
