"""Finds listed words in what people write, whole words alone, however simply they are disguised.

Text is read in several ways at once: as it stands, with look-alike letters of Cyrillic and Greek
as Latin ones, with digits and symbols as the letters that they imitate, without stretched letters,
and with words put together that were spelled out. A listed word has to be one whole word of one
reading, so "Scunthorpe" holds nothing. What is listed may be several words, and `*` stands for
any letters within a word. Every step is linear in the text, whatever it holds.

This keeps honest people honest. Whoever wants to get around a list of words can, and that is
what review and reports are for.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.generation.folding import Folded, as_latin, folded, is_latin_text

LITERAL_MIN_CHARS: Final = 2
"""Letters and digits that an entry needs: with fewer, its pattern would refuse everything."""

_SYMBOLS: Final = "@$!|+€¡¢£§"
_LEET: Final = str.maketrans("@$!|+€¡¢£§0134578", "asiitei" + "cls" + "oieastb")
_OTHER_ONES: Final = str.maketrans("1!|", "lll")
"""A one and its like are read as i, and as l too."""
_EXCLAMATIONS: Final = "!|+¡"

_VOWEL_SIGNS: Final = "\u0900-\u0963\u0966-\u0dff\u1000-\u1049"
"""Parts of words in the scripts of India and Burma that are no letters to a computer."""
_LETTER: Final = rf"(?:[^\W_]|[{_VOWEL_SIGNS}])"
_PLAIN_TOKEN: Final = re.compile(rf"{_LETTER}+")
_LEET_TOKEN: Final = re.compile(rf"(?:{_LETTER}|[{re.escape(_SYMBOLS)}])+")
_ENTRY_TOKEN: Final = re.compile(rf"(?:{_LETTER}|[{re.escape(_SYMBOLS)}*])+")
# In no language with Latin letters that lists are likely to be written in are these doubled, or
# hardly ever; of any other letter two are common, and only three or more are a disguise.
_NEVER_DOUBLED: Final = re.compile(r"([ahijkquvwxy])\1+")
_STRETCHED: Final = re.compile(r"(.)\1{2,}")
_SPELLED_MIN_CHARS: Final = 3
_ONE_LETTER_WORDS: Final = frozenset("aieoyu")
"""Words of one letter, which may stand before or behind a word that is spelled out."""


@dataclass(frozen=True, slots=True)
class Match:
    """A listed entry, and what of the text it matches, as it is written there."""

    entry: str
    written: str


def found_in(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """The text's own words that are listed, as they are written, each once and in their order."""
    return tuple(dict.fromkeys(match.written for match in matches_in(text, words)))


def matches_in(text: str, words: Iterable[str]) -> tuple[Match, ...]:
    """Which entries match, and what; in the order of the text."""
    source = folded(text)
    streams = [_Stream(tokens) for tokens in _readings(source) if tokens]
    found = {
        (start, end, word)
        for word in words
        if (entry := _parts(word))
        for stream in streams
        for start, end in stream.places(entry)
    }
    ordered = sorted(found, key=lambda one: (one[0], -one[1], one[2]))
    written: list[Match] = []
    reach = 0
    for start, end, word in ordered:
        # What lies within a longer find, such as a phrase, is told by that one.
        if end > reach or not written:
            written.append(Match(word, text[start:end]))
            reach = end
    return tuple(written)


def is_matchable(entry: str) -> bool:
    """Whether an entry says enough to be looked for."""
    literal = "".join("".join(part.split("*")) for part in _parts(entry))
    return len(literal) >= LITERAL_MIN_CHARS


# --- the text -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
    """A stretch of the text, and every way to read it as one word."""

    start: int
    end: int
    readings: frozenset[str]


class _Stream:
    """The tokens of one way to cut the text, found by their readings."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        by_reading: defaultdict[str, set[int]] = defaultdict(set)
        for position, token in enumerate(tokens):
            for reading in token.readings:
                by_reading[reading].add(position)
        self._by_reading: Mapping[str, set[int]] = by_reading
        self._all_readings = "\0".join(by_reading)

    def places(self, parts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where in the text the parts stand one after the other."""
        positions = self._positions(parts[0])
        for step, part in enumerate(parts[1:], start=1):
            if not positions:
                return
            following = self._positions(part)
            positions = {here for here in positions if here + step in following}
        for position in positions:
            yield self._tokens[position].start, self._tokens[position + len(parts) - 1].end

    def _positions(self, part: str) -> set[int]:
        if "*" not in part:
            return self._by_reading.get(part, set())
        pieces = part.split("*")
        # Most patterns match nothing, and a plain search says so at once.
        if max(pieces, key=len) not in self._all_readings:
            return set()
        return {
            position
            for reading, positions in self._by_reading.items()
            if _fits(pieces, reading)
            for position in positions
        }


