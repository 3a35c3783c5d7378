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


def test_no_test_mocks_sleeps_or_skips() -> None:
    found = {named(path): forbidden_in(parsed(path)) for path in python_files("tests")}

    assert not {path: names for path, names in found.items() if names}


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
