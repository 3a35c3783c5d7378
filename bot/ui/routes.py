"""Routes: connect our custom_ids to the handlers that serve them.

A custom_id begins with `kling:` and carries all its state. So after any restart the present code
serves actions on any card, however old. A card names a route and imports no handler; each cog puts
its handlers into the client's table when it is loaded.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Final

import discord
from discord import ui

OURS: Final = re.compile(r"kling:.+", flags=re.DOTALL)
"""Matches every custom_id of ours, of this version and of any other."""
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
    """The route's arguments."""
    item: ui.Item[Any] | None = None
    """The button or select as its message shows it; None for a modal."""
    values: Sequence[str] = ()
    """The values chosen in the select."""
    texts: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """The texts typed into the modal, by input; one of them may be a secret."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """The values chosen in the modal, by select."""
    files: Mapping[str, Sequence[discord.Attachment]] = field(
        default_factory=dict[str, Sequence[discord.Attachment]]
    )
    """The files handed over in the modal, by input."""

    def __getitem__(self, argument: str) -> str:
        return self.arguments[argument]


Handler = Callable[[discord.Interaction[Any], Action], Awaitable[None]]
"""Checks again whether the person may do this: they may have lost it since the card was sent."""


class Routes:
    """The client's table of routes, filled by its cogs."""

    def __init__(self) -> None:
        self._handlers: list[tuple[Route, Handler]] = []

    def __iter__(self) -> Iterator[Route]:
        return (route for route, _ in self._handlers)

    def add(self, *handlers: tuple[Route, Handler]) -> None:
        """Serve these routes from now on."""
        self._handlers += handlers

    def find(self, custom_id: str) -> tuple[Handler, Mapping[str, str]] | None:
        """The handler of a custom_id, with its arguments; None if it is another version's."""
        for route, handler in self._handlers:
            if (arguments := route.match(custom_id)) is not None:
                return handler, arguments
        return None
