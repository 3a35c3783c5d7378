"""The README says what the code says: its tables, its links, its commands."""

import re

import pytest

from bot.domain.models import MODELS, Model
from bot.playground.runcomfy_scripts import WORDS
from bot.playground.stage import FIRST_COMMAND
from bot.settings import Settings
from tests.meta.sources import ROOT
from tools.readme import README, models_table, redrawn, settings_table, words_table

TEXT = README.read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
OF_A_TABLE = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<rest>.+) \|$", re.MULTILINE)


def rows(table: str) -> dict[str, str]:
    """What stands behind each name."""
    return {row["name"]: row["rest"] for row in OF_A_TABLE.finditer(table)}


def test_its_tables_are_drawn_from_the_code() -> None:
    assert redrawn(TEXT) == TEXT, "run python -m tools.readme"


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
    new = redrawn(old)

    assert "outdated" not in new
    assert re.findall("^(before|between|after)$", new, re.MULTILINE) == [
        "before",
        "between",
        "after",
    ]
    assert redrawn(new) == new


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the markers around its models"):
        redrawn("nothing to draw between")


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
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs/images").glob("*.png")}

    assert "playground.png" in sizes
    assert not {name: size for name, size in sizes.items() if size >= 400_000}
