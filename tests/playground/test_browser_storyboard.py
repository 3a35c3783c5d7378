"""A storyboard is built by mouse and keyboard in a real browser, generated, changed, run again."""

from playwright.async_api import Locator, expect

from tests.playground.driver import NEEDS_A_BROWSER, Visitor

GENERATE = "Generate"

ADD = "Add shot"

pytestmark = NEEDS_A_BROWSER

PROMPT = "a red kite over the sea"


async def newest_builder(you: Visitor, number: int) -> Locator:
    """The last builder in the channel, once there are so many."""
    builders = you.messages.filter(has_text="🎞️ Storyboard")
    await expect(builders).to_have_count(number)
    return builders.last


async def fill(you: Visitor, builder: Locator, button: str, text: str, seconds: int = 0) -> None:
    """Open a form by mouse, write by keyboard, choose a length, and submit."""
    await you.press(builder, button)
    await you.form.locator(".modal-input").fill("")
    await you.form.locator(".modal-input").press_sequentially(text)
    if seconds:
        await you.form.get_by_role("combobox").click()
        await you.form.locator(f".select-option[data-value='{seconds}']").click()
    await you.submit()


async def test_three_shots_are_built_generated_changed_and_run_again(you: Visitor) -> None:
    await you.call("/storyboard")
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
