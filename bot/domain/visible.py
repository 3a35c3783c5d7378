"""The visible part of a text: a text without any must not be paid for."""

import re
import unicodedata
from typing import Final

# These join or colour characters that a reader sees as one picture; other format characters hide
# text or change its direction.
_JOINING: Final = frozenset({"\u200d", "\ufe0f"})
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters by category, but invisible."""
_LEAVES_NO_MARK: Final = _HIDDEN_CATEGORIES | {"Mn", "Me", "Zs", "Zl", "Zp"}
"""Combining marks are invisible without a letter."""
# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt: the part of
# Default_Ignorable_Code_Point that is in none of the categories above.
_IGNORABLE: Final = re.compile("[\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")


def without_hidden(text: str) -> str:
    """The text without invisible characters, except white space and characters that join others."""
    return "".join(char for char in text if not _is_hidden(char))


def is_blank(text: str) -> bool:
    """Whether the text has no visible character."""
    return not any(
        unicodedata.category(char) not in _LEAVES_NO_MARK
        and char not in _BLANK_LETTERS
        and _IGNORABLE.match(char) is None
        for char in text
    )


def _is_hidden(char: str) -> bool:
    if char.isspace() or char in _JOINING:
        return False
    return char in _BLANK_LETTERS or unicodedata.category(char) in _HIDDEN_CATEGORIES
