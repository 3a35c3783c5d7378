"""Files and functions stay small enough to be read, and a file's name says what is in it."""

import ast

import pytest

from tests.meta.sources import (
    PRODUCT,
    PYTHON,
    functions,
    line_count,
    named,
    parsed,
    python_files,
)

SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}


@pytest.mark.parametrize(
    ("folders", "most"), [(("bot", "cogs", "tools", "benchmarks"), 400), (("tests",), 500)]
)
def test_no_file_is_too_long_to_read(folders: tuple[str, ...], most: int) -> None:
    too_long = [
        f"{named(path)}: {line_count(path)} lines"
        for path in python_files(*folders)
        if line_count(path) > most
    ]

    assert not too_long


def test_no_function_is_too_long_to_read() -> None:
    lengths = {
        f"{named(path)}:{function.lineno} {function.name}": (function.end_lineno or 0)
        - function.lineno
        + 1
        for path in python_files(*PRODUCT)
        for function in functions(path)
    }

    assert len(lengths) > 100
    assert not {where: lines for where, lines in lengths.items() if lines > 60}


def test_a_files_name_says_what_is_in_it() -> None:
    stems = {named(path): set(path.stem.split("_")) for path in python_files(*PYTHON)}

    assert not [name for name, words in stems.items() if words & SAYS_NOTHING]


def test_a_file_begins_by_saying_what_it_promises() -> None:
    silent: list[str] = []
    for path in python_files(*PYTHON):
        first_paragraph = (ast.get_docstring(parsed(path)) or "").split("\n\n")[0]
        is_empty = path.name == "__init__.py" and not path.read_text(encoding="utf-8").strip()
        if not is_empty and not first_paragraph.endswith((".", ":")):
            silent.append(named(path))

    assert not silent
