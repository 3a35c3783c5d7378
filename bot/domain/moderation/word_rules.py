"""Which listed words a request contains: the server's own list and, if on, the built-in one.

A negative prompt names what must *not* be shown, so listed words are allowed there. Words that must
not be excluded, such as clothes, are listed with a leading minus and searched for only there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.generation.request import GenerationRequest
from bot.domain.moderation.builtin_words import BUILT_IN_WORDS
from bot.domain.moderation.listed_words import Listed, Match, is_matchable, is_too_long
from bot.domain.servers import WORDS_MAX, ServerSettings

UNWANTED: Final = "-"
"""The first character of entries for negative prompts."""


def matches(request: GenerationRequest, server: ServerSettings) -> tuple[Match, ...]:
    """The entries that match, and what they match; a style's texts count like typed ones.

    This may take some hundredths of a second: run it off the event loop.
    """
    entries = entries_of(server)
    style = request.style
    shown = (
        request.prompt,
        *(shot.prompt for shot in request.shots),
        style.prompt if style else "",
    )
    unwanted = (request.negative_prompt or "", style.negative_prompt if style else "")
    for_shown = [entry for entry in entries if not entry.startswith(UNWANTED)]
    for_unwanted = [entry for entry in entries if entry.startswith(UNWANTED)]
    return (*_in_all(shown, for_shown), *_in_all(unwanted, for_unwanted))


def _in_all(texts: Iterable[str], entries: Iterable[str]) -> Iterator[Match]:
    listed = Listed(entries)
    return (match for text in texts for match in listed.matches_in(text))


def entries_of(server: ServerSettings) -> tuple[str, ...]:
    """All entries of a server, with the built-in words if they are switched on."""
    if not server.builtin_words:
        return server.words
    return (*server.words, *(entry for group in BUILT_IN_WORDS.values() for entry in group))


@dataclass(frozen=True, slots=True)
class Listing:
    """A server's list after a change, and what was not added."""

    words: tuple[str, ...]
    too_short: tuple[str, ...] = ()
    too_long: tuple[str, ...] = ()
    no_room: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all entries were added."""
        return not (self.too_short or self.too_long or self.no_room)


def with_added(listed: Sequence[str], typed: str) -> Listing:
    """The list with the new entries of a text, one per line."""
    entries = _entries(typed)
    too_long = tuple(entry for entry in entries if is_too_long(entry))
    too_short = tuple(
        entry for entry in entries if not is_too_long(entry) and not is_matchable(entry)
    )
    untaken = {*too_long, *too_short}
    words = tuple(dict.fromkeys([*listed, *(one for one in entries if one not in untaken)]))
    return Listing(words[:WORDS_MAX], too_short, too_long, max(0, len(words) - WORDS_MAX))


def without(listed: Sequence[str], typed: str) -> tuple[str, ...]:
    """The list without the entries of a text, one per line."""
    gone = {entry.casefold() for entry in _entries(typed)}
    return tuple(entry for entry in listed if entry.casefold() not in gone)


def _entries(typed: str) -> list[str]:
    """The lines of a text, in lower case and without duplicates."""
    lines = (" ".join(line.split()).casefold() for line in typed.splitlines())
    return list(dict.fromkeys(line for line in lines if line))
