"""The words around a server's list of words: what it holds, what changed, what a prompt meets."""

from collections.abc import Sequence
from typing import Final

from bot.domain.moderation import Match
from bot.domain.servers import WORD_MAX_CHARS, WORDS_MAX
from bot.domain.word_rules import Listing
from bot.languages.language import Language, marked
from bot.ui.plain_text import as_text

LIST_SHOWN_CHARS: Final = 1_700
"""Of the entries in one answer; Discord takes 2,000 characters, and the rest goes into a file."""
FILE_NAME: Final = "words.txt"
_UNTAKEN_SHOWN: Final = 5
_MATCH_SHOWN_CHARS: Final = 80
"""So that some, with every character escaped, are within the 2,000 of an answer."""

ADD_WORDS_TITLE: Final = marked("Words that prompts may not contain")
REMOVE_WORDS_TITLE: Final = marked("Words to take off the list")
WORDS_LABEL: Final = marked("One on each line")
WORDS_HINT: Final = marked("Whole words; * stands for any letters; -clothes: nobody may leave out")
WORDS_UNCHANGED: Final = marked("Nothing was changed: none of these was to be added or removed.")
NO_WORDS: Final = marked("This server lists no words yet. `/kling-admin words add` adds some.")
BUILT_IN_ON: Final = marked("The built-in list is on: {number} entries besides.")
BUILT_IN_OFF: Final = marked("The built-in list is off. `/kling-admin words builtin` switches it.")
BUILT_IN_SWITCHED_ON: Final = marked(
    "The built-in list is on from now on. It is short: sexual terms, cruelty, and what has no "
    "place where minors are."
)
BUILT_IN_SWITCHED_OFF: Final = marked("The built-in list is off from now on.")
WOULD_PASS: Final = marked("This prompt would pass.")


def changed_line(language: Language, before: int, after: int) -> str:
    """How many were added or removed, and how many there are."""
    there = language.plural(
        "{number} entry is listed now.", "{number} entries are listed now.", after
    )
    if after > before:
        done = language.plural("{number} added.", "{number} added.", after - before)
    elif after < before:
        done = language.plural("{number} removed.", "{number} removed.", before - after)
    else:
        done = language.say(WORDS_UNCHANGED)
    return f"{done} {there}"


def untaken_lines(language: Language, listing: Listing) -> list[str]:
    """What was not taken into the list, and why."""
    lines: list[str] = []
    if listing.too_short:
        lines.append(
            language.say(
                "Not taken, since a word or pattern needs two letters or digits: {words}",
                words=_shown(listing.too_short),
            )
        )
    if listing.too_long:
        lines.append(
            language.say(
                "Not taken, since they are longer than {limit} characters: {words}",
                limit=language.number(WORD_MAX_CHARS),
                words=_shown(listing.too_long),
            )
        )
    if listing.no_room:
        lines.append(
            language.plural(
                "{number} did not fit: a server may list {limit}.",
                "{number} did not fit: a server may list {limit}.",
                listing.no_room,
                limit=language.number(WORDS_MAX),
            )
        )
    return lines


def match_lines(language: Language, matches: Sequence[Match]) -> str:
    """Why a prompt would not pass: each find with the entry that it meets."""
    shown = [
        language.say(
            "“{written}” meets the entry “{entry}”",
            written=as_text(match.written, _MATCH_SHOWN_CHARS),
            entry=as_text(match.entry, _MATCH_SHOWN_CHARS),
        )
        for match in matches[:_UNTAKEN_SHOWN]
    ]
    return "\n".join([language.say("This prompt would be refused, uncharged:"), *shown])


def entries_line(entries: Sequence[str]) -> str | None:
    """All entries beside each other; None when they do not fit into one answer."""
    line = ", ".join(as_text(entry, WORD_MAX_CHARS) for entry in entries)
    return line if len(line) <= LIST_SHOWN_CHARS else None


def _shown(entries: Sequence[str]) -> str:
    line = ", ".join(f"“{as_text(entry, 40)}”" for entry in entries[:_UNTAKEN_SHOWN])
    return line + ("…" if len(entries) > _UNTAKEN_SHOWN else "")
