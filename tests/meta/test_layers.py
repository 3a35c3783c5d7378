"""The layers hold, and each contract about them is shown to be alive by breaking it in a copy."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.sources import PRODUCT, ROOT
from tests.patience import PATIENCE_S

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a tool of our own environment, on our own copy
        [LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PRODUCT:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_layers_hold(copy: Path) -> None:
    result = checked(copy)

    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("bot/domain/money/price.py", "import discord", "the domain is pure"),
        ("bot/storage/tables/jobs.py", "import bot.runcomfy", "each layer"),
        ("bot/app/bot.py", "import bot.cli", "each layer"),
        ("bot/runner/watch.py", "import aiohttp", "the runner carries jobs"),
        ("bot/features/ordering.py", "import discord", "features know nothing of Discord"),
        ("bot/ui/card.py", "import sqlalchemy", "what people see"),
        ("cogs/__init__.py", "import bot.runcomfy", "commands speak to features"),
        ("cogs/kling_admin/audit.py", "import cogs.kling_operator.texts", "buy nothing"),
        ("bot/settings.py", "import bot.playground", "nothing that serves people"),
    ],
)
def test_a_wrong_import_is_seen(copy: Path, module: str, line: str, contract: str) -> None:
    with (copy / module).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")

    result = checked(copy)

    assert result.returncode == 1
    verdicts = [text for text in result.stdout.splitlines() if contract in text]
    assert any("BROKEN" in text for text in verdicts), result.stdout
