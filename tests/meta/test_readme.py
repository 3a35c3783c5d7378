"""The README and docs/ say what the code says: their tables, their links, their commands."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.generation.models import MODELS, Model
from bot.playground.runcomfy_scripts import WORDS
from bot.playground.stage import FIRST_COMMAND
from bot.settings import Settings
from tests.meta.sources import PRODUCT, ROOT, python_files
from tools.readme import DRAWN, commands_text, models_table, redrawn, settings_table, words_table

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SAID_BY_OTHERS = {"The application did not respond", "kling-bot: command not found"}
"""By Discord and by the shell."""
OF_A_TABLE = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<rest>.+) \|$", re.MULTILINE)


def rows(table: str) -> dict[str, str]:
    """What stands behind each name."""
    return {row["name"]: row["rest"] for row in OF_A_TABLE.finditer(table)}


@pytest.mark.parametrize("name", DRAWN)
def test_its_tables_are_drawn_from_the_code(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert redrawn(text, DRAWN[name]) == text, "run python -m tools.readme"


def test_it_can_be_read_in_one_sitting() -> None:
    assert 50 < len(TEXT.splitlines()) <= 150


def test_every_command_of_the_shell_is_explained() -> None:
    for command in ("run", "work", "check", "generate", "jobs", "backup", "restore", "resolve"):
        assert f"## `kling-bot {command}`" in commands_text()


def test_every_command_of_discord_stands_on_a_page() -> None:
    told = (ROOT / "tests/meta/seen_by_people/commands.txt").read_text(encoding="utf-8")
    names = [one["name"] for one in json.loads(told)]
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert "kling" in names
    unsaid = [name for name in names if not re.search(rf"[/*]{re.escape(name)}\b", pages)]
    assert not unsaid


def test_every_word_of_the_playground_is_explained() -> None:
    assert rows(words_table()) == {word: meaning for word, (meaning, _) in WORDS.items()}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_every_model_stands_there_with_its_price(model: Model) -> None:
    (row,) = [line for line in models_table().splitlines() if f"`{model.id}`" in line]
    assert model.label in row
    assert f"${model.silent_microusd_per_s / 1_000_000:g}" in row


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained_in_the_models_own_words(name: str) -> None:
    assert rows(settings_table())[name.upper()].endswith(
        f" | {Settings.model_fields[name].description}"
    )


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("DISCORD_TOKEN", "**required**"),
        ("DATABASE_URL", "none"),
        ("RUNCOMFY_FILE_HOSTS", "`runcomfy.net`"),
        ("DATA_DIR", "`data`"),
        ("FIT_COPIES", "`true`"),
        ("MAX_DOWNLOAD_MIB", "`500`"),
    ],
)
def test_a_default_is_shown_as_it_would_be_written(name: str, default: str) -> None:
    assert rows(settings_table())[name].startswith(f"{default} | ")


def test_an_older_table_is_replaced_and_all_else_is_kept() -> None:
    old = (
        "before\n<!-- models -->\n<!-- end of models -->\n"
        "<!-- words -->\noutdated\n<!-- end of words -->\nbetween\n"
        "<!-- settings -->\n<!-- end of settings -->\nafter\n"
    )
    parts = {"models": models_table, "words": words_table, "settings": settings_table}
    new = redrawn(old, parts)

    assert "outdated" not in new
    assert re.findall("^(before|between|after)$", new, re.MULTILINE) == [
        "before",
        "between",
        "after",
    ]
    assert redrawn(new, parts) == new


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the markers around its models"):
        redrawn("nothing to draw between", {"models": models_table})


def test_what_it_links_to_is_there() -> None:
    links = re.findall(r'(?:\]\(|src=")(?!https?://|#)([^)"#]+)', TEXT)
    missing = [link for link in links if not (ROOT / link).exists()]

    assert len(links) >= 5
    assert not missing


def test_its_commands_are_there() -> None:
    targets = re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)", TEXT)

    assert {"play", "test", "run"} <= set(targets)
    assert not [name for name in targets if not re.search(rf"^{name}:", MAKEFILE, re.MULTILINE)]
    assert FIRST_COMMAND in TEXT.splitlines()


def test_its_pictures_load_fast() -> None:
    sizes = {path.name: path.stat().st_size for path in (DOCS / "images").glob("*.png")}

    assert "playground.png" in sizes
    assert not {name: size for name, size in sizes.items() if size >= 400_000}
    assert 10_000 < (DOCS / "images/playground.gif").stat().st_size < 3_000_000


def test_every_picture_is_shown_somewhere() -> None:
    shown = TEXT + "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert not [path.name for path in (DOCS / "images").iterdir() if path.name not in shown]


def test_each_symptom_has_a_cause_and_a_remedy() -> None:
    text = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    _, *symptoms = text.split("\n## ")

    assert len(symptoms) >= 20
    for symptom in symptoms:
        assert re.search(r"^\*\*Cause:\*\* .+", symptom, re.MULTILINE), symptom
        assert re.search(r"^\*\*Remedy:\*\* .+", symptom, re.MULTILINE), symptom


def test_each_symptom_in_quotes_is_said_by_the_bot() -> None:
    text = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    said = re.findall(r'"([^"]+)"', " ".join(re.findall(r"^## .+", text, re.MULTILINE)))
    source = "".join(path.read_text(encoding="utf-8") for path in python_files(*PRODUCT))
    # A sentence that is written on two lines of the code is one.
    source = re.sub(r'"\n\s*f?"', "", source)

    assert len(said) >= 12
    for sentence in set(said) - SAID_BY_OTHERS:
        for part in sentence.split("…"):
            assert part.strip(" ,") in source, f"the bot doesn't say {sentence!r}"


def test_the_docs_are_a_site_whose_links_all_lead_somewhere(tmp_path: Path) -> None:
    # Its settings are strict: a link that leads nowhere, or a page that is in no menu, ends it.
    # Told to be quiet it would not count its warnings.
    command = (sys.executable, "-m", "mkdocs", "build", "--site-dir", str(tmp_path))
    ran = subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr

    built = {page.stem for page in tmp_path.glob("*.html")}
    assert {page.stem for page in PAGES} <= built
