"""A Discord bot that makes Kling 3.0 videos of words and pictures, and never pays twice for one."""

import sys
from pathlib import PurePath
from typing import Final

PROGRAM: Final = "kling-bot"
"""The command that the wheel installs."""


def as_invoked(words: str) -> str:
    """A command of ours as a person at this process would type it.

    That is `kling-bot check` where the wheel's command was started, else `python -m bot check`.
    """
    started = PurePath(sys.argv[0]).stem if sys.argv else ""
    return f"{PROGRAM if started == PROGRAM else 'python -m bot'} {words}"
