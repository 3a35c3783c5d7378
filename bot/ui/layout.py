"""The parts that every card is built from."""

from collections.abc import Iterable
from typing import Any, Final
from zlib import crc32

from discord import ui

from bot.ui.gate import Control

MOST_CHARS: Final = 4_000
"""Discord's limit on all texts of one message; it refuses a longer message as a whole."""


def fitting(lines: Iterable[str], max_chars: int) -> list[str]:
    """The first of these lines, as many as fit into the given number of characters."""
    taken: list[str] = []
    chars = 0
    for line in lines:
        chars += len(line) + len("\n")
        if chars > max_chars:
            break
        taken.append(line)
    return taken


def row_of(*items: ui.Item[Any]) -> ui.ActionRow[ui.LayoutView]:
    """At most five buttons side by side, or one select; routes serve ours."""
    made: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for item in items:
        made.add_item(Control(item) if item.is_dispatchable() else item)
    return made


def add_buttons(container: ui.Container[ui.LayoutView], *rows: ui.ActionRow[ui.LayoutView]) -> None:
    """Put the buttons below everything that is read, with one line between."""
    container.add_item(ui.Separator())
    for row in rows:
        container.add_item(row)


def view_of(*parts: ui.Item[ui.LayoutView]) -> ui.LayoutView:
    """A message of these parts, which the library forgets as soon as it is sent.

    It would keep a private one for a quarter of an hour, with a task that waits for presses: ours
    are taken by their custom_ids.
    """
    view = ui.LayoutView(timeout=None)
    for part in parts:
        view.add_item(part)
    view.stop()
    # Parts that know what they are in stay until the collector of garbage runs: 200 for each job.
    for item in view.walk_children():
        item._view = item._parent = None  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - no public way
    return view


def note(text: str) -> ui.LayoutView:
    """Plain sentences as a card: Discord cannot turn plain content into a card later."""
    return view_of(ui.TextDisplay(text))


def component_id(*state: object) -> int:
    """A distinct id for a part in a certain state.

    Discord numbers parts without an id; after an edit, a client would then apply what it
    remembers of one select to another in the same position.
    """
    return crc32(repr(state).encode()) & 0x7FFF_FFFF or 1
