"""Finds the JSON object in a response body, however broken the body is."""

import json

from pydantic import JsonValue

JsonObject = dict[str, JsonValue]


def read_object(body: bytes | None) -> JsonObject | None:
    """Read the JSON object in `body`, or None when there is none.

    The standard parser is used because it accepts lone surrogates: an echoed text that was cut in
    the middle of an emoji must not make a finished video unreadable.
    """
    try:
        document: JsonValue = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
