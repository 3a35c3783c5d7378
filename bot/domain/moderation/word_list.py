"""A list of words and patterns as one automaton, which reads a text once for the whole list.

Each letter of every entry is one bit of a number, and so is the end of each word. Reading a letter
moves all bits at once (Shift-And, Baeza-Yates and Gonnet, 1992), so neither many entries nor many
`*` multiply the work: it is the letters read, times the length of the list.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

Words = Sequence[str]
"""An entry as the words that must follow each other; `*` stands for any letters in a word."""


class WordList:
    """Compiled entries; they search a text that is a row of words, each read in several ways."""

    def __init__(self, entries: Iterable[tuple[str, Words]]) -> None:
        self._moves: defaultdict[str, list[int]] = defaultdict(list)
        """For each letter, the bits before it that the letter moves."""
        self._masks: dict[str, int] = {}
        """The same as numbers, computed when first needed."""
        begins: list[int] = []
        stays: list[int] = []
        ends: list[int] = []
        self._entry_at: dict[int, str] = {}
        """The entry for each end bit."""
        last: defaultdict[int, list[int]] = defaultdict(list)
        self.size = 0
        """The number of bits: the cost of reading one letter."""
        for entry, words in entries:
            begins.append(self.size)
            for word in words:
                self._lay_out(word, stays)
                ends.append(self.size - 1)
            self._entry_at[self.size - 1] = entry
            last[len(words)].append(self.size - 1)
        self._begins, self._stays, self._ends = (self._mask(bits) for bits in (begins, stays, ends))
        self._lasts = [(count, self._mask(bits)) for count, bits in sorted(last.items())][::-1]
        self._any_last = self._mask(self._entry_at)

    def _lay_out(self, word: str, stays: list[int]) -> None:
        for letter in word:
            if letter == "*":
                stays.append(self.size)
            else:
                self._moves[letter].append(self.size)
                self.size += 1
        self.size += 1

    def _mask(self, bits: Iterable[int]) -> int:
        octets = bytearray(self.size // 8 + 1)
        for bit in bits:
            octets[bit // 8] |= 1 << bit % 8
        return int.from_bytes(octets, "little")

    def found_in(self, row: Iterable[Iterable[str]]) -> Iterator[tuple[int, int, str]]:
        """For each place where entries end, the longest entry with its first and last word's place.

        The row holds, for each word of a text, every way to read it.
        """
        state = self._begins
        for place, readings in enumerate(row):
            reached = 0
            for reading in readings:
                reached |= self._read(reading, state)
            if reached & self._any_last:
                yield self._longest(reached, place)
            # An end is followed by the start of the entry's next word, or of another entry.
            state = self._begins | reached << 1

    def _read(self, reading: str, state: int) -> int:
        """The end bits that are set after the whole reading, starting from these bits."""
        for letter in reading:
            if not state:
                return 0
            state = (state & self._passed_by(letter)) << 1 | state & self._stays
        return state & self._ends

    def _passed_by(self, letter: str) -> int:
        if letter not in self._masks:
            self._masks[letter] = self._mask(self._moves.get(letter, ()))
        return self._masks[letter]

    def _longest(self, reached: int, place: int) -> tuple[int, int, str]:
        # An end is the end of some entry.
        count, here = next((count, reached & mask) for count, mask in self._lasts if reached & mask)
        first_bit = (here & -here).bit_length() - 1
        return place - count + 1, place, self._entry_at[first_bit]
