"""What a bot that serves does not load at its start: on a small machine each of them is felt."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from bot.cli.serve import BAD_SETTINGS
from tests.meta.sources import ROOT

SERVES: Final = """
import json, sys
import bot.app.run, bot.cli.serve
from bot.languages.language import load_languages
from cogs import EXTENSIONS
load_languages()
for name in EXTENSIONS:
    __import__(name)
print(json.dumps(sorted(sys.modules)))
"""
WHEN_WANTED: Final = {
    "PIL": "a chart, or a picture in a process of its own",
    "pillow_heif": "a picture in a process of its own",
    "imageio_ffmpeg": "a video to look at or to copy",
    "cryptography": "a server's own key",
    "alembic": "a database that is to be updated",
    "typer": "a command other than run",
    "bot.cli.commands": "a command other than run",
    "rich": "a person at a terminal",
    "pygments": "comes with rich",
    "aiohttp.web": "METRICS_ADDR",
    "prometheus_client": "METRICS_ADDR",
    "psycopg": "PostgreSQL",
    "sqlalchemy.dialects.postgresql": "PostgreSQL",
    "procrastinate": "PostgreSQL",
    "aiohttp_socks": "a proxy",
    "bot.playground": "the playground",
}
"""The libraries, and for what each is loaded."""


def test_what_is_seldom_wanted_is_not_loaded_at_the_start() -> None:
    done = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", SERVES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded: set[str] = set(json.loads(done.stdout))
    assert {"discord", "sqlalchemy", "aiohttp", "bot.app.run", "cogs.kling"} <= loaded
    assert WHEN_WANTED.keys() & loaded == set()


def test_run_loads_no_command_line(tmp_path: Path) -> None:
    """It ends at once here, since it has no settings."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "run"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == BAD_SETTINGS
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert {"bot.cli.serve", "bot.app.run"} <= loaded
    assert {"typer", "bot.cli.commands"} & loaded == set()
