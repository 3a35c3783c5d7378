"""Shows people's texts as plain text: no mention, no markdown, nothing hidden.

Everything that a person typed passes through here before a card or an answer shows it:
prompts, names, reasons, listed words.
"""

import re
import unicodedata
from typing import Final

from bot.domain.visible import without_hidden

_MARKS_ON_A_LETTER_AT_MOST: Final = 4
"""More of them are no real script, and overlap the lines around them."""

_LIVE: Final = re.compile(
    r"""
    (?! [,;!?'"%&=$^(){}-] )    # what begins nothing; a dash or a bracket may, at the beginning
    (?! [.:] (?: \s | $ ) )     # the end of a sentence; within a word they make an address
    [!-/:-@\[-`{-~]             # any other mark that markdown, a mention or an address needs
    """,
    re.VERBOSE,
)
"""Discord hides a backslash before any of these, and shows the character as it is."""
_LIST_OR_SMALL_PRINT: Final = re.compile(r"^(?P<number>\d*)(?P<mark>[-.)])")
"""Markdown that only counts at the beginning of a paragraph."""


def as_text(written: str, shown_chars: int) -> str:
    """A person's text, for places where Discord draws markdown: one paragraph, shortened, inert.

    None of its punctuation begins markdown, a mention, a link or an invitation: every character
    is escaped except those that are known to begin nothing.
    """
    short = excerpt(written, shown_chars)
    escaped = _LIVE.sub(lambda found: f"\\{found.group()}", short)
    return _LIST_OR_SMALL_PRINT.sub(r"\g<number>\\\g<mark>", escaped)


def excerpt(written: str, shown_chars: int) -> str:
    """The same for places where Discord shows plain text, such as a label: nothing is escaped."""
    short = " ".join(_without_towers(without_hidden(written)).split())
    return short if len(short) <= shown_chars else short[: shown_chars - 1].rstrip() + "…"


def _without_towers(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MARKS_ON_A_LETTER_AT_MOST:
            kept.append(char)
    return "".join(kept)
