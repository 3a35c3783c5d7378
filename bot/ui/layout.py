"""The pieces that every card is put together from."""

from collections.abc import Iterable
from typing import Any, Final
from zlib import crc32

from discord import ui

from bot.ui.gate import Control

MOST_CHARS: Final = 4_000
"""Discord's limit of all texts of one message; a message of more is refused whole."""


def fitting(lines: Iterable[str], max_chars: int) -> list[str]:
    """The first of these lines, as many as have so many characters together."""
    taken: list[str] = []
    chars = 0
    for line in lines:
        chars += len(line) + len("\n")
        if chars > max_chars:
            break
        taken.append(line)
    return taken


def row_of(*items: ui.Item[Any]) -> ui.ActionRow[ui.LayoutView]:
    """Buttons beside each other, at most five, or one select; those of ours go by their routes."""
    made: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for item in items:
        made.add_item(Control(item) if item.is_dispatchable() else item)
    return made


def view_of(container: ui.Container[ui.LayoutView]) -> ui.LayoutView:
    """A message with this one container; its buttons keep their state in their custom_ids."""
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def note(text: str) -> ui.LayoutView:
    """Plain sentences in the form of a card: Discord cannot turn plain content into one later."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    return view


def component_id(*state: object) -> int:
    """An id of its own for a part in a certain state.

    Parts without one are counted through, and then a client takes what it remembers of one select
    for another that stands in its place after an edit.
    """
    return crc32(repr(state).encode()) & 0x7FFF_FFFF or 1
