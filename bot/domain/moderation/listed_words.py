"""Finds listed words in texts, as whole words only, even when they are simply disguised.

Each text is read in several ways at once: unchanged, with look-alike letters of Cyrillic and Greek
as Latin ones, with digits and symbols as the letters that they imitate, without stretched letters,
and with spelled-out words joined. A listed word must equal one whole word of one reading, so
"Scunthorpe" does not match. An entry may consist of several words, and `*` stands for any letters
within a word.

The work is bounded for any text and any list: a text folds into at most FOLDED_MAX_LETTERS, all its
readings have at most READ_MAX_LETTERS together, and each is read once, against all entries at once
(`bot/domain/moderation/word_list.py`). The worst case takes some hundredths of a second, so it has
to run off the event loop.

A word list only stops people who do not try to get around it. Review and reports are for the
others.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.generation.request import PROMPT_MAX_CHARS
from bot.domain.moderation.letter_folds import Folded, as_latin, folded, is_latin_text
from bot.domain.moderation.word_list import WordList
from bot.domain.servers import WORD_MAX_CHARS

LITERAL_MIN_CHARS: Final = 2
"""Letters and digits that an entry needs: a shorter pattern would refuse everything."""
FOLDED_MAX_LETTERS: Final = 3 * PROMPT_MAX_CHARS
"""For a text before it is read in several ways. Korean has three for each character, and no
language has more: a text of ligatures for whole words stands for a longer one."""
READ_MAX_LETTERS: Final = 40 * PROMPT_MAX_CHARS
"""For all readings of one text together. Ordinary text has two for each letter, and a page of
Japanese with digits, laughter and exclamations has ten."""
UNREADABLE: Final = "*"
"""Reported for a text that exceeds one of these limits; no list can contain this entry."""

_SYMBOLS: Final = "@$!|+€¡¢£§"
_LEET: Final = str.maketrans("@$!|+€¡¢£§0134578", "asiitei" + "cls" + "oieastb")
_OTHER_ONES: Final = str.maketrans("1!|", "lll")
"""The digit one and its look-alikes are read as i, and as l too."""
_EXCLAMATIONS: Final = "!|+¡"

_VOWEL_SIGNS: Final = "\u0900-\u0963\u0966-\u0dff\u1000-\u1049"
"""Parts of words in the scripts of India and Burma that Unicode does not class as letters."""
_LETTER: Final = rf"(?:[^\W_]|[{_VOWEL_SIGNS}])"
_PLAIN_TOKEN: Final = re.compile(rf"{_LETTER}+")
_LEET_TOKEN: Final = re.compile(rf"(?:{_LETTER}|[{re.escape(_SYMBOLS)}])+")
_ENTRY_TOKEN: Final = re.compile(rf"(?:{_LETTER}|[{re.escape(_SYMBOLS)}*])+")
# In languages with Latin letters that lists are likely to be written in, these letters are almost
# never doubled. Other letters often are; there, only three or more are a disguise.
_NEVER_DOUBLED: Final = re.compile(r"([ahijkquvwxy])\1+")
_STRETCHED: Final = re.compile(r"(.)\1{2,}")
_SPELLED_MIN_CHARS: Final = 3
_ONE_LETTER_WORDS: Final = frozenset("aieoyu")
"""One-letter words, which may stand before or after a spelled-out word."""


@dataclass(frozen=True, slots=True)
class Match:
    """A matching entry, and the text that it matches, as written."""

    entry: str
    written: str


class Listed:
    """A compiled list, ready to be searched for in any number of texts."""

    def __init__(self, entries: Iterable[str]) -> None:
        parts = {entry: _parts(entry) for entry in sorted(set(entries))}
        self._words = WordList((entry, words) for entry, words in parts.items() if words)

    @property
    def size(self) -> int:
        """The cost of reading one letter, in bits."""
        return self._words.size

    def matches_in(self, text: str) -> tuple[Match, ...]:
        """The matching entries and what they match, in the order of the text.

        A text that exceeds FOLDED_MAX_LETTERS or READ_MAX_LETTERS does not pass: it matches
        UNREADABLE.
        """
        if not self._words.size:
            return ()
        found: set[tuple[int, int, str]] = set()
        for row, is_whole in _rows(text):
            found |= {
                (row[first].start, row[last].end, entry)
                for first, last, entry in self._words.found_in(token.readings for token in row)
            }
            if not is_whole:
                found.add((row[-1].start, row[-1].end, UNREADABLE))
        return _told(text, found)


def _told(text: str, found: Iterable[tuple[int, int, str]]) -> tuple[Match, ...]:
    written: list[Match] = []
    reach = 0
    for start, end, entry in sorted(found, key=lambda one: (one[0], -one[1], one[2])):
        # A match inside a longer one, such as a phrase, is covered by the longer one.
        if end > reach or not written:
            written.append(Match(entry, text[start:end]))
            reach = end
    return tuple(written)


def is_matchable(entry: str) -> bool:
    """Whether an entry has enough letters to be searched for."""
    literal = "".join("".join(part.split("*")) for part in _parts(entry))
    return len(literal) >= LITERAL_MIN_CHARS


def is_too_long(entry: str) -> bool:
    """Whether an entry is too long to be searched for, as some letters fold into several."""
    return max(len(entry), len(folded(entry).text)) > WORD_MAX_CHARS


# --- the text -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
    """A stretch of the text, and every way to read it as one word."""

    start: int
    end: int
    readings: frozenset[str]


def letters_to_read(text: str) -> int:
    """The number of letters in all readings of a text; READ_MAX_LETTERS limits it."""
    return sum(_letters_of(token) for row, _ in _rows(text) for token in row)


def _letters_of(token: _Token) -> int:
    return sum(len(reading) for reading in token.readings)


def _rows(text: str) -> Iterator[tuple[Sequence[_Token], bool]]:
    """The words of a text for each way to split it, and whether those are all its words."""
    source = folded(text)
    if len(source.text) > FOLDED_MAX_LETTERS:
        place = source.index[FOLDED_MAX_LETTERS]
        yield [_Token(place, place + 1, frozenset())], False
        return
    left = READ_MAX_LETTERS
    for tokens in _readings(source):
        row: list[_Token] = []
        for token in tokens:
            left -= _letters_of(token)
            row.append(token)
            if left < 0:
                yield row, False
                return
        yield row, True


def _readings(source: Folded) -> Iterator[Iterator[_Token]]:
    """The tokens of the text, for each way to split it into words."""
    is_latin = is_latin_text(source.text)
    imitates = any(symbol in source.text for symbol in _SYMBOLS)
    for pattern in (_PLAIN_TOKEN, _LEET_TOKEN) if imitates else (_PLAIN_TOKEN,):
        cuts = [(found.start(), found.end()) for found in pattern.finditer(source.text)]
        yield (_token(source, start, end, is_latin=is_latin) for start, end in cuts)
        yield (
            _token(source, row[0][0], row[-1][1], is_latin=is_latin, spelled=row)
            for row in _spelled_out(source.text, cuts)
        )


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
    """Single letters with equal separators, with and without one-letter words."""
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
    """A word, and its readings with digits and symbols as the letters that they imitate."""
    ways = {word}
    if not word.isalpha() and any(char.isalpha() for char in word):
        # "hell!" ends a sentence, and "a$$" does not.
        for core in {word, word.rstrip(_EXCLAMATIONS), word.strip(_SYMBOLS)}:
            ways.add(core)
            ways.add(core.translate(_LEET))
            ways.add(core.translate(_OTHER_ONES).translate(_LEET))
    return ways


def _calm(word: str) -> set[str]:
    """A word without stretched letters: single, and doubled where the language may double them."""
    once = _NEVER_DOUBLED.sub(r"\1", word)
    if not _STRETCHED.search(once):
        return {once}
    return {once, _STRETCHED.sub(r"\1", once), _STRETCHED.sub(r"\1\1", once)}


# --- the list -------------------------------------------------------------------------------------


def _parts(entry: str) -> tuple[str, ...]:
    """An entry as the words that must follow each other; empty if it has no letters.

    An entry that is too long is cut: the beginning matches more, never less.
    """
    letters = folded(entry).text
    if len(letters) > WORD_MAX_CHARS:
        letters = f"{letters[:WORD_MAX_CHARS]}*"
    parts = _ENTRY_TOKEN.findall(letters)
    calm = [_NEVER_DOUBLED.sub(r"\1", _as_listed(part)) for part in parts]
    return tuple(part for part in calm if part.strip("*"))


def _as_listed(part: str) -> str:
    has_letters = any(char.isalpha() for char in part)
    return part.translate(_LEET) if has_letters and not part.isalnum() else part
