"""What Discord has and SimCord's page lacks: other channels, menus of messages, languages.

The page's list *Viewing as* also leads elsewhere. A reply that names an entry of a message's menu
chooses it. As `page.py`, this uses SimCord's internals, whose version is pinned.
"""
# SimCord has no public API for any of this:
# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001

from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from simcord import ChannelHandle, MemberActor
from simcord.enums import AppCommandType
from simcord.preview import Preview
from simcord.preview._pages import _Page
from simcord.results import ResponseMessage

from bot.playground.stage import Stage, guide_message
from bot.playground.typed import Action
from bot.playground.world import World

_PLACE: Final = "place:"
"""Before what stands for a place where the page names a viewer."""
_DIRECT: Final = f"{_PLACE}direct"

Plan = Callable[[Any, int], Awaitable[dict[str, Any]]]
"""What SimCord does once it has admitted an action."""


class PageExtras:
    """Stands between SimCord's check of an action and what it does."""

    def __init__(self, *, world: World, stage: Stage, preview: Preview) -> None:
        self._world = world
        self._stage = stage
        self._preview = preview
        self._home = preview.channel
        world.locales.update({member.id: code for code, member in stage.speakers.items()})
        self._members = {str(member.id): member for member in stage.people}
        self._places = {f"{_PLACE}{each.id}": each for each in stage.places.values()}
        self._lists_words = False
        self._prepare: Callable[[_Page, str, Action], Plan] = preview._prepare_action
        preview._prepare_action = self._prepared

    @contextmanager
    def in_its_place(self, page: _Page) -> Generator[None]:
        """Let SimCord send and run commands where the page is, and not where all pages begin."""
        self._preview.channel = self._channel(page.channel_id)
        try:
            yield
        finally:
            self._preview.channel = self._home

    def add_to(self, payload: dict[str, Any], page: _Page) -> None:
        """Add the ways to other places, and the language of the person."""
        payload["profile"]["locale"] = self._world.locale_of(page.viewer.id)
        ways = {
            f"{_PLACE}{place.id}": f"→ {name}"
            for name, place in self._stage.places.items()
            if place.id != page.channel_id
        }
        if self._is_in_server(page):
            ways[_DIRECT] = "→ direct message"
        payload["viewers"] += [{"id": key, "name": name} for key, name in ways.items()]

    def _prepared(self, page: _Page, kind: str, body: Action) -> Plan:
        if kind == "viewer":
            return self._looks_elsewhere(page, body)
        if kind == "click" and self._asks_the_guide(page, body):
            return self._guided(page)
        if kind == "send_message" and (entry := self._menu_entry(page, body)) is not None:
            return self._chosen(page, body, entry)
        return self._prepare(page, kind, body)

    def _looks_elsewhere(self, page: _Page, body: Action) -> Plan:
        """Another person in the same place, or the same person in another one."""
        chosen = str(body.get("viewer_id"))
        viewer_id = str(page.viewer.id) if chosen.startswith(_PLACE) else chosen
        member = self._members.get(viewer_id)
        if member is None:
            return self._prepare(page, "viewer", body)
        if chosen == _DIRECT or (chosen not in self._places and not self._is_in_server(page)):
            viewer, place = member.user, member.user.dm_channel
        else:
            viewer, place = member, self._places.get(chosen) or self._channel(page.channel_id)
        own, self._preview.viewers = self._preview.viewers, (viewer,)
        try:
            look = self._prepare(page, "viewer", {**body, "viewer_id": viewer_id})
        finally:
            self._preview.viewers = own

        async def move(action: Any, cursor: int) -> dict[str, Any]:  # noqa: ANN401 - SimCord's own
            page.channel_id = place.id
            return await look(action, cursor)

        return move

    def _asks_the_guide(self, page: _Page, body: Action) -> bool:
        message = self._world.env.backend.messages.get(page.channel_id, {}).get(
            _id_in(body, "target_id")
        )
        return message is not None and message.author_id == self._stage.guide.id

    def _guided(self, page: _Page) -> Plan:
        """Unfold the guide's list of words, or fold it again."""
        redraw = self._prepare(page, "refresh", {})

        async def unfold(action: Any, cursor: int) -> dict[str, Any]:  # noqa: ANN401 - SimCord's own
            self._lists_words = not self._lists_words
            said = guide_message(with_words=self._lists_words)
            self._world.env.backend.edit_message(
                page.channel_id, int(action.target["messageId"]), said
            )
            return await redraw(action, cursor)

        return unfold

    def _menu_entry(self, page: _Page, body: Action) -> str | None:
        """The entry of the message's menu that a reply to it names; there is none in private."""
        if body.get("reply_to_id") is None or not self._is_in_server(page):
            return None
        entries: Mapping[str, str] = {
            command["name"].casefold(): command["name"]
            for command in self._world.env.backend.visible_commands(
                user_id=page.viewer.id, channel_id=page.channel_id, type=AppCommandType.MESSAGE
            )
        }
        return entries.get(str(body.get("content")).strip().casefold())

    def _chosen(self, page: _Page, body: Action, entry: str) -> Plan:
        message = self._preview._target_message(page, _id_in(body, "reply_to_id"))
        viewer = page.viewer

        async def choose(action: Any, cursor: int) -> dict[str, Any]:  # noqa: ANN401 - SimCord's own
            target = ResponseMessage(self._world.env, message)
            chosen = viewer.context_menu(self._channel(page.channel_id), entry, target)
            return await self._preview._run_interaction_action(
                page, action, cursor, chosen, republish_all=True
            )

        return choose

    def _is_in_server(self, page: _Page) -> bool:
        return isinstance(page.viewer, MemberActor)

    def _channel(self, channel_id: int) -> ChannelHandle:
        channel = self._world.env.backend.get_channel(channel_id)
        guild = None if channel.guild_id is None else self._stage.guild
        return ChannelHandle(self._world.env, guild, channel)


def _id_in(body: Action, name: str) -> int:
    """A message's ID; 0, which no message has, where it is none."""
    text = str(body.get(name))
    return int(text) if text.isdecimal() else 0
