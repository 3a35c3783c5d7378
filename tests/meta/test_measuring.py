"""The suite's own measuring of coverage, against the tracer of coverage.py."""

import importlib.util
import inspect
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import coverage
import pytest
from coverage.parser import PythonParser

from tests.measuring import Arc, Measuring, arcs_of

CROSSROADS = Path(__file__).parent / "measured" / "crossroads.py"
WALKS: dict[str, list[list[object]]] = {
    "turns": [[0], [1, 2]],
    "loops": [[[]], [[[1, -1, 10], [2]]], [[[9] * 300]]],
    "kinds": [[9, 1], [b""], [2, None]],
    "risks": [["7"], ["-1"], ["seven"], [None]],
    "waits": [[1], [3]],
}
"""Values for each function; of those in one list all."""


def crossroads() -> ModuleType:
    """The module, loaded by its path."""
    spec = importlib.util.spec_from_file_location("crossroads", CROSSROADS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def what_counts(arcs: set[Arc]) -> tuple[set[int], set[Arc]]:
    """The statements that ran, and which way each went that has more than one."""
    parser = PythonParser(filename=str(CROSSROADS))
    parser.parse_source()
    arcs = parser.translate_arcs(arcs)
    forks = {line for line, ways in parser.exit_counts().items() if ways > 1}
    lines = {line for arc in arcs for line in arc if line > 0}
    return lines & parser.statements, {arc for arc in arcs & parser.arcs() if arc[0] in forks}


async def walk(place: ModuleType, name: str, values: list[object]) -> None:
    """Call one of its functions with each of the values."""
    for value in values:
        came = getattr(place, name)(value)
        if inspect.isawaitable(came):
            await came


@pytest.mark.parametrize(
    ("name", "values"), [(name, values) for name, calls in WALKS.items() for values in calls]
)
async def test_what_ran_is_found_as_by_a_tracer(
    name: str, values: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    traced = coverage.Coverage(
        data_file=None, config_file=False, branch=True, include=[str(CROSSROADS)]
    )
    with traced.collect():
        await walk(crossroads(), name, values)
    arcs = set(traced.get_data().arcs(str(CROSSROADS)) or [])
    measuring = Measuring([CROSSROADS.parent])
    monkeypatch.setattr(SourceFileLoader, "get_code", measuring.loader())

    await walk(crossroads(), name, values)

    found = arcs_of(str(CROSSROADS), measuring.found()[str(CROSSROADS)])
    assert what_counts(found) == what_counts(arcs)
