"""A Discord bot that makes Kling 3.0 videos of words and pictures, and never pays twice for one."""

import os
import sys
from pathlib import PurePath
from typing import Final

VERSION: Final = "0.1.0"  # of pyproject.toml, which neither a checkout nor the image installs
PROGRAM: Final = "kling-bot"
"""The command that the wheel installs."""


def as_invoked(words: str) -> str:
    """A command of ours as a person at this process would type it, such as `kling-bot check`."""
    started = PurePath(sys.argv[0] if sys.argv else "")
    python = sys.orig_argv[0] if started.parent.name == "bot" else "python"
    typed = PROGRAM if started.stem == PROGRAM else f"{python} -m bot"
    # Beside systemd's unit people type its script, which sets this.
    return f"{os.environ.get('KLING_COMMAND', typed)} {words}"
