"""The image, as far as it can be read: what goes in, who runs it, and that it runs as it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.dockerfile import Context, stages
from tests.meta.sources import ROOT
from tests.patience import PATIENCE_S

STAGES = stages((ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8"))
IMAGE = STAGES[-1]


def brought(context: Context) -> dict[str, Path]:
    """The project's files in the image, by their places in it."""
    found: dict[str, Path] = {}
    for step in IMAGE.steps:
        if step.word == "COPY" and "--from" not in step.rest:
            source, target = step.words
            found |= {str(Path(target, *at.parts)): f for at, f in context.files(source).items()}
    return found


def test_it_has_a_stage_for_installing_and_one_that_stays() -> None:
    assert [(stage.name, stage.base) for stage in STAGES] == [
        ("packages", "python:3.11-slim-bookworm"),
        (None, "python:3.11-slim-bookworm"),
    ]
    assert not [step for step in IMAGE.steps if "pip" in step.rest]


def test_every_package_is_installed_by_its_hash() -> None:
    (installed,) = [step.rest for step in STAGES[0].steps if " install " in step.rest]

    assert "--require-hashes" in installed
    assert "requirements/postgres.txt /packages.txt" in [step.rest for step in STAGES[0].steps]


def test_it_runs_as_nobody_in_particular_and_keeps_its_data_in_one_volume() -> None:
    steps = [step.word for step in IMAGE.steps]

    assert IMAGE.last("USER").rest == "10001:10001"
    assert "RUN" not in steps[steps.index("USER") :]
    assert IMAGE.last("VOLUME").words == ["/data"] == [IMAGE.environment()["DATA_DIR"]]
    assert IMAGE.last("STOPSIGNAL").rest == "SIGTERM"
    for word in ("ENTRYPOINT", "CMD"):
        assert IMAGE.last(word).rest.startswith("["), "a shell would keep SIGTERM to itself"


def test_its_healthcheck_asks_where_its_bot_answers() -> None:
    asked = IMAGE.last("HEALTHCHECK").rest

    assert asked.endswith('CMD ["python", "-m", "bot.healthcheck"]')
    assert IMAGE.environment()["METRICS_ADDR"] == "127.0.0.1:9464"


@pytest.mark.parametrize(
    "path",
    [
        *(".env", ".env.example", ".git/config", "data/bot.sqlite3", "deploy/compose.yaml"),
        *("bot/__pycache__/app.pyc", "bot/ui/__pycache__/card.pyc", "tests/conftest.py"),
    ],
)
def test_no_build_gets_secrets_data_or_leavings(path: str) -> None:
    assert not Context(ROOT).has(path)


@pytest.mark.parametrize(
    "path", ["bot/app/bot.py", "cogs/kling/command.py", "requirements/postgres.txt"]
)
def test_every_build_gets_what_it_needs(path: str) -> None:
    assert Context(ROOT).has(path)


def test_what_is_brought_is_all_that_the_bot_needs(tmp_path: Path) -> None:
    for place, path in brought(Context(ROOT)).items():
        copy = tmp_path / place.lstrip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    app = tmp_path / IMAGE.last("WORKDIR").rest.lstrip("/")
    script = (
        "import asyncio, bot.__main__, bot.app.bot\n"
        "from bot.languages.language import load_languages\n"
        "from bot.storage import open_store\n"
        "async def migrated():\n"
        "    async with open_store('sqlite:///new.sqlite3'):\n"
        "        print(bot.app.bot.__file__, bool(load_languages()))\n"
        "asyncio.run(migrated())\n"
    )

    run = subprocess.run(  # noqa: S603 - our own interpreter, on our own files
        [sys.executable, "-c", script],
        cwd=app,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )

    assert run.stdout.split() == [str(app / "bot" / "app" / "bot.py"), "True"], run.stderr
