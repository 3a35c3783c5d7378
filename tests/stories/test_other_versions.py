"""Cards and modals of other versions: each of ours is answered, and nothing is kept of them."""

import asyncio
from typing import Any

import discord
from discord import ui

from bot.domain.job import State
from bot.ui.gate import OTHER_VERSION
from tests.stories.harness import Story, private_words
from tests.stories.panel import a_manager, opened
from tests.stories.test_strangers import forge


async def test_a_button_that_no_version_of_ours_knows_is_answered(story: Story) -> None:
    channel = story.world.app.bot.get_channel(story.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="x", custom_id="kling:remix:0a1b2c")))
    message = await channel.send(view=view)
    view.stop()
    pressed = await story.alice.click(message, custom_id="kling:remix:0a1b2c")
    await story.settle()
    assert private_words(pressed) == OTHER_VERSION


async def test_a_modal_that_no_version_of_ours_knows_is_answered(story: Story) -> None:
    manager = a_manager(story)
    window = await manager.slash(story.channel, "kling-admin words add")
    forge(window, "kling:remix-form:0a1b2c", "text")
    submitted = await manager.submit_modal(window, {"text": "a kite"})
    await story.settle()
    assert private_words(submitted) == OTHER_VERSION


async def test_cards_leave_nothing_in_the_librarys_memory_and_one_class_takes_them_all(
    story: Story,
) -> None:
    await story.kling()
    await story.until(State.DELIVERED)
    panel = await opened(story, a_manager(story))
    await panel.turn_to("more")
    await story.alice.slash(story.channel, "kling-me settings")
    await a_manager(story).slash(story.channel, "kling-admin words add")
    await story.settle()
    store: Any = story.world.app.bot._connection._view_store  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - no public list
    assert store._views == store._modals == {}  # noqa: SLF001
    assert [one.__name__ for one in store._dynamic_items.values()] == ["Control"]  # noqa: SLF001
    # Otherwise a private card would be waited for, and kept, for a quarter of an hour.
    assert not [task for task in asyncio.all_tasks() if "timeout_task" in str(task.get_coro())]
