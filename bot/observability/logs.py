"""The log: one record after another, for people or as JSON, without secrets and forged lines.

The code logs by `logging.getLogger(__name__)`; the records get the ids of the current job here
(see `bot.observability.log_context`).
"""

import json
import logging
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Any, Final, Literal, TextIO

from pydantic import SecretStr

from bot.observability.log_context import ABOUT
from bot.observability.redaction import Redactor

logger = logging.getLogger(__name__)

CONTINUED: Final = "    | "
"""Begins every further line of a record; the first line of a record never begins like this."""

LogFormat = Literal["auto", "human", "json"]
"""`auto` is for people on a terminal, and JSON anywhere else."""

OWN_LOGGERS: Final = ("bot", "cogs")
FLOORS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "aiohttp.access": logging.CRITICAL + 1,
        "aiosqlite": logging.WARNING,
        "alembic": logging.WARNING,
        "discord.client": logging.WARNING,
        "discord.http": logging.WARNING,
        "procrastinate": logging.WARNING,
        "sqlalchemy": logging.WARNING,
    }
)
"""Libraries that log too much even at INFO, and the lowest level that is logged of them."""

_HEAD: Final = ("time", "level", "logger", "message")
_TRACE: Final = ("exception", "stack")


class _SafeHandler(logging.StreamHandler[TextIO]):
    """Reports a record that could not be written, without quoting it as logging itself would."""

    def __init__(self, stream: TextIO, *, redact: Redactor) -> None:
        super().__init__(stream)
        self.redact = redact

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        kind = getattr(sys.exc_info()[0], "__name__", "no exception")
        with suppress(OSError, ValueError):
            self.stream.write(
                f"Couldn't write a log record ({kind}): {record.pathname}:{record.lineno}\n"
            )


class _Drawing(logging.Formatter):
    """Formats one record, and redacts it as a whole, so that no part is forgotten."""

    def __init__(self, redact: Redactor, *, for_people: bool, traces: bool) -> None:
        super().__init__()
        self._redact = redact
        self._draw = self._for_people if for_people else self._as_json
        self._traces = traces

    def format(self, record: logging.LogRecord) -> str:
        """The whole record; it is left as it is, for other handlers."""
        return self._draw(self._fields_of(record))

    def _as_json(self, fields: Mapping[str, Any]) -> str:
        """One object on one line; each text is redacted before JSON escapes it."""
        # Numbers as texts too: Discord's ids are too large for some JSON readers.
        said = {name: self._redact(str(value)) for name, value in fields.items()}
        # ASCII only: no character of a user's can end a line or control a terminal.
        return json.dumps(said)

    def _for_people(self, fields: Mapping[str, Any]) -> str:
        """UTC time, level, logger and text; the rest of the record follows indented."""
        message = fields["message"]
        about = [
            f"{name}={value}"
            for name, value in fields.items()
            if name not in (*_HEAD, *_TRACE) and str(value) not in message
        ]
        head = f"{fields['time']} {fields['level']:<8} {fields['logger']}: {message}"
        head += f" [{' '.join(about)}]" if about else ""
        trace = "\n".join(fields[name] for name in _TRACE if name in fields)
        lines = self._redact(trace).split("\n") if trace else []
        return "\n".join([_on_one_line(self._redact(head)), *map(_continued, lines)])

    def _fields_of(self, record: logging.LogRecord) -> dict[str, Any]:
        """The fields of a record, in the order of the output."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        about = dict(_about(record))
        trace: str | None = None
        if record.exc_info and (kind := record.exc_info[0]) is not None:
            if self._traces:
                trace = self.formatException(record.exc_info)
            else:
                about["error"] = kind.__name__
        fields = {
            "time": f"{at}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **dict(sorted(about.items())),
            "exception": trace,
            "stack": record.stack_info,
        }
        return {name: value for name, value in fields.items() if value is not None}


def _about(record: logging.LogRecord) -> Mapping[str, Any]:
    """The ids of the task's job, unless the record names another by `extra`."""
    bound: Mapping[str, Any] = ABOUT.get({})
    named: Mapping[str, Any] = getattr(record, "about", bound)
    return bound if named.get("job") == bound.get("job") else named


def _continued(line: str) -> str:
    return CONTINUED + _on_one_line(line)


def _on_one_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


def log_pythons_own_words() -> None:
    """Log what Python would print to stderr, with any secret in it: warnings and fatal errors.

    asyncio logs by itself.
    """
    logging.captureWarnings(capture=True)

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        logger.critical("an error ends the process", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        name = "unknown" if args.thread is None else args.thread.name
        # Some errors come without a value, for example at the interpreter's exit.
        error = args.exc_value or args.exc_type()
        logger.error(
            "an error ended thread %s", name, exc_info=(args.exc_type, error, args.exc_traceback)
        )

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        error = args.exc_value or args.exc_type()
        logger.error(
            "Python ignored an error: %s",
            args.err_msg or "in a finalizer",
            exc_info=(args.exc_type, error, args.exc_traceback),
        )

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable


def keep_out_of_logs(secret: SecretStr) -> None:
    """Redact this from now on as well, wherever `configure_logging` has set up a log."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _SafeHandler):
            handler.redact.learn(secret)


def configure_logging(
    *,
    level: str,
    secrets: Sequence[SecretStr],
    stream: TextIO | None = None,
    log_format: LogFormat = "auto",
    traces: bool = True,
) -> None:
    """Write every logger's records to `stream` (default: standard error), redacted.

    `level` is the bot's own. Libraries stay at INFO even if it is DEBUG: at DEBUG discord.py and
    aiosqlite log whole payloads and rows, including members' prompts and tokens. Without `traces`
    only an error's kind is logged: for commands with an operator at the terminal. A repeated call
    replaces the earlier setup.
    """
    redact = Redactor(secrets)
    handler = _SafeHandler(sys.stderr if stream is None else stream, redact=redact)
    for_people = log_format == "human" or (log_format == "auto" and handler.stream.isatty())
    handler.setFormatter(_Drawing(redact, for_people=for_people, traces=traces))
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
