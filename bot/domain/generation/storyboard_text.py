"""The text form of a storyboard: a line per shot, `5s: the kite rises`, read and written.

Written text reads back unchanged. All lines with errors are reported at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import ValidationError

from bot.domain.generation.request import (
    DURATION_MAX_S,
    DURATION_MIN_S,
    SHOT_PROMPT_MAX_CHARS,
    SHOTS_MAX,
    Shot,
)

_LENGTH: Final = re.compile(
    r"(?P<seconds>[+-]?[0-9]+)(?P<fraction>[.,][0-9]+)?\s*(?:s|secs?|seconds?|second[oi])?",
    re.IGNORECASE,
)
_COLON: Final = re.compile("[:：]")  # noqa: RUF001 - the wide colon of East Asian keyboards
_FIGURES_MAX: Final = 6
"""Any longer number is outside the limits."""


class LineTrouble(StrEnum):
    """What is wrong with a line."""

    NO_LENGTH = "no_length"
    NOT_WHOLE = "not_whole"
    LENGTH_OUTSIDE = "length_outside"
    NO_PROMPT = "no_prompt"
    PROMPT_TOO_LONG = "prompt_too_long"
    ONE_TOO_MANY = "one_too_many"
    NO_SHOTS = "no_shots"


@dataclass(frozen=True, slots=True)
class TextFault:
    """One line that cannot be read. Lines count from 1, empty ones included."""

    line: int
    trouble: LineTrouble
    found_chars: int = 0
    """The length of a prompt that is too long."""


@dataclass(frozen=True, slots=True)
class UnreadableText:
    """Nothing was read: these are the lines to correct, in order."""

    faults: tuple[TextFault, ...]


def write_shots(shots: Sequence[Shot]) -> str:
    """The shots as text."""
    return "\n".join(f"{shot.duration_s}s: {shot.prompt}" for shot in shots)


def read_shots(text: str) -> tuple[Shot, ...] | UnreadableText:
    """All shots of a text, or every line that is wrong. Empty lines are skipped.

    Lines after the first shot beyond the limit are not checked.
    """
    shots: list[Shot] = []
    faults: list[TextFault] = []
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    for position, (number, line) in enumerate(numbered):
        if position == SHOTS_MAX:
            faults.append(TextFault(number, LineTrouble.ONE_TOO_MANY))
            break
        read = _read_line(number, line)
        if isinstance(read, TextFault):
            faults.append(read)
        else:
            shots.append(read)
    if not numbered:
        faults.append(TextFault(1, LineTrouble.NO_SHOTS))
    return UnreadableText(tuple(faults)) if faults else tuple(shots)


def _read_line(number: int, line: str) -> Shot | TextFault:
    head, *rest = _COLON.split(line, maxsplit=1)
    length = _LENGTH.fullmatch(head.strip())
    if length is None or not rest:
        return TextFault(number, LineTrouble.NO_LENGTH)
    if length["fraction"]:
        return TextFault(number, LineTrouble.NOT_WHOLE)
    # Checked first: Python refuses to read numbers of thousands of digits.
    seconds = int(length["seconds"]) if len(length["seconds"]) <= _FIGURES_MAX else -1
    if not DURATION_MIN_S <= seconds <= DURATION_MAX_S:
        return TextFault(number, LineTrouble.LENGTH_OUTSIDE)
    prompt = " ".join(rest[0].split())
    try:
        return Shot(prompt=prompt, duration_s=seconds)
    except ValidationError:
        if len(prompt) > SHOT_PROMPT_MAX_CHARS:
            return TextFault(number, LineTrouble.PROMPT_TOO_LONG, found_chars=len(prompt))
        return TextFault(number, LineTrouble.NO_PROMPT)
