"""The pieces that every card is put together from."""

from typing import Any
from zlib import crc32

from discord import ui


def row_of(*items: ui.Item[Any]) -> ui.ActionRow[ui.LayoutView]:
    """Buttons beside each other, at most five, or one select."""
    made: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for item in items:
        made.add_item(item)
    return made


def view_of(container: ui.Container[ui.LayoutView]) -> ui.LayoutView:
    """A message with this one container; its buttons keep their state in their custom_ids."""
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def component_id(*state: object) -> int:
    """An id of its own for a part in a certain state.

    Parts without one are counted through, and then a client takes what it remembers of one select
    for another that stands in its place after an edit.
    """
    return crc32(repr(state).encode()) & 0x7FFF_FFFF or 1
