"""Tests use real things: nothing is mocked, slept through or quietly skipped.

And a machine may be slow without a test being wrong: none reads a real clock or guesses.
"""

import ast
import re
from pathlib import Path

import pytest

from tests.meta.sources import named, parsed, python_files

MOCKS = {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec"}
SLEEP = "time.sleep"
SKIPS = {"pytest.skip", "pytest.importorskip", "pytest.mark.skip", "pytest.mark.skipif"}
MAY_BE_LEFT_OUT = {"pytest.mark.browser", "pytest.mark.root", "pytest.mark.systemd"}
"""They need Chromium, root and systemd, which cannot come from a package index."""
LET_TIME_PASS = {"chaos", "cluster", "shards", "soak"}
"""Folders with real processes, where for how long something lasts is what is tried."""


PATIENCE = "tests/patience.py"
"""The one place that reads the machine's clock, and that sleeps."""
CLOCKS = {
    f"time.{name}{unit}"
    for name in ("monotonic", "perf_counter", "process_time", "thread_time", "time")
    for unit in ("", "_ns")
}
READ_A_CLOCK = {
    "tests/chaos/rush.py": "prints how long it took",
    "tests/cluster/__main__.py": "prints how long it took",
    "tests/live/objects.py": "an id of Discord's holds the time",
}
"""Each with what for; none of them bounds it."""
TIME_LIMIT = re.compile(r"(.*_)?timeout(_s)?")
"""How keywords are called that limit how long something real may take."""


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


def clocks_in(tree: ast.Module) -> set[str]:
    return names_in(tree) & CLOCKS


def limits_in(tree: ast.Module) -> set[str]:
    """Time limits in figures: whether one is to be kept or to run out, only a name can say.

    `PATIENCE_S` is kept by the slowest machine; what `RUNS_OUT_S` limits is meant to fail.
    """
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    limits = [keyword.value for call in calls for keyword in call.keywords if is_limit(keyword.arg)]
    for call in calls:
        if ast.unparse(call.func) in {"asyncio.timeout", "asyncio.wait_for"}:
            limits += call.args[-1:]
    return {ast.unparse(limit) for limit in limits if is_figure(limit)}


def is_limit(keyword: str | None) -> bool:
    return keyword is not None and TIME_LIMIT.fullmatch(keyword) is not None


def is_figure(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and bool(value.value)


def test_no_test_mocks_sleeps_or_skips() -> None:
    found = {named(path): forbidden_in(parsed(path)) for path in python_files("tests")}
    found[PATIENCE] -= {SLEEP}

    assert not {path: names for path, names in found.items() if names}


def test_no_test_guesses_how_long_something_takes() -> None:
    waiting = [path for path in python_files("tests") if not LET_TIME_PASS & {*path.parts}]
    found = {named(path): guesses_in(parsed(path)) for path in waiting}

    assert not {path: calls for path, calls in found.items() if calls}


def test_no_test_reads_the_clock_of_its_machine() -> None:
    found = {named(path): clocks_in(parsed(path)) for path in python_files("tests")}
    reading = {path for path, clocks in found.items() if clocks}

    assert reading == {PATIENCE, *READ_A_CLOCK}


def test_every_time_limit_says_whether_it_is_meant_to_run_out() -> None:
    found = {named(path): limits_in(parsed(path)) for path in python_files("tests")}

    assert not {path: limits for path, limits in found.items() if limits}


@pytest.mark.parametrize(
    "line",
    [
        "import time; time.monotonic()",
        "from time import perf_counter",
        "import time; time.time_ns()",
    ],
)
def test_the_rule_about_clocks_sees_one(line: str) -> None:
    assert clocks_in(ast.parse(line))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("run(timeout=60)", {"60"}),
        ("Engine(drain_timeout_s=0.5)", {"0.5"}),
        ("asyncio.timeout(10)", {"10"}),
        ("asyncio.wait_for(ended.wait(), 2)", {"2"}),
        ("run(timeout=PATIENCE_S)", set[str]()),
        ("run(timeout=10 * RUNS_OUT_S)", set[str]()),
        ("asyncio.timeout(None)", set[str]()),
        ("connect(timeout=0)", set[str]()),
    ],
)
def test_the_rule_about_time_limits_wants_a_name(line: str, found: set[str]) -> None:
    assert limits_in(ast.parse(line)) == found


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
