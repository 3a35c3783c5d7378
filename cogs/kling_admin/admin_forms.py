"""The windows of the settings panel: limits as people type them, and a time zone.

What a window is for, and what its limits were when it was opened, stand in its custom_id: so it
is taken after a restart too, and writes nothing that somebody did not type.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from discord import ui

from bot.domain.ledger import Caps
from bot.domain.servers import ServerSettings
from bot.domain.typed_amounts import (
    MOST_DOLLARS,
    MOST_VIDEOS,
    Unreadable,
    count_in,
    microusd_in,
    typed_dollars,
)
from bot.features.server_settings import CapsKind, CapsOf
from bot.languages.language import Language
from bot.ui.modals import Submission, window_of
from cogs.kling_admin import words_admin as words

ZONE_INPUT: Final = "zone"
_AMOUNT_MAX_CHARS: Final = 20
_ZONE_MAX_CHARS: Final = 60
_ZONE_FORM: Final = "kling:admin-form:zone"
_CAPS: Final = rf"(?P<kind>{'|'.join(CapsKind)}):(?P<role_id>[0-9]{{1,20}}):(?P<seen>[0-9,]*)"
ADMIN_WINDOW: Final = re.compile(rf"{_ZONE_FORM}|kling:admin-form:{_CAPS}")
_DOLLARS: Final = ("day_microusd", "month_microusd")


@dataclass(frozen=True, slots=True, kw_only=True)
class CapsForm:
    """Limits that were submitted, as they were typed."""

    target: CapsOf
    seen: Caps
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ZoneForm:
    """A time zone that was submitted, as it was typed."""

    typed: str


@dataclass(frozen=True, slots=True)
class Unread:
    """What of it cannot be read, said to whoever typed it."""

    said: str


def caps_form(target: CapsOf, settings: ServerSettings, language: Language) -> ui.Modal:
    """Asks for four limits, filled in as they are; none of them is required."""
    caps = target.in_settings(settings)
    labels: list[ui.Label[Any]] = []
    seen: list[str] = []
    for name, label in words.CAPS_LABELS.items():
        cap: int | None = getattr(caps, name)
        counted = "" if cap is None else str(cap)
        seen.append(counted)
        component = ui.TextInput[Any](
            custom_id=name,
            required=False,
            default=(typed_dollars(cap) if name in _DOLLARS else counted) or None,
            placeholder=language.say(words.UNLIMITED_HINT),
            max_length=_AMOUNT_MAX_CHARS,
        )
        labels.append(ui.Label(text=language.say(label), component=component))
    custom_id = f"kling:admin-form:{target.kind}:{target.role_id}:{','.join(seen)}"
    return window_of(language.say(words.CAPS_TITLES[target.kind]), custom_id, *labels)


def zone_form(settings: ServerSettings, language: Language) -> ui.Modal:
    """Asks for a time zone."""
    component = ui.TextInput[Any](
        custom_id=ZONE_INPUT, default=settings.time_zone, max_length=_ZONE_MAX_CHARS
    )
    label = ui.Label[Any](text=language.say(words.ZONE_LABEL), component=component)
    return window_of(language.say(words.ZONE_FORM_TITLE), _ZONE_FORM, label)


def admin_form_of(submission: Submission, match: re.Match[str]) -> CapsForm | ZoneForm:
    """What a submitted window of the panel says."""
    if submission.custom_id == _ZONE_FORM:
        return ZoneForm(submission.texts.get(ZONE_INPUT, ""))
    former = dict(zip(words.CAPS_LABELS, match["seen"].split(","), strict=False))
    return CapsForm(
        target=CapsOf(CapsKind(match["kind"]), int(match["role_id"])),
        seen=Caps.model_validate({name: int(cap) for name, cap in former.items() if cap}),
        typed=submission.texts,
    )


def caps_typed(form: CapsForm, language: Language) -> Caps | Unread:
    """The limits that were typed, or the first that cannot be read."""
    read: dict[str, int | None] = {}
    for name in words.CAPS_LABELS:
        is_money = name in _DOLLARS
        typed = form.typed.get(name, "")
        value = microusd_in(typed) if is_money else count_in(typed)
        if isinstance(value, Unreadable):
            text = words.UNREAD_DOLLARS if is_money else words.UNREAD_COUNT
            most = language.dollars(MOST_DOLLARS * 1_000_000) if is_money else str(MOST_VIDEOS)
            return Unread(language.say(text, typed=words.quoted(typed), most=most))
        read[name] = value
    return Caps.model_validate(read)
