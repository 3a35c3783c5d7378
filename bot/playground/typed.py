"""Turns a line that was typed or pasted into the command that it spells out.

SimCord's composer takes a command option by option and would send a whole line as a message.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

Action = Mapping[str, Any]
"""A request of the browser: `kind`, and its data."""


class TypedOption(TypedDict):
    """An option in SimCord's catalogue of commands."""

    name: str
    type: str
    required: bool


class CatalogueEntry(TypedDict):
    """A command in SimCord's catalogue."""

    commandId: str
    path: list[str]
    invocation: str
    schemaFingerprint: str
    options: list[TypedOption]


def as_command(action: Action, entries: Sequence[CatalogueEntry]) -> Action:
    """The command that a message spells out; any other action unchanged."""
    if action.get("kind") != "send_message":
        return action
    line = str(action.get("content")).strip()
    for entry in entries:
        spelt = re.fullmatch(rf"/{re.escape(entry['invocation'])}(?:\s+(.*))?", line, re.DOTALL)
        if spelt:
            return {
                **action,
                "kind": "run_command",
                "command_id": entry["commandId"],
                "path": entry["path"],
                "schema_fingerprint": entry["schemaFingerprint"],
                "options": options_in(spelt[1] or "", entry["options"]),
            }
    return action


def options_in(text: str, options: Sequence[TypedOption]) -> dict[str, str | bool]:
    """The values behind `name:`; words before the first name belong to the first required option.

    A repeated name counts as part of the value around it.
    """
    types = {option["name"]: option["type"] for option in options}
    name = next((option["name"] for option in options if option["required"]), None)
    values: dict[str, str] = {}
    begin = 0
    for found in re.finditer(rf"(?<!\S)({'|'.join(map(re.escape, types))})\s*:", text):
        if found[1] in values or (found[1] == name and text[begin : found.start()].strip()):
            continue
        _put(values, name, text[begin : found.start()])
        name, begin = found[1], found.end()
        values[name] = ""
    _put(values, name, text[begin:])
    return {given: _typed(value, types[given]) for given, value in values.items()}


def _put(values: dict[str, str], name: str | None, text: str) -> None:
    if name is not None and (text.strip() or name in values):
        values[name] = text.strip()


def _typed(value: str, kind: str) -> str | bool:
    """SimCord reads numbers from text, but booleans only from booleans; it refuses other values."""
    if kind == "boolean" and value.casefold() in {"true", "false"}:
        return value.casefold() == "true"
    return value
