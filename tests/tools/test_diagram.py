"""The document of the lifecycle says what the table says, no more and no less."""

import re
import runpy
from pathlib import Path

import pytest

from bot.domain.job import State
from bot.domain.lifecycle import EVENTS, TABLE, CardMoved
from tools import diagram

DOCUMENT = diagram.DOCUMENT.read_text(encoding="utf-8")
ARROW = re.compile(r"^ {4}(\S+) --> (\S+?)(?:: (\w+))?$", re.MULTILINE)


def test_the_document_is_drawn_from_the_table_of_today() -> None:
    assert diagram.redrawn(DOCUMENT) == DOCUMENT, "run: python -m tools.diagram"


def test_the_picture_has_an_arrow_for_every_move_but_the_harmless_one() -> None:
    arrows = ARROW.findall(diagram.mermaid())
    drawn = {(source, event, target) for source, target, event in arrows if event}
    moves = {(s.value, e.__name__, t.value) for (s, e), t in TABLE.items() if e is not CardMoved}

    assert drawn == moves
    assert len(drawn) > len(State)


def test_the_picture_begins_with_waiting_and_ends_in_the_three_ends() -> None:
    arrows = ARROW.findall(diagram.mermaid())
    assert [target for source, target, _ in arrows if source == "[*]"] == [
        "asked",
    ]
    ends = [source for source, target, _ in arrows if target == "[*]"]
    assert ends == ["delivered", "failed", "cancelled"]


def test_every_event_is_listed_with_where_it_may_happen() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", diagram.events_table(), re.MULTILINE))

    assert set(rows) == {event.__name__ for event in EVENTS}
    assert rows["CardMoved"] == "every state"
    assert rows["Accepted"] == "`submitting`, `failed`, `unsure`"


def test_every_state_has_a_line_of_its_own_in_the_document() -> None:
    _, _, states = DOCUMENT.partition("## The states")
    lines = re.findall(r"^\| `(\w+)` \| .{20,} \| .{10,} \|$", states, re.MULTILINE)
    assert lines == [state.value for state in State]


def test_drawing_replaces_what_is_between_the_markers_and_nothing_else() -> None:
    old = f"before\n{diagram.BEGIN}\nout of date\n{diagram.END}\nbehind\n"
    new = diagram.redrawn(old)

    assert new.startswith(f"before\n{diagram.BEGIN}\n\n```mermaid\nstateDiagram-v2\n")
    assert new.endswith(f"{diagram.END}\nbehind\n")
    assert "out of date" not in new
    assert diagram.redrawn(new) == new


@pytest.mark.parametrize("lost", [diagram.BEGIN, diagram.END])
def test_a_document_without_its_markers_is_left_alone(lost: str) -> None:
    with pytest.raises(ValueError, match="lacks the markers"):
        diagram.redrawn(DOCUMENT.replace(lost, ""))


def test_the_command_redraws_the_document_that_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tmp_path / "lifecycle.md"
    document.write_text(f"{diagram.BEGIN}\n{diagram.END}\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["diagram", str(document)])

    runpy.run_path(diagram.__file__, run_name="__main__")

    assert diagram.mermaid() in document.read_text(encoding="utf-8")
