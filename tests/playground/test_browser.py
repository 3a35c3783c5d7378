"""The story that a newcomer plays: typed, watched, cancelled and restarted in a real browser."""

import re

from playwright.async_api import expect

from bot.domain.job import State
from bot.domain.outcomes import FailureReason
from bot.features.ordering import CancelRefusal
from bot.playground.stage import FIRST_COMMAND
from bot.ui.words import cards as words
from tests.playground.driver import NEEDS_A_BROWSER, Playground, Visitor

CANCEL_LABEL = "Cancel"

pytestmark = NEEDS_A_BROWSER


async def test_a_video_plays_and_another_is_cancelled_in_the_queue(you: Visitor) -> None:
    await you.say(FIRST_COMMAND)
    kite = you.card("a red kite over the sea")

    await you.pick("/kling")
    await you.page.keyboard.type("a kite in a long queue")
    await you.choose("sound", "False")
    await you.send()
    other = you.card("a kite in a long queue")
    await you.sees(other, words.HEADINGS[State.QUEUED])
    await you.sees(other, "silent")
    await you.become("stranger")
    await you.press(other, CANCEL_LABEL)
    await you.is_told_in_private(words.CANCEL_REFUSALS[CancelRefusal.NOT_YOURS])
    await you.become("you")
    await you.press(other, CANCEL_LABEL)
    await you.sees(other, words.HEADINGS[State.CANCELLED])
    await you.is_told_in_private(words.CANCELLED)

    # What its card says on the way may be over before a slow page shows it.
    await expect(kite.get_by_role("button", name=CANCEL_LABEL)).to_have_count(0)
    await you.sees(kite, "Continue…")
    await you.sees(kite, "0:00 / 0:05")
    await kite.get_by_role("button", name="Play").click()
    await you.sees(kite, re.compile("0:0[1-5] / 0:05"))


async def test_a_restart_in_mid_render_ends_in_a_video_on_the_same_card(
    opened: Playground, you: Visitor
) -> None:
    await you.say("/kling prompt:a slow kite duration:3")
    kite = you.card("a slow kite")
    await you.sees(kite, words.HEADINGS[State.RENDERING])
    before = await kite.get_attribute("data-message-id")
    await you.pick("/kling")
    await you.page.keyboard.type("words that fail ")
    opened.press("r")
    await opened.says("The bot has restarted")
    await you.page.keyboard.type("to be lost")
    await you.send()

    failing = you.card("words that fail to be lost")
    await you.sees(failing, words.HEADINGS[State.QUEUED])
    await you.sees(kite, "Continue…")
    await you.sees(kite, "0:00 / 0:03")
    assert await kite.get_attribute("data-message-id") == before
    await you.sees(failing, words.HEADINGS[State.FAILED])
    await you.sees(failing, words.FAILURES[FailureReason.GENERATION_FAILED])
