"""The pieces that every card is put together from."""

from typing import Any

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
