"""The project's own files, as the rules about them see them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("bot", "cogs")
PYTHON = (*PRODUCT, "tests", "tools", "benchmarks")
STOP = re.compile(r"`((?:bot|cogs)/[\w/]+\.py)` ((?:`[\w.]+`(?:, )?)+)")
WRITTEN_BY_HAND = (*PYTHON, "docs", "requirements", "deploy", ".ci", ".github")


def python_files(*folders: str) -> list[Path]:
    """Every Python file below the folders; never an empty list, or a rule would check nothing."""
    found = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    assert len(found) >= 10, f"only {len(found)} files below {folders}"
    return found


def text_files() -> list[Path]:
    """Every file of the project that a person wrote, at the top and in its folders."""
    below = [path for folder in WRITTEN_BY_HAND for path in (ROOT / folder).rglob("*")]
    at_the_top = [path for path in ROOT.iterdir() if path.name not in {".env", ".git"}]
    found = [path for path in (*below, *at_the_top) if path.is_file() and is_text(path)]
    assert len(found) >= 30, f"only {len(found)} files"
    return found


def is_text(path: Path) -> bool:
    return "__pycache__" not in path.parts and b"\0" not in path.read_bytes()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def stops_in(text: str) -> list[tuple[str, str]]:
    """The functions that a document names behind their module, in order: `a/b.py` `C.d`, `e`."""
    return [
        (path, stop.rpartition(".")[2])
        for path, names in STOP.findall(text)
        for stop in re.findall(r"`([\w.]+)`", names)
    ]
