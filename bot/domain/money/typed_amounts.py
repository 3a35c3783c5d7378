"""Parses money and counts as people type them: leniently, but without guessing.

"5", "$5.50", "5,50 USD" and "1.000,50" are accepted; "1,000" is ambiguous (a thousand or one), so
the person is asked again.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

MOST_DOLLARS: Final = 1_000_000
MOST_VIDEOS: Final = 100_000
_NO_LIMIT: Final = frozenset({"", "-", "none", "no limit"})
_CURRENCY: Final = re.compile(r"^(us\$|usd|\$)|(us\$|usd|\$|dollars?)$")
_WHOLE: Final = re.compile(r"\d+")
_WITH_CENTS: Final = re.compile(r"(?P<whole>\d*)[.,](?P<cents>\d{1,2})")
_GROUPED: Final = re.compile(
    r"(?P<whole>\d{1,3}(?:,\d{3})+)\.(?P<cents>\d{1,2})"
    r"|(?P<whole_>\d{1,3}(?:\.\d{3})+),(?P<cents_>\d{1,2})"
)


@dataclass(frozen=True, slots=True)
class UnreadableAmount:
    """The text is ambiguous, or has no valid meaning here."""

    typed: str


def microusd_in(typed: str) -> int | UnreadableAmount | None:
    """An amount of US dollars, in micro-dollars; None (also for an empty text) is no limit."""
    text = _CURRENCY.sub("", _plain(typed))
    if text in _NO_LIMIT:
        return None if _plain(typed) in _NO_LIMIT else UnreadableAmount(typed)
    dollars = _dollars(text)
    if dollars is None or dollars > MOST_DOLLARS:
        return UnreadableAmount(typed)
    return int(dollars * 1_000_000)


def count_in(
    typed: str, *, least: int = 0, most: int = MOST_VIDEOS
) -> int | UnreadableAmount | None:
    """A whole number from `least` to `most`; None (also for an empty text) is no limit."""
    text = _plain(typed)
    if text in _NO_LIMIT:
        return None
    if not _WHOLE.fullmatch(text) or len(text) > len(str(most)):
        return UnreadableAmount(typed)
    return int(text) if least <= int(text) <= most else UnreadableAmount(typed)


def typed_dollars(microusd: int | None) -> str:
    """An amount as a person would type it, so that a modal can show the current value."""
    if microusd is None:
        return ""
    dollars = Decimal(microusd) / 1_000_000
    return f"{dollars:f}" if dollars % 1 == 0 else f"{dollars:.2f}"


def _plain(typed: str) -> str:
    """Removes differences of width, case and blanks."""
    folded = unicodedata.normalize("NFKC", typed).casefold().strip()
    return folded if folded in _NO_LIMIT else re.sub(r"\s", "", folded)


def _dollars(text: str) -> Decimal | None:
    if _WHOLE.fullmatch(text):
        return Decimal(text) if len(text) <= len(str(MOST_DOLLARS)) else None
    if found := _WITH_CENTS.fullmatch(text):
        return Decimal(f"{found['whole'] or 0}.{found['cents']}")
    if found := _GROUPED.fullmatch(text):
        whole = re.sub(r"[.,]", "", found["whole"] or found["whole_"])
        return Decimal(f"{whole}.{found['cents'] or found['cents_']}")
    return None
