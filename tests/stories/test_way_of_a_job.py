"""The way of a job through the house is as short as the map in docs/architecture.md shows it."""

import asyncio
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from types import CodeType, CoroutineType
from typing import Any, Final

from bot.domain.job import State
from bot.playground.runcomfy_scenario import Fault, Hangs, Scenario
from tests.meta.sources import ROOT, stops_in
from tests.stories.harness import Story

FRAMES_AT_MOST: Final = 16


async def test_from_the_command_to_the_post(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(Hangs(), accepted=True),)))
    await story.alice.slash(story.channel, "kling", prompt="a kite")
    await story.wait_for(lambda: len(story.server.posts) == 1)
    job = await story.job()
    assert job.state is State.SUBMITTING
    (watch,) = [task for task in asyncio.all_tasks() if task.get_name() == f"watch {job.id}"]
    # As far as aiohttp, which calls back into a middleware of ours.
    met = list(takewhile(lambda stop: stop is not None, map(stop_of, awaited_by(watch))))
    await story.world.restart_bot()  # which ends the POST that hangs
    told = stops_told()
    assert len(told) <= FRAMES_AT_MOST
    # What a task waits in is its own part of the way; the command was answered long ago.
    assert met == told[-len(met) :]
    assert met[0] == ("bot/runner/watches.py", "_to_the_end")


def stops_told() -> list[tuple[str, str]]:
    """The stops of the map, in order: a module and a function each."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = text.split("From the command to the POST.")[1].split("From the result to the card:")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and line[2].isdigit()]
    return [stop for row in rows for stop in stops_in(row.split(" | ")[1])]


def awaited_by(task: asyncio.Task[Any]) -> Iterator[CodeType]:
    """What the task waits in: each coroutine of ours that waits for the next."""
    waiting: Any = task.get_coro()
    while isinstance(waiting, CoroutineType):
        yield waiting.cr_code
        waiting = waiting.cr_await


def stop_of(code: CodeType) -> tuple[str, str] | None:
    """The module and function; None for what is not the bot's."""
    path = Path(code.co_filename)
    inside = path.is_relative_to(ROOT / "bot") or path.is_relative_to(ROOT / "cogs")
    return (str(path.relative_to(ROOT)), code.co_name) if inside else None
