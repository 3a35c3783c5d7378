"""The files that a result lists. Emptiness is believed only where everything could be read."""

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
    """What was produced, in the service's order and each once; images only for want of a video."""

    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class NoFiles:
    """The output was understood whole, and there is no file in it."""


@dataclass(frozen=True, slots=True)
class UnreadableOutput:
    """Something is there, or may be, that is not understood: no verdict may rest on it."""


Output = Files | NoFiles | UnreadableOutput


def read_output(value: JsonValue) -> Output:
    """Read `output` alone: the rest of a result echoes inputs and carries API links."""
    if not isinstance(value, dict):
        return UnreadableOutput()
    for kind, keys in _KEYS.items():
        entries = [entry for key in keys for entry in _entries(value.get(key))]
        media = _media(kind, entries)
        if media:
            return Files(media)
        if entries:
            # A video that cannot be read must not be passed over for an image.
            return UnreadableOutput()
    # Texts, lists and objects under strange names may be files that moved.
    known = {key for keys in _KEYS.values() for key in keys}
    strange = (other for key, other in value.items() if key not in known)
    moved = any(isinstance(other, str | list | dict) and other for other in strange)
    return UnreadableOutput() if moved else NoFiles()


def _entries(value: JsonValue) -> list[JsonValue]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if entry not in (None, "", [], {})]


def _media(kind: MediaKind, entries: Iterable[JsonValue]) -> tuple[Media, ...]:
    # What cannot be read beside what can is left: the rest was paid for and is delivered.
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
