"""Folds text so that look-alikes become equal, and maps each letter back to its position."""

import unicodedata
from dataclasses import dataclass
from typing import Final

# Letters without a decomposition that readers take for the plain letter.
_LATIN: Final = str.maketrans("ıøłđħŧɑɡæœðþſƒ", "iolđhtag" + "æœdþsf")
_SMALL_CAPITALS: Final = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
_LOOK_ALIKES: Final = str.maketrans(
    "авекмнорстухіјѕһԁԛԝпгԍѵ" + "αβεηικνορτυχωγϲϳ",
    "abekmhopctyxijshdqwnrgv" + "abenikvoptuxwycj",
)
"""Small letters of Cyrillic and Greek that look like a Latin letter."""

LETTERS_OF_ONE_MAX: Final = 8
"""The most letters that one character is folded into. One ligature, U+FDFA, stands for eighteen."""

# Letters by category, but invisible.
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; `index[i]` is where the i-th folded character comes from."""

    text: str
    index: tuple[int, ...]


def folded(text: str) -> Folded:
    """Lower-case letters without accents; invisible characters are left out."""
    if text.isascii() and text.isprintable():
        return Folded(text.lower(), tuple(range(len(text))))
    letters: list[str] = []
    index: list[int] = []
    for place, char in enumerate(text):
        for letter in _letters(char):
            letters.append(letter)
            index.append(place)
    return Folded("".join(letters), tuple(index))


def _letters(char: str) -> str:
    if char.isascii():
        return char.lower() if char.isprintable() or char.isspace() else ""
    if char in _BLANK_LETTERS or _is_unseen(char):
        return ""
    apart = unicodedata.normalize("NFKD", char).casefold()
    # Marks of class 0 are vowels in the scripts of India, not accents.
    kept = "".join(one for one in apart if not unicodedata.combining(one) and not _is_unseen(one))
    return kept.translate(_LATIN).translate(_SMALL_CAPITALS)[:LETTERS_OF_ONE_MAX]


def _is_unseen(char: str) -> bool:
    is_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return is_selector or (unicodedata.category(char) in _UNSEEN and not char.isspace())


def as_latin(word: str, *, anyway: bool) -> str:
    """A word with look-alikes as Latin letters: if it also has Latin ones, or `anyway`.

    A word in such a text that is entirely Russian or Greek is not changed.
    """
    if word.isascii():
        return word
    read = word.translate(_LOOK_ALIKES)
    is_mixed = any(char.isascii() and char.isalpha() for char in word)
    return read if is_mixed or (anyway and read.isascii()) else word


def is_latin_text(text: str) -> bool:
    """Whether most letters of a text are plain Latin letters."""
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return 2 * latin > sum(char.isalpha() for char in text)
