"""Keeps the page in the browser in step with a world that goes on by itself.

SimCord's page is made for scenarios that hold still: it refuses actions while time moves on, and
actions on a page that is half a second old. Discord does neither, so this module stands between the
two. Only this module and `extras.py` use SimCord's internals; SimCord's version is pinned.
"""
# SimCord has no public API for any of this:
# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import simcord
from simcord.preview import Preview, _media
from simcord.preview._action_plans import _component_key, _component_paths
from simcord.preview._assets import _Asset
from simcord.preview._pages import _Page

from bot.domain.ports import Clock
from bot.playground.extras import PageExtras
from bot.playground.stage import Stage
from bot.playground.typed import Action, as_command
from bot.playground.world import World

logger = logging.getLogger(__name__)

TICK_S = 0.25
FRESH_TIMES_S = 10.0
"""How often an unchanged page is redrawn for its "2 minutes ago"."""

MEDIA_PATIENCE_S = 180.0
"""How long SimCord may take to encode a video for the browser: a busy machine needs minutes."""

_resolve_in_its_message = _Page._resolve_blob

Act = Callable[[str | None, Action], Awaitable[dict[str, Any]]]


class PlaygroundPage:
    """Runs one operation on the world at a time: a tick, a person's action, or a restart."""

    def __init__(self, *, world: World, stage: Stage, preview: Preview, clock: Clock) -> None:
        self._world = world
        self._extras = PageExtras(world=world, stage=stage, preview=preview)
        self._preview = preview
        self._clock = clock
        self.turn = asyncio.Lock()
        """The holder acts on the world; all others wait."""
        self._drawn_events = -1
        self._drawn_at = clock.now()
        _media.WORKER_DEADLINE_SECONDS = MEDIA_PATIENCE_S
        _Page._resolve_blob = _resolve_by_link
        self._buttons_read: dict[str, dict[str, str]] = {}
        self._act: Act = preview._action
        preview._action = self._act_in_turn
        self._payload: Callable[[_Page], dict[str, Any]] = preview._page_payload
        preview._page_payload = self._payload_remembered

    async def keep_in_step(self) -> None:
        """Step repeatedly, in spite of errors, until the page is closed."""
        failed_before = False
        while not self._preview._closed:
            try:
                await self.step()
                failed_before = False
            except Exception:  # the playground goes on after any error in a tick
                if not failed_before and not self._preview._closed:
                    logger.exception("couldn't redraw the page; trying again")
                failed_before = True
            await self._clock.sleep(TICK_S)

    async def restart_bot(self) -> None:
        """Restart the bot alone."""
        async with self.turn:
            await self._world.restart_bot()

    async def step(self) -> None:
        """Advance the simulated time to the real one, and redraw on news or after a while."""
        async with self.turn:
            await self._catch_up()
            await self._redraw()

    async def _catch_up(self) -> None:
        # Waiting for a slow handler of the bot times out, and the handler goes on.
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
        async with self.turn:
            await self._catch_up()
            self._preview._advance_presentation_time()
            page = self._preview._pages.get(context_id or "")
            if page is None:
                return await self._act(context_id, body)
            with self._extras.in_its_place(page):
                return await self._act(context_id, self._as_of_now(page, body))

    def _payload_remembered(self, page: _Page) -> dict[str, Any]:
        payload = self._payload(page)
        self._extras.add_to(payload, page)
        # A restart of the bot does not disturb a person who is typing.
        payload["botGeneration"] = 1
        # Added to the earlier keys: the browser may still show an older page.
        known = self._buttons_read.setdefault(page.id, {})
        for message in payload["messages"].values():
            known.update(_buttons(message["components"], int(message["id"])))
        return payload

    def _as_of_now(self, page: _Page, body: Action) -> Action:
        """The action as if the browser had read the latest page."""
        now: dict[str, object] = {
            "published_revision": page.revision,
            "bot_generation": self._world.env._generation,
        }
        if body.get("kind") in {"click", "select"}:
            now["control_key"] = self._key_now(page, body)
        return as_command({**body, **now}, page.command_catalog.get("entries", ()))

    def _key_now(self, page: _Page, body: Action) -> object:
        """The current key of the button: a card that gains a line moves its buttons.

        A deleted button's key must not reach the button in its place: SimCord refuses no key.
        """
        key, target = body.get("control_key"), str(body.get("target_id"))
        pressed = self._buttons_read.get(page.id, {}).get(str(key))
        messages = self._world.env.backend.messages.get(page.channel_id, {})
        message = messages.get(int(target)) if target.isdecimal() else None
        if message is None or pressed is None:
            return key
        buttons = _buttons(message.components, message.id)
        return next((now for now, custom_id in buttons.items() if custom_id == pressed), None)


def _resolve_by_link(
    self: _Page,
    record: _Asset,
    metadata: Mapping[str, Any],
    source: tuple[Any, ...] | None,
) -> None:
    """Find what a message shows by its link.

    Discord shows an attachment by its link in every message, SimCord only in the one that has it.
    """
    is_kept = self.preview.env.backend.cdn.get(str(metadata.get("url"))) is not None
    is_link = source is not None and source[0] == "message"
    _resolve_in_its_message(
        self, record, metadata, ("attachment",) if is_link and is_kept else source
    )


def _buttons(components: Sequence[dict[str, Any]], message_id: int) -> dict[str, str]:
    """The custom_id of each button by SimCord's key to it."""
    return {
        key: part["custom_id"]
        for index, component in enumerate(components)
        for path, part in _component_paths(component, str(index))
        if "custom_id" in part and (key := _component_key(part, path, message_id)) is not None
    }


def behind_s(env: simcord.Env, clock: Clock) -> float:
    """How far the simulated time is behind the real one, in seconds; it starts in the past."""
    return max(0.0, (clock.now() - env.now()).total_seconds())
