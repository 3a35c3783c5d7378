"""What a bot that serves does not load at its start: on a small machine each of them is felt."""

import json
import subprocess
import sys
from typing import Final

from tests.meta.sources import ROOT

SERVES: Final = """
import json, sys
import bot.__main__
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
    "cryptography": "a server's own key",
    "alembic": "a database that is to be updated",
    "rich": "a person at a terminal",
    "pygments": "comes with rich",
    "aiohttp.web": "METRICS_ADDR",
    "psycopg": "PostgreSQL",
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
