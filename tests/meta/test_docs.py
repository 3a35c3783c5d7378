"""What the documents name is there: a reader who follows them finds each stop."""

import re
from typing import Final

import pytest

from tests.meta.shape import FOREIGN
from tests.meta.sources import ROOT, functions, stops_in

DOCUMENTS: Final = ("CONTRIBUTING.md", "docs/architecture.md")
MODULE: Final = re.compile(r"`((?:bot|cogs|tests|tools|benchmarks)/[\w/]+\.py)`")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_a_document_names_is_there(document: str) -> None:
    named = set(MODULE.findall((ROOT / document).read_text(encoding="utf-8")))
    assert len(named) > 10
    assert {path for path in named if not (ROOT / path).is_file()} == set()


def test_every_stop_of_a_job_is_where_the_map_says() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    stops = stops_in(text)
    assert len(stops) > 20
    missing = [
        f"{path}: {stop}"
        for path, stop in stops
        if stop not in {function.name for function in functions(ROOT / path)}
    ]
    assert missing == []


def test_no_document_uses_words_of_foreign_english() -> None:
    pages = [
        ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".env.example")
    ]
    pages += sorted((ROOT / "docs").glob("*.md"))
    found = [
        f"{page.name}:{number} {word}"
        for page in pages
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1)
        for word in FOREIGN.findall(re.sub(r"`[^`]*`|test_\w+", "", line))
    ]

    assert len(pages) > 20
    assert FOREIGN.search("whoever runs the bot")
    assert not found
