"""A server's decisions as the text of a row; keeps the parts that this version cannot read."""

import json
from collections.abc import Collection
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.domain.servers import NO_RESTRICTIONS, ServerSettings

_FIELDS: Final = frozenset(ServerSettings.model_fields) - {"unread"}
_RESTRICTIONS: Final = "restrictions"
"""Names the settings in a text that restrict anyone, for versions that know fewer settings."""
_DAMAGED: Final = "damaged"
"""Holds a former text that was not valid settings; anything beside it was decided since."""

_DOCUMENT: Final = TypeAdapter(dict[str, Any])
_NAMES: Final = TypeAdapter(set[str])


def document_of(text: str) -> dict[str, Any]:
    """The content of a row's text, of any version."""
    try:
        return _DOCUMENT.validate_python(json.loads(text))
    except (ValueError, RecursionError):
        return {_DAMAGED: text}


def settings_in(document: dict[str, Any]) -> ServerSettings:
    """The decisions in it; names that this version does not know are ignored.

    Unless the version that wrote them says that they restrict anyone.
    """
    made = {name: document[name] for name in _FIELDS & document.keys()}
    unread = _restrictions(document) - _FIELDS
    if _DAMAGED in document:
        unread |= _FIELDS - made.keys()
    try:
        return ServerSettings.model_validate({**made, "unread": unread})
    except ValidationError as refusal:
        unread |= {str(error["loc"][0]) for error in refusal.errors()}
        readable = {name: value for name, value in made.items() if name not in unread}
        return ServerSettings.model_validate({**readable, "unread": unread})


def text_of(
    document: dict[str, Any],
    before: ServerSettings,
    after: ServerSettings,
    *,
    changed: Collection[str],
) -> str:
    """`document` with the changes, and without the unreadable parts that are given up."""
    given_up = before.unread - after.unread
    written = (given_up | set(changed)) & _FIELDS
    kept = {name: value for name, value in document.items() if name not in written}
    if not after.unread:
        kept.pop(_DAMAGED, None)
    # Beside a damaged text, a default value is a decision like any other.
    plain = after.model_dump(mode="json", exclude_defaults=_DAMAGED not in kept)
    kept |= {name: plain[name] for name in written & plain.keys()}
    restricting = (kept.keys() & _FIELDS) - NO_RESTRICTIONS
    restricting |= _restrictions(document) - _FIELDS - given_up
    kept.pop(_RESTRICTIONS, None)
    return json.dumps(kept | ({_RESTRICTIONS: sorted(restricting)} if restricting else {}))


def _restrictions(document: dict[str, Any]) -> set[str]:
    try:
        return _NAMES.validate_python(document.get(_RESTRICTIONS, []))
    except ValidationError:
        return {_RESTRICTIONS}
