"""Plain sentences in the form of a card, so that a card may take their place later."""

from discord import ui


def note(text: str) -> ui.LayoutView:
    """A message with nothing but this text; Discord cannot turn plain content into a card."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    return view
