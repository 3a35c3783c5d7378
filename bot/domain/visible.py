"""What of a text its reader sees: nobody pays for a text of which nothing can be seen."""

import re
import unicodedata
from typing import Final

# Letters joined and coloured by these are one picture to a reader; other format characters hide
# text or turn its direction.
_JOINING: Final = frozenset({"\u200d", "\ufe0f"})
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters by their class, and nothing to the eye."""
_LEAVES_NO_MARK: Final = _HIDDEN_CATEGORIES | {"Mn", "Me", "Zs", "Zl", "Zp"}
"""Marks need a letter to stand on."""
# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt: what of
# Default_Ignorable_Code_Point has no category of the above.
_IGNORABLE: Final = re.compile("[\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")


def without_hidden(text: str) -> str:
    """The text without what its reader cannot see, except white space and what joins letters."""
    return "".join(char for char in text if not _is_hidden(char))


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen."""
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
