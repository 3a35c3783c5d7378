"""Every threat in docs/security.md names a test that holds it, and that test exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "security.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)`|(test_\w+)")


def named_tests(text: str) -> list[tuple[str, str]]:
    """Each test that the text names, with the file that was named last before it."""
    file, found = "", list[tuple[str, str]]()
    for match in _NAMED.finditer(text):
        if match[1]:
            file = match[1]
        else:
            found.append((file, match[2]))
    return found


def test_each_named_test_is_there() -> None:
    named = named_tests(DOCUMENT.read_text(encoding="utf-8"))
    assert len(named) >= 30
    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_each_threat_names_one() -> None:
    rows = re.findall(
        r"^\| (?!threat|---)(.*)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) >= 25
    assert [row for row in rows if not named_tests(row)] == []
