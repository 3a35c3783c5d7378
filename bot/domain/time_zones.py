"""Finds time zones by city name, in any case."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

COMMON_ZONES: Final = (
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Sao_Paulo",
    "UTC",
    "Europe/London",
    "Europe/Paris",
    "Europe/Rome",
    "Europe/Athens",
    "Europe/Moscow",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Jakarta",
    "Asia/Shanghai",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)
"""The zones offered before anything is typed, from west to east."""
SUGGESTED_MAX: Final = 3


def zone_typed(typed: str, known: Iterable[str]) -> str | Sequence[str]:
    """The typed zone, or the candidates for it: "rome" can only be Europe/Rome.

    `known` are all zone names. A city name that occurs twice is never guessed.
    """
    names = sorted(known)
    wanted = _folded(typed)
    exact = [name for name in names if _folded(name) == wanted]
    cities = [name for name in names if _city(name) == wanted]
    certain = exact or [name for name in cities if "/" in name]
    if len(certain) == 1:
        return certain[0]
    return certain[:SUGGESTED_MAX] or _nearest(wanted, names)


def _nearest(wanted: str, names: Sequence[str]) -> Sequence[str]:
    placed = [name for name in names if "/" in name and not name.startswith("Etc/")]
    begin_so = [name for name in placed if wanted and _city(name).startswith(wanted)]
    by_city = {_city(name): name for name in reversed(placed)}
    like_it = get_close_matches(wanted, by_city, n=SUGGESTED_MAX)
    found = dict.fromkeys([*begin_so, *(by_city[city] for city in like_it)])
    return list(found)[:SUGGESTED_MAX]


def _city(name: str) -> str:
    return _folded(name.rpartition("/")[2])


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())