def _fits(pieces: Sequence[str], reading: str) -> bool:
    """Whether a word is made of these pieces with anything between: greedy, and never back."""
    first, *between, last = pieces
    if not reading.startswith(first) or not reading.endswith(last):
        return False
    at, end = len(first), len(reading) - len(last)
    for piece in between:
        found = reading.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end


def _readings(source: Folded) -> Iterator[list[_Token]]:
    """The tokens of the text, by each way to cut it into words."""
    is_latin = is_latin_text(source.text)
    imitates = any(symbol in source.text for symbol in _SYMBOLS)
    for pattern in (_PLAIN_TOKEN, _LEET_TOKEN) if imitates else (_PLAIN_TOKEN,):
        cuts = [(found.start(), found.end()) for found in pattern.finditer(source.text)]
        yield [_token(source, start, end, is_latin=is_latin) for start, end in cuts]
        yield [
            _token(source, cut[0][0], cut[-1][1], is_latin=is_latin, spelled=cut)
            for cut in _spelled_out(source.text, cuts)
        ]


def _token(
    source: Folded,
    start: int,
    end: int,
    *,
    is_latin: bool,
    spelled: Sequence[tuple[int, int]] | None = None,
) -> _Token:
    if spelled is None:
        words = {source.text[start:end]}
    else:
        words = {"".join(source.text[one] for one, _ in spelled)}
    words |= {as_latin(word, anyway=is_latin) for word in words}
    readings = {reading for word in words for way in _unleeted(word) for reading in _calm(way)}
    return _Token(source.index[start], source.index[end - 1] + 1, frozenset(readings))


def _spelled_out(text: str, cuts: Sequence[tuple[int, int]]) -> Iterator[Sequence[tuple[int, int]]]:
    """Single letters in a row with the same between them, with and without words of one letter."""
    row: list[tuple[int, int]] = []
    between = None
    for cut in (*cuts, (len(text) + 1, len(text) + 3)):
        is_single = cut[1] - cut[0] == 1
        gap = text[row[-1][1] : cut[0]] if row else ""
        if row and is_single and (between is None or gap == between):
            between = gap
        else:
            yield from _without_neighbours(text, row)
            # The last letter before another gap may be the first of the next word.
            row = row[-1:] if row and is_single else []
            between = gap if row else None
        if is_single:
            row.append(cut)


def _without_neighbours(
    text: str, row: Sequence[tuple[int, int]]
) -> Iterator[Sequence[tuple[int, int]]]:
    def is_word(cut: tuple[int, int]) -> bool:
        return text[cut[0]] in _ONE_LETTER_WORDS

    first = (0, 1) if row and is_word(row[0]) else (0,)
    last = (0, 1) if row and is_word(row[-1]) else (0,)
    for left in first:
        for right in last:
            kept = row[left : len(row) - right]
            if len(kept) >= _SPELLED_MIN_CHARS:
                yield kept


def _unleeted(word: str) -> set[str]:
    """A word, and what it says when digits and symbols are the letters that they look like."""
    ways = {word}
    if not word.isalpha() and any(char.isalpha() for char in word):
        # "hell!" ends a sentence, and "a$$" does not.
        for core in {word, word.rstrip(_EXCLAMATIONS), word.strip(_SYMBOLS)}:
            ways.add(core)
            ways.add(core.translate(_LEET))
            ways.add(core.translate(_OTHER_ONES).translate(_LEET))
    return ways


def _calm(word: str) -> set[str]:
    """A word without stretched letters: once, and twice where the language may double them."""
    once = _NEVER_DOUBLED.sub(r"\1", word)
    if not _STRETCHED.search(once):
        return {once}
    return {once, _STRETCHED.sub(r"\1", once), _STRETCHED.sub(r"\1\1", once)}


# --- the list -------------------------------------------------------------------------------------


def _parts(entry: str) -> tuple[str, ...]:
    """An entry as the words that have to follow each other; nothing where it has no letters."""
    parts = _ENTRY_TOKEN.findall(folded(entry).text)
    calm = [_NEVER_DOUBLED.sub(r"\1", _as_listed(part)) for part in parts]
    return tuple(part for part in calm if part.strip("*"))


def _as_listed(part: str) -> str:
    has_letters = any(char.isalpha() for char in part)
    return part.translate(_LEET) if has_letters and not part.isalnum() else part
