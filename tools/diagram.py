"""The lifecycle as a picture and a list, generated from its table so that neither goes out of date.

`python -m tools.diagram` writes both into docs/lifecycle.md.
"""

import inspect
import sys
from pathlib import Path

from bot.domain.job import LIVE_STATES, State
from bot.domain.lifecycle import EVENTS, TABLE, Event

BEGIN = "<!-- drawn from bot/domain/lifecycle.py: begin -->"
END = "<!-- drawn from bot/domain/lifecycle.py: end -->"
_NOT_OVER = LIVE_STATES | {State.UNSURE}
DOCUMENT = Path(__file__).parents[1] / "docs" / "lifecycle.md"


def mermaid() -> str:
    """The moves as a Mermaid state diagram, without events that change nothing anywhere."""
    anywhere = _harmless_anywhere()
    moves = [
        f"    {source} --> {target}: {event.__name__}"
        for (source, event), target in TABLE.items()
        if event not in anywhere
    ]
    ends = [f"    {state} --> [*]" for state in State if state not in _NOT_OVER]
    beginning = f"    [*] --> {State.ASKED}"
    return "\n".join(["stateDiagram-v2", beginning, *moves, *ends])


def events_table() -> str:
    """Each event with its meaning, and the states in which it may happen, as a Markdown table."""
    rows = [f"| `{event.__name__}` | {_where(event)} | {_says(event)} |" for event in EVENTS]
    return "\n".join(["| event | may happen in | what it says |", "| --- | --- | --- |", *rows])


def redrawn(document: str) -> str:
    """The document with everything between the two markers generated again.

    Raises:
        ValueError: the document lacks the markers.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, behind = rest.partition(END)
    if not begin or not end:
        raise ValueError("the document lacks the markers to draw between")
    return f"{before}{BEGIN}\n\n```mermaid\n{mermaid()}\n```\n\n{events_table()}\n\n{END}{behind}"


def _harmless_anywhere() -> set[type[Event]]:
    return {event for event in EVENTS if all(TABLE.get((s, event)) is s for s in State)}


def _where(event: type[Event]) -> str:
    if event in _harmless_anywhere():
        return "every state"
    return ", ".join(f"`{state}`" for state in State if (state, event) in TABLE)


def _says(event: type[Event]) -> str:
    return (inspect.getdoc(event) or "").split("\n\n")[0].replace("\n", " ")


if __name__ == "__main__":
    document = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENT
    document.write_text(redrawn(document.read_text(encoding="utf-8")), encoding="utf-8")
