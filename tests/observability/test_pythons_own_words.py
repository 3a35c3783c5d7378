"""What Python would print by itself goes through the log, redacted: no line of its own is left."""

import subprocess
import sys
from textwrap import dedent

import pytest

from tests.patience import PATIENCE_S

SECRET = "canary-secret-that-nobody-may-read"
BEGINNING = f"""
import sys, threading, warnings
from pydantic import SecretStr
from bot.observability.logs import configure_logging, log_pythons_own_words

class Breaks:
    def __del__(self):
        raise ValueError("no {SECRET}")

def boom():
    raise ValueError("no {SECRET}")

configure_logging(level="INFO", secrets=[SecretStr("{SECRET}")], log_format="human")
log_pythons_own_words()
"""


def logged_by(script: str) -> list[str]:
    """What a process writes to standard error that does this."""
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", BEGINNING + dedent(script)],
        capture_output=True,
        check=False,
        text=True,
        timeout=PATIENCE_S,
    )
    assert ended.stdout == ""
    return ended.stderr.splitlines()


@pytest.mark.parametrize(
    ("script", "head"),
    [
        (f"warnings.warn('no {SECRET}')", "WARNING  py.warnings: "),
        (
            "thread = threading.Thread(target=boom, name='beats'); thread.start(); thread.join()",
            "ERROR    bot.observability.logs: an error ended thread beats",
        ),
        ("Breaks()", "ERROR    bot.observability.logs: Python ignored an error: in a finalizer"),
        ("boom()", "CRITICAL bot.observability.logs: an error ends the process"),
    ],
    ids=["a warning", "a thread that dies", "an error that is ignored", "an error at the top"],
)
def test_it_goes_through_the_log_and_holds_no_secret(script: str, head: str) -> None:
    first, *others = logged_by(script)

    assert head in first
    assert "[redacted]" in "".join((first, *others))
    assert SECRET not in "".join((first, *others))
    assert [line for line in others if not line.startswith("    | ")] == []
