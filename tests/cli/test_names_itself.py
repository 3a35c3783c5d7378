"""The program says its version, and names its commands as the person typed them."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.meta.sources import ROOT
from tests.patience import PATIENCE_S

INHERITED: Final = {
    name: os.environ[name] for name in ("PATH", "COVERAGE_PROCESS_CONFIG") if name in os.environ
}
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def said(*arguments: str, folder: Path, **environment: str) -> str:
    """What a checkout's program says in an empty folder."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**INHERITED, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    return done.stdout + done.stderr


def test_a_checkout_knows_its_version(tmp_path: Path) -> None:
    assert said("--version", folder=tmp_path) == f"kling-bot {PROJECT['version']}\n"


@pytest.mark.parametrize(
    ("environment", "typed"),
    [({}, f"{sys.executable} -m bot init"), ({"KLING_COMMAND": "kling-bot"}, "kling-bot init")],
    ids=["a checkout", "systemd"],
)
@pytest.mark.parametrize("command", ["run", "jobs"])
def test_what_it_tells_people_to_type_begins_as_they_typed_it(
    tmp_path: Path, command: str, environment: dict[str, str], typed: str
) -> None:
    assert f"or let `{typed}` write it." in said(command, folder=tmp_path, **environment)
