"""The files that a result lists. "No files" is believed only if everything could be read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue
from yarl import URL

from bot.domain.outcomes import Media, MediaKind

_KEYS: Final[Mapping[MediaKind, tuple[str, str]]] = {
    MediaKind.VIDEO: ("video", "videos"),
    MediaKind.IMAGE: ("image", "images"),
}
_URL_MAX_CHARS: Final = 4_096
_SCHEMES: Final = frozenset({"https", "http"})


@dataclass(frozen=True, slots=True)
class Files:
    """The produced files, in the service's order, without duplicates; images only if no video."""

    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class NoFiles:
    """The whole output was understood, and there is no file in it."""


@dataclass(frozen=True, slots=True)
class UnreadableOutput:
    """Something in it is not understood, so no verdict may be based on it."""


Output = Files | NoFiles | UnreadableOutput


def read_output(value: JsonValue) -> Output:
    """Read `output` only: the rest of a result echoes inputs and contains API links."""
    if not isinstance(value, dict):
        return UnreadableOutput()
    for kind, keys in _KEYS.items():
        entries = [entry for key in keys for entry in _entries(value.get(key))]
        media = _media(kind, entries)
        if media:
            return Files(media)
        if entries:
            # An unreadable video must not be skipped in favour of an image.
            return UnreadableOutput()
    # Texts, lists and objects under unknown names may be files that moved.
    known = {key for keys in _KEYS.values() for key in keys}
    strange = (other for key, other in value.items() if key not in known)
    moved = any(isinstance(other, str | list | dict) and other for other in strange)
    return UnreadableOutput() if moved else NoFiles()


def _entries(value: JsonValue) -> list[JsonValue]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if entry not in (None, "", [], {})]


def _media(kind: MediaKind, entries: Iterable[JsonValue]) -> tuple[Media, ...]:
    # Unreadable entries beside readable ones are ignored: the rest was paid for and is delivered.
    urls = [entry.strip() for entry in entries if isinstance(entry, str) and _is_url(entry.strip())]
    return tuple(Media(kind=kind, url=url) for url in dict.fromkeys(urls))


def _is_url(text: str) -> bool:
    # Unprintable characters would break the database's text and the log's lines.
    if len(text) > _URL_MAX_CHARS or not text.isprintable():
        return False
    try:
        url = URL(text)
    except ValueError:
        return False
    return url.scheme in _SCHEMES and bool(url.raw_host)
