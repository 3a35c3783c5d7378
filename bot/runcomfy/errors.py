"""Classifies RunComfy's error answers. Their texts are read for that, and never kept."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from pydantic import JsonValue

from bot.domain.outcomes import FailureReason
from bot.runcomfy.body import JsonObject


class ErrorKind(StrEnum):
    """The class of an error answer, in words fit for a log."""

    MODEL = "model unknown"
    BALANCE = "no balance"
    KEY = "key refused"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"
    CONTENT = "content refused"
    INPUT = "input refused"
    PICTURE = "picture refused"
    RATE_LIMITED = "rate limited"
    INDEFINITE = "indefinite error"


REFUSALS: Final = {
    ErrorKind.MODEL: FailureReason.MODEL_MISSING,
    ErrorKind.NOT_FOUND: FailureReason.MODEL_MISSING,
    ErrorKind.BALANCE: FailureReason.NO_BALANCE,
    ErrorKind.KEY: FailureReason.KEY_REFUSED,
    ErrorKind.FORBIDDEN: FailureReason.KEY_REFUSED,
    ErrorKind.CONTENT: FailureReason.CONTENT_REFUSED,
    ErrorKind.INPUT: FailureReason.INPUT_REFUSED,
    ErrorKind.PICTURE: FailureReason.PICTURE_REFUSED,
}
"""For a purchase, these kinds mean that certainly nothing was bought."""

_KIND_BY_CODE: Final = {
    400001: ErrorKind.MODEL,
    400002: ErrorKind.BALANCE,
    400004: ErrorKind.KEY,
    403001: ErrorKind.FORBIDDEN,
    404001: ErrorKind.NOT_FOUND,
}
_INPUT_STATUSES: Final = frozenset({400, 422})
"""With these RunComfy refuses an input without an error code; its JSON says why."""
_TOO_MANY_REQUESTS: Final = 429
# 408 and 425 may come for a request that was passed on, 409 for one that was already accepted, and
# 499 is a proxy's status: none of them proves that nothing was bought.
_INDEFINITE_STATUSES: Final = frozenset({408, 409, 425, 499})
_LOWEST_ERROR_CODE: Final = 400
_TEXT_KEYS: Final = ("error_message", "message", "error", "detail")
_TEXTS_READ_AT_MOST: Final = 200
_TEXT_READ_CHARS: Final = 2_000

# Whole phrases: an answer may quote the prompt, and a gymnast on a balance beam in it must not stop
# everyone's purchases.
_CONTENT: Final = re.compile(
    r"moderat|sensitiv|nsfw|(?<![a-z])polic(?:y|ies)(?![a-z])|prohibited|inappropriate"
    r"|risk[ _-]?control|unsafe|(?<![a-z])guidelines|content[ _-]?(?:filter|check|audit|violation)"
    r"|safety[ _-]?(?:filter|check|system|violation)|(?:explicit|adult|sexual|violent) content"
)
# The models call their fields start_image_url and end_image_url; "image-to-video" is in their ids.
_PICTURE: Final = re.compile(r"(?<![a-z])(?:(?:start|end)[ _-])?images?(?:_url)?(?![a-z]|-to-)")


def error_kind(status: int, document: JsonObject | None) -> ErrorKind | None:
    """What is wrong, or None if the answer is no error.

    For a key, a balance, a model or a request only RunComfy's own code in its own JSON counts: a
    bare status or a page may come from a system in between, and a text may quote a prompt. An error
    may come as HTTP 200; then an unknown code counts only if the answer says nothing else.
    """
    fields = document or {}
    code = error_code(fields)
    if status == _TOO_MANY_REQUESTS:
        return ErrorKind.RATE_LIMITED
    # A 5xx may have happened after the purchase, whatever else the answer says.
    if status >= 500:  # noqa: PLR2004 - HTTP's own number
        return ErrorKind.INDEFINITE
    # The code comes before the status, since one error comes with several statuses.
    if code in _KIND_BY_CODE:
        return _KIND_BY_CODE[code]
    if status >= 400:  # noqa: PLR2004 - HTTP's own number
        return _refusal(status, fields, is_coded=code is not None)
    silent = not fields.get("status") and not fields.get("request_id")
    complains = code is not None or fields.get("error_code") or fields.get("error_message")
    return ErrorKind.INDEFINITE if silent and complains else None


def error_code(document: JsonObject) -> int | None:
    """The answer's numeric error code, whether sent as a number or as text."""
    code = document.get("error_code")
    if isinstance(code, str) and re.fullmatch(r"[0-9]{1,9}", code.strip()):
        code = int(code)
    # Some services send 0 or 200 for "no error".
    if isinstance(code, bool) or not isinstance(code, int) or code < _LOWEST_ERROR_CODE:
        return None
    return code


def failure_reason(error: JsonValue) -> FailureReason:
    """Why a generation failed, from an error value of any type."""
    refused = _speaks_of(_CONTENT, error)
    return FailureReason.CONTENT_REFUSED if refused else FailureReason.GENERATION_FAILED


def _refusal(status: int, document: JsonObject, *, is_coded: bool) -> ErrorKind:
    said: JsonValue = [document.get(key) for key in _TEXT_KEYS]
    is_its_own = is_coded or (status in _INPUT_STATUSES and any(_texts(said)))
    if not is_its_own or status in _INDEFINITE_STATUSES:
        return ErrorKind.INDEFINITE
    if _speaks_of(_CONTENT, said):
        return ErrorKind.CONTENT
    return ErrorKind.PICTURE if _speaks_of(_PICTURE, said) else ErrorKind.INPUT


def _speaks_of(pattern: re.Pattern[str], value: JsonValue) -> bool:
    return any(pattern.search(text[:_TEXT_READ_CHARS].lower()) for text in _texts(value))


def _texts(value: JsonValue) -> Iterator[str]:
    """Every text in a value, breadth first, without recursion: nesting may be deep."""
    waiting = [value]
    for _ in range(_TEXTS_READ_AT_MOST):
        if not waiting:
            return
        found = waiting.pop(0)
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            # In a 422, `input` echoes the prompt, which is not the service's own text.
            waiting += [item for key, item in found.items() if key != "input"]
        elif isinstance(found, list):
            waiting += found
