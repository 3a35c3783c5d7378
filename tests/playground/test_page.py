"""The page keeps in step with its world, and hears whatever a person does on it."""

import asyncio
import re
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import discord
import pytest
from PIL import Image

from bot.domain.job import State
from bot.features.ordering import CancelRefusal
from bot.playground.page import FRESH_TIMES_S
from bot.playground.runcomfy_scenario import Delays, Ending, Fault, Scenario
from bot.ui.words import cards as words
from tests.patience import PATIENCE_S
from tests.pictures import a_picture, saved
from tests.playground.scene import Scene, opened_scene, view_of


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    async with opened_scene(tmp_path) as opened:
        yield opened


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
    assert record.message == "couldn't redraw the page; trying again"


async def test_ticks_end_with_the_page(scene: Scene) -> None:
    async with scene.going_on() as ticking:
        await scene.preview.close()
        await asyncio.wait_for(ticking, PATIENCE_S)
