"""What people wrote, shown as nothing but text: no mention, no markdown, nothing hidden in it.

Everything that a person typed passes through here before it stands on a card or in an answer:
prompts, names, reasons, listed words.
"""

import re
import unicodedata
from typing import Final

from bot.domain.visible import without_hidden

_MARKS_ON_A_LETTER_AT_MOST: Final = 4
"""More of them are no writing, and grow over the lines around them."""

_LIVE: Final = re.compile(
    r"""
    (?! [,;!?'"%&=$^(){}-] )    # what begins nothing; a dash or a bracket may, at the beginning
    (?! [.:] (?: \s | $ ) )     # the end of a sentence; within a word they make an address
    [!-/:-@\[-`{-~]             # any other mark that markdown, a mention or an address needs
    """,
    re.VERBOSE,
)
"""Discord takes a backslash before any of these for a sign to show it as it is, and hides it."""
_LIST_OR_SMALL_PRINT: Final = re.compile(r"^(?P<number>\d*)(?P<mark>[-.)])")
"""What begins something at the beginning of a paragraph alone."""


def as_text(written: str, shown_chars: int) -> str:
    """What somebody wrote, for where Discord draws markdown: one paragraph, shortened, inert.

    No mark of it begins markdown, a mention, a link or an invitation: all marks are escaped but
    those that are known to begin nothing.
    """
    short = excerpt(written, shown_chars)
    escaped = _LIVE.sub(lambda found: f"\\{found.group()}", short)
    return _LIST_OR_SMALL_PRINT.sub(r"\g<number>\\\g<mark>", escaped)


def excerpt(written: str, shown_chars: int) -> str:
    """The same for where Discord shows plain text, such as a label: nothing is escaped there."""
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
