"""From the greeting to a video, and on to one like it, by mouse; and around."""

from playwright.async_api import Locator, expect

from bot.playground.runcomfy_scripts import WORDS
from bot.playground.stage import FIRST_COMMAND
from bot.ui.buttons import LIKE, RESEND, SHARE
from cogs.kling.message_menu import MENU_NAME
from cogs.kling_help import EXAMPLES
from tests.playground.driver import NEEDS_A_BROWSER, Visitor

pytestmark = NEEDS_A_BROWSER


def saying(visitor: Visitor, text: str) -> Locator:
    return visitor.messages.filter(has_text=text)


async def test_from_the_greeting_to_a_video_like_the_first_one(you: Visitor) -> None:
    greeting = saying(you, "Hello! I make videos with Kling 3.0")
    await expect(greeting).to_have_count(1)
    await you.press(greeting, "Set up")
    await you.is_told_in_private("You need the Manage Server permission for that.")

    await you.become("manager")
    await you.press(greeting, "Set up")
    await you.press(saying(you, "1 of 4: who pays"), "Leave it so")
    step = saying(you, "2 of 4: how much a day")
    await you.sees(step, "Each member")
    await you.select(step.get_by_role("combobox").nth(1), "5 videos a day")
    await you.press(step, "Save and go on")
    await you.press(saying(you, "3 of 4: where"), "Skip")
    await you.press(saying(you, "4 of 4: who"), "Skip")
    await you.sees(saying(you, "All set"), "5 videos a day each; $5.00 a day")

    await you.become("you")
    await you.call("/kling-help")
    card = saying(you, "Videos from your words")
    await you.sees(card, "5 of 5 videos left")
    await you.press(card.locator(".component-section").first, "Use this")
    await expect(you.form.locator("textarea").first).to_have_value(EXAMPLES[0].prompt)
    await you.submit()
    video = saying(you, EXAMPLES[0].prompt).filter(has_text="New here?")
    await expect(video.get_by_role("button", name=RESEND.label)).to_be_visible()

    await you.press(video, SHARE.label)
    await you.is_told_in_private("It's in the showcase now")
    await you.become("stranger")
    await you.go("→ #showcase", to="showcase")
    post = saying(you, EXAMPLES[0].prompt)
    await expect(post.locator("video")).to_have_count(1)
    await you.press(post, LIKE.label)
    await expect(you.form.locator("textarea").first).to_have_value(EXAMPLES[0].prompt)
    await you.form.locator("textarea").first.fill("a paper kite in the rain")
    await you.submit()
    made = you.card("a paper kite in the rain")
    await expect(made.get_by_role("button", name=RESEND.label)).to_be_visible()
    await you.sees(made, "inspired by @you's “")


async def test_the_guide_leads_through_a_list_a_menu_and_a_direct_message(
    you: Visitor,
) -> None:
    guide = saying(you, FIRST_COMMAND)
    await you.press(guide, "What else can happen?")
    await you.sees(guide, WORDS["stubborn"][0])

    await you.say("a fox in the snow")
    fox = saying(you, "a fox in the snow")
    await fox.hover()
    await fox.get_by_role("button", name="Reply").first.click()
    await you.say(MENU_NAME)
    await expect(you.form.locator("textarea").first).to_have_value("a fox in the snow")
    await you.form.get_by_role("button", name="Cancel").click()
    await expect(you.form).to_have_count(0)

    await you.go("→ direct message", to="Kling")
    await expect(fox).to_have_count(0)
    await you.say("/kling a long queue")
    await you.sees(you.card("a long queue"), "In the queue")
    await you.press(you.card("a long queue"), "Cancel")
    await you.sees(you.card("a long queue"), "Cancelled")
