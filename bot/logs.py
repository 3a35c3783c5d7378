"""The log: a readable line per record, with no secret in it and no line that a user could forge."""

import logging
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Final, TextIO
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

REDACTED: Final = "[redacted]"
CONTINUED: Final = "    | "
"""Begins every line that belongs to the record above it; no record's own line begins like this."""

OWN_LOGGERS: Final = ("bot", "cogs", "__main__")
FLOORS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "aiohttp.access": logging.CRITICAL + 1,
        "alembic": logging.WARNING,
        "sqlalchemy": logging.WARNING,
    }
)
"""Libraries that say too much even at INFO, and the least that is heard of them."""

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# The repetitions before a fixed sign are bounded, so that a long text cannot stall the event loop.
_SHAPES: Final = (
    # Discord bot token: the bot's id in base64, a time, a signature.
    (re.compile(r"[\w-]{23,32}\.[\w-]{6,7}\.[\w-]{27,}", re.ASCII), REDACTED),
    # Discord interaction token, wherever it stands: base64 of "interaction:" and more.
    (re.compile(r"aW50ZXJhY3Rpb246[\w+/=%-]*", re.ASCII), REDACTED),
    (re.compile(r"(/(?:webhooks|interactions)/[^/\s]{1,64}/)[^\s/?#'\"<>)\]]+"), rf"\1{REDACTED}"),
    (re.compile(r"\b(bearer\s+)[^\s'\",;]+", re.IGNORECASE), rf"\1{REDACTED}"),
    (re.compile(r"([a-z][a-z0-9+.-]{0,30}://)(?:[^\s/@]*@)+", re.IGNORECASE), rf"\1{REDACTED}@"),
)


class Redactor:
    """Takes out of a text the given secrets, and whatever is shaped like one that was not given."""

    def __init__(self, secrets: Sequence[SecretStr]) -> None:
        plain = {secret.get_secret_value() for secret in secrets} - {""}
        spellings = {
            spelling
            for text in plain
            for spelling in (text, repr(text)[1:-1], quote(text, safe=""), quote_plus(text))
        }
        # Longest first, so that a secret within another leaves no rest of the longer one.
        longest_first = sorted(spellings, key=len, reverse=True)
        self._given = re.compile("|".join(map(re.escape, longest_first))) if spellings else None

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if self._given is not None:
            text = self._given.sub(REDACTED, text)
        for shape, replacement in _SHAPES:
            text = shape.sub(replacement, text)
        return text


class OneLineFormatter(logging.Formatter):
    """UTC time, level, logger and text; what else belongs to the record follows indented."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The record as it is written, redacted as a whole so that no way in is forgotten."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        head = f"{at}Z {record.levelname:<8} {record.name}: {record.getMessage()}"
        trace = self._trace_of(record)
        lines = self._redact(trace).split("\n") if trace else []
        return "\n".join([_on_one_line(self._redact(head)), *map(_continued, lines)])

    def _trace_of(self, record: logging.LogRecord) -> str:
        # Not `record.exc_text`: writing there would hand the unredacted text to other handlers.
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        if record.stack_info:
            parts.append(self.formatStack(record.stack_info))
        return "\n".join(parts)


class _SafeHandler(logging.StreamHandler[TextIO]):
    """Says that a record could not be written without quoting it, as logging itself would."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        kind = getattr(sys.exc_info()[0], "__name__", "no exception")
        with suppress(OSError, ValueError):
            self.stream.write(
                f"A log record could not be written ({kind}): {record.pathname}:{record.lineno}\n"
            )


def _continued(line: str) -> str:
    return CONTINUED + _on_one_line(line)


def _on_one_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


def configure_logging(
    *, level: str, secrets: Sequence[SecretStr], stream: TextIO | None = None
) -> None:
    """Write every logger's records to `stream` (default: standard error), redacted.

    `level` is the bot's own. Libraries stay at INFO even when it is DEBUG: at DEBUG discord.py
    and aiosqlite write out whole payloads and rows, with people's prompts and tokens in them.
    Called again, it replaces what it set up before.
    """
    handler = _SafeHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(OneLineFormatter(Redactor(secrets)))
    root = logging.getLogger()
    for former in [h for h in root.handlers if isinstance(h, _SafeHandler)]:
        root.removeHandler(former)
    root.addHandler(handler)

    own = logging.getLevelNamesMapping()[level]
    root.setLevel(max(own, logging.INFO))
    for name in OWN_LOGGERS:
        logging.getLogger(name).setLevel(own)
    for name, floor in FLOORS.items():
        logging.getLogger(name).setLevel(max(own, floor))
