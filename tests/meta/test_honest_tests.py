"""Tests use real things: nothing is mocked, slept through or quietly skipped."""

import ast
from pathlib import Path

import pytest

from tests.meta.sources import named, parsed, python_files

MOCKS = {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec"}
SLEEP = "time.sleep"
SKIPS = {"pytest.skip", "pytest.importorskip", "pytest.mark.skip", "pytest.mark.skipif"}
MAY_BE_LEFT_OUT = {"pytest.mark.browser", "pytest.mark.systemd"}
"""They need Chromium and systemd, which cannot come from a package index."""
LET_TIME_PASS = {"chaos", "cluster", "shards"}
"""Folders with real processes, where for how long something lasts is what is tried."""


def names_in(tree: ast.Module) -> set[str]:
    """Every name as it is written, `time.sleep` as well as `sleep` taken out of `time`."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            names.add(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {alias.name for alias in node.names}
    return names


def forbidden_in(tree: ast.Module) -> set[str]:
    names = names_in(tree)
    mocked = {name for name in names if name.rpartition(".")[2] in MOCKS}
    skipped = set[str]() if MAY_BE_LEFT_OUT & names else names & SKIPS
    return mocked | skipped | names & {SLEEP}


def guesses_in(tree: ast.Module) -> set[str]:
    """Sleeps that no loop takes up again: whoever needs longer than was guessed fails."""
    loops = (node for node in ast.walk(tree) if isinstance(node, ast.While))
    asked_again = {inner for loop in loops for inner in ast.walk(loop)}
    return {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "asyncio.sleep"
        and node not in asked_again
        and ast.unparse(node.args[0]) != "0"
    }


def test_no_test_mocks_sleeps_or_skips() -> None:
    found = {named(path): forbidden_in(parsed(path)) for path in python_files("tests")}

    assert not {path: names for path, names in found.items() if names}


def test_no_test_guesses_how_long_something_takes() -> None:
    waiting = [path for path in python_files("tests") if not LET_TIME_PASS & {*path.parts}]
    found = {named(path): guesses_in(parsed(path)) for path in waiting}

    assert not {path: calls for path, calls in found.items() if calls}


def test_the_rule_about_guessing_sees_a_guess_and_lets_a_loop_ask_again() -> None:
    guess, loop = "await asyncio.sleep(0.01)", "while not done():\n    await asyncio.sleep(0.01)"

    assert guesses_in(ast.parse(guess)) == {"asyncio.sleep(0.01)"}
    assert not guesses_in(ast.parse(loop))
    assert not guesses_in(ast.parse("await asyncio.sleep(0)"))


@pytest.mark.parametrize(
    "line",
    [
        "from unittest.mock import AsyncMock",
        "import unittest.mock as m; m.MagicMock()",
        "import time; time.sleep(1)",
        "from time import sleep",
        "import pytest; pytest.skip('today')",
        "@pytest.mark.skipif(True, reason='today')\ndef test_it(): ...",
    ],
)
def test_this_rule_sees_what_it_forbids(line: str) -> None:
    assert forbidden_in(ast.parse(line))


def test_every_rule_is_run_over_the_suite_itself() -> None:
    assert Path(__file__) in python_files("tests")
