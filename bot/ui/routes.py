"""Routes: a custom_id of ours on one side, the handler that serves it on the other.

A custom_id begins with `kling:` and carries all its state. So what people do with a card, however
old it is, is served by the present code after any restart. A card names a route and imports no
handler; each cog puts its handlers into the client's table when it is loaded.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Final

import discord
from discord import ui

OURS: Final = re.compile(r"kling:.+", flags=re.DOTALL)
"""Every custom_id of ours, of this version and of any other."""
_ID: Final = "[0-9a-z-]+"


class Route:
    """The custom_ids of one kind of button, select or modal, such as `kling:cancel:{job_id}`.

    An argument matches an id of a job or draft, unless a pattern of its own is given for it.
    """

    def __init__(self, template: str, **patterns: str) -> None:
        self.template = template
        self._pattern = re.compile(
            "".join(
                re.escape(text) + ("" if name is None else _group(name, patterns))
                for text, name, _, _ in Formatter().parse(template)
            ),
            flags=re.DOTALL,
        )

    def of(self, **arguments: str | int) -> str:
        """The custom_id with these arguments.

        Raises:
            ValueError: this route would not serve it.
        """
        custom_id = self.template.format(**arguments)
        if self.match(custom_id) is None:
            raise ValueError(f"{self.template} does not take {arguments}")
        return custom_id

    def match(self, custom_id: str) -> Mapping[str, str] | None:
        """The arguments of a custom_id; None if it belongs to another route."""
        found = self._pattern.fullmatch(custom_id)
        return None if found is None else found.groupdict()


def _group(name: str, patterns: Mapping[str, str]) -> str:
    return f"(?P<{name}>{patterns.get(name, _ID)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a person did with a button, a select or a modal."""

    arguments: Mapping[str, str]
    """Those of the route."""
    item: ui.Item[Any] | None = None
    """The button or select as its message shows it; None for a modal."""
    values: Sequence[str] = ()
    """What was chosen in the select."""
    texts: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """What was typed into the modal, by its inputs; one of them may be a secret."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """What was chosen in the modal, by its selects."""

    def __getitem__(self, argument: str) -> str:
        return self.arguments[argument]


Handler = Callable[[discord.Interaction[Any], Action], Awaitable[None]]
"""Asks again whether the person may do this: a card is older than a permission that was lost."""


class Routes:
    """The table of a client, filled by its cogs."""

    def __init__(self) -> None:
        self._handlers: list[tuple[Route, Handler]] = []

    def __iter__(self) -> Iterator[Route]:
        return (route for route, _ in self._handlers)

    def add(self, *handlers: tuple[Route, Handler]) -> None:
        """Serve these routes from now on."""
        self._handlers += handlers

    def find(self, custom_id: str) -> tuple[Handler, Mapping[str, str]] | None:
        """What serves a custom_id, with its arguments; None if it is of another version."""
        for route, handler in self._handlers:
            if (arguments := route.match(custom_id)) is not None:
                return handler, arguments
        return None
