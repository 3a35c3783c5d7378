"""Formats sums, sizes, ages and untrusted texts for an operator's terminal."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_KIB: Final = 1024
_TIMESTAMP: Final = re.compile(r"<t:(\d{1,11})(?::\w)?>")
_CENT_MICROUSD: Final = 10_000
_AGES: Final = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"))


def said_dollars(microusd: int) -> str:
    """A sum in dollars: to the cent if that is exact, else with three decimals."""
    digits = 2 if microusd % _CENT_MICROUSD == 0 else 3
    sign = "-" if microusd < 0 else ""
    return f"{sign}${abs(microusd) / 1_000_000:.{digits}f}"


def said_number(number: int, one: str) -> str:
    """A number with its noun, for regular plurals: "1 video", "2 videos"."""
    return f"{number} {one}" if abs(number) == 1 else f"{number} {one}s"


def said_bytes(size_bytes: int) -> str:
    """A size, in the largest unit that gives at least 1."""
    size = float(size_bytes)
    for unit in ("B", "KiB", "MiB"):
        if size < _KIB:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= _KIB
    return f"{size:.1f} GiB"


def said_age(age: timedelta) -> str:
    """How long ago, in one unit."""
    for unit, name in _AGES:
        if age >= unit:
            return f"{age // unit} {name}"
    return f"{max(0, int(age.total_seconds()))} s"


def without_markup(text: str) -> str:
    """A sentence written for Discord, for a terminal: no asterisks, and plain times."""
    return _TIMESTAMP.sub(_said_time, text).replace("**", "")


def _said_time(timestamp: re.Match[str]) -> str:
    return f"at {datetime.fromtimestamp(int(timestamp[1]), UTC):%Y-%m-%d %H:%M} UTC"


def on_one_line(text: str) -> str:
    """Escape untrusted text, so that it cannot break the line or control the terminal."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )
