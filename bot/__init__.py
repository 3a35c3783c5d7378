"""A Discord bot that makes Kling 3.0 videos of words and pictures, and never pays twice for one."""

import os
import sys
from pathlib import PurePath
from typing import Final

VERSION: Final = "0.1.0"
"""That of pyproject.toml, which neither a checkout nor the image has installed."""
PROGRAM: Final = "kling-bot"
"""The command that the wheel installs."""


def as_invoked(words: str) -> str:
    """A command of ours as a person at this process would type it.

    That is `kling-bot check` where the wheel's command was started, else `python -m bot check`,
    with the Python that was typed. Only systemd's unit and script have to say it: KLING_COMMAND.
    """
    if (named := os.environ.get("KLING_COMMAND")) is not None:
        return f"{named} {words}"
    started = PurePath(sys.argv[0] if sys.argv else "")
    if started.stem == PROGRAM:
        return f"{PROGRAM} {words}"
    python = sys.orig_argv[0] if started.parts[-2:] == ("bot", "__main__.py") else "python"
    return f"{python} -m bot {words}"
