"""The page in the browser, kept in step with a world that goes on by itself.

SimCord's page is made for scenarios that hold still while they are looked at: it refuses what a
person does while time moves on, and what was pressed on a page half a second old. Discord does
neither, so this stands between the two. It is the one place that reaches into SimCord, whose
version is pinned.
"""
# SimCord offers no public way to any of this:
# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import simcord
from simcord.preview import Preview

from bot.generation.ports import Clock
from bot.playground.typed import Action, as_command
from bot.playground.world import World

logger = logging.getLogger(__name__)

TICK_S = 0.25
FRESH_TIMES_S = 10.0
"""How often an unchanged page is redrawn for its "2 minutes ago"."""

Act = Callable[[str | None, Action], Awaitable[dict[str, Any]]]


class Page:
    """One operation on the world at a time: a tick, what a person does, or a restart."""

    def __init__(self, *, world: World, preview: Preview, clock: Clock) -> None:
        self._world = world
        self._preview = preview
        self._clock = clock
        self._turn = asyncio.Lock()
        self._drawn_events = -1
        self._drawn_at = clock.now()
        self._act: Act = preview._action
        preview._action = self._act_in_turn

    async def keep_in_step(self) -> None:
        """Move the simulated time with the real one and redraw after changes, until it closes."""
        failed_before = False
        while not self._preview._closed:
            try:
                async with self._turn:
                    await self._step()
                failed_before = False
            except Exception:  # the playground goes on, whatever one tick met
                if not failed_before and not self._preview._closed:
                    logger.exception("the page could not be redrawn; it is tried again and again")
                failed_before = True
            await self._clock.sleep(TICK_S)

    async def restart_bot(self) -> None:
        """Restart the bot alone."""
        async with self._turn:
            await self._world.restart_bot()

    async def _step(self) -> None:
        await self._catch_up()
        await self._redraw()

    async def _catch_up(self) -> None:
        # A handler of the bot that takes long is waited for in vain, and goes on all the same.
        with suppress(TimeoutError):
            await self._world.env.advance_time(behind_s(self._world.env, self._clock))

    async def _redraw(self) -> None:
        events = len(self._world.env.backend.transcript)
        waited_s = (self._clock.now() - self._drawn_at).total_seconds()
        if events == self._drawn_events and waited_s < FRESH_TIMES_S:
            return
        await self._preview.refresh()
        self._drawn_events = events
        self._drawn_at = self._clock.now()

    async def _act_in_turn(self, context_id: str | None, body: Action) -> dict[str, Any]:
        async with self._turn:
            await self._catch_up()
            self._preview._advance_presentation_time()
            return await self._act(context_id, self._as_of_now(context_id, body))

    def _as_of_now(self, context_id: str | None, action: Action) -> Action:
        """The action as if the browser had read the latest page.

        A button is looked up in its message as that stands now; one that is gone is refused.
        """
        page = self._preview._pages.get(context_id or "")
        if page is None:
            return action
        now = {"published_revision": page.revision, "bot_generation": self._world.env._generation}
        return as_command({**action, **now}, page.command_catalog.get("entries", ()))


def behind_s(env: simcord.Env, clock: Clock) -> float:
    """How far the simulated time is behind the real one; it starts in the past."""
    return max(0.0, (clock.now() - env.now()).total_seconds())
