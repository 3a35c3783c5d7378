"""What people wrote, shown as nothing but text: no mention, no markdown, nothing hidden in it.

Everything that a person typed passes through here before it stands on a card or in an answer:
prompts, names, reasons, listed words.
"""

import re
import unicodedata
from typing import Final

# Letters joined and coloured by these are one picture to a reader; other format characters hide
# text or turn its direction, and are not shown.
_KEPT_FORMAT_CHARS: Final = frozenset({"\u200d", "\ufe0f"})
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters by their class, and nothing to the eye."""
_MARKS_ON_A_LETTER_AT_MOST: Final = 4
"""More of them are no writing, and grow over the lines around them."""

# `<` begins mentions, emoji, timestamps and command links, and `[` a link with other words.
_LIVE_ANYWHERE: Final = re.compile(r"[\\`*_~|<\[]")
_LIVE_AT_THE_BEGINNING: Final = re.compile(r"^(?=[#>+-])|(?<=^\d)(?=[.)])|(?<=^\d\d)(?=[.)])")
"""Headings, quotes, small print and lists; a paragraph begins once."""


def as_text(written: str, shown_chars: int) -> str:
    """What somebody wrote, for where Discord draws markdown: one paragraph, shortened, inert."""
    short = excerpt(written, shown_chars)
    escaped = _LIVE_ANYWHERE.sub(lambda found: f"\\{found.group()}", short)
    return _LIVE_AT_THE_BEGINNING.sub(r"\\", escaped)


def excerpt(written: str, shown_chars: int) -> str:
    """The same for where Discord shows plain text, such as a label: nothing is escaped there."""
    plain = "".join(char for char in written if not _is_hidden(char))
    short = " ".join(_without_towers(plain).split())
    return short if len(short) <= shown_chars else short[: shown_chars - 1].rstrip() + "…"


def _is_hidden(char: str) -> bool:
    if char.isspace() or char in _KEPT_FORMAT_CHARS:
        return False
    return char in _BLANK_LETTERS or unicodedata.category(char) in _HIDDEN_CATEGORIES


def _without_towers(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MARKS_ON_A_LETTER_AT_MOST:
            kept.append(char)
    return "".join(kept)
