"""The modals of the settings panel: limits as people type them, and a time zone.

The custom_id carries the limits as they were when the modal opened: so nothing is written that
the manager did not type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from discord import ui

from bot.domain.money.ledger import Caps
from bot.domain.money.typed_amounts import (
    MOST_DOLLARS,
    MOST_VIDEOS,
    UnreadableAmount,
    count_in,
    microusd_in,
    typed_dollars,
)
from bot.domain.servers import ServerSettings
from bot.features.servers.server_settings import CapsKind, CapsOf
from bot.languages.language import Language, marked
from bot.ui.modals import modal_of
from bot.ui.routes import Action, Route
from cogs.kling_admin import texts as words

ZONE_INPUT: Final = "zone"
_AMOUNT_MAX_CHARS: Final = 20
_ZONE_MAX_CHARS: Final = 60
ZONE_MODAL: Final = Route("kling:admin-form:zone")
CAPS_MODAL: Final = Route(
    "kling:admin-form:{kind}:{role_id}:{seen}",
    kind="|".join(CapsKind),
    role_id="[0-9]{1,20}",
    seen="[0-9,]*",
)
_DOLLARS: Final = ("day_microusd", "month_microusd")


CAPS_TITLES: Mapping[CapsKind, str] = {
    CapsKind.SERVER: marked("Limits of the server"),
    CapsKind.MEMBERS: marked("Limits of each member"),
    CapsKind.EACH: marked("Limits of each with this role"),
    CapsKind.TOGETHER: marked("Limits of all with this role"),
}
CAPS_LABELS: Mapping[str, str] = {
    "day_microusd": marked("Dollars a day"),
    "month_microusd": marked("Dollars a month"),
    "day_videos": marked("Videos a day"),
    "month_videos": marked("Videos a month"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CapsForm:
    """Limits that were submitted, as they were typed."""

    target: CapsOf
    seen: Caps
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unread:
    """The limit that cannot be read, in words for the manager."""

    said: str


def caps_form(target: CapsOf, settings: ServerSettings, language: Language) -> ui.Modal:
    """Asks for four limits, filled in with the current ones; none of them is required."""
    caps = target.in_settings(settings)
    labels: list[ui.Label[Any]] = []
    seen: list[str] = []
    for name, label in CAPS_LABELS.items():
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
    custom_id = CAPS_MODAL.of(kind=target.kind, role_id=target.role_id, seen=",".join(seen))
    return modal_of(language.say(CAPS_TITLES[target.kind]), custom_id, *labels)


def zone_form(settings: ServerSettings, language: Language) -> ui.Modal:
    """Asks for a time zone."""
    component = ui.TextInput[Any](
        custom_id=ZONE_INPUT, default=settings.time_zone, max_length=_ZONE_MAX_CHARS
    )
    label = ui.Label[Any](
        text=language.say("A city, such as Rome or New York"), component=component
    )
    return modal_of(language.say("Time zone"), ZONE_MODAL.of(), label)


def caps_form_of(action: Action) -> CapsForm:
    """What a submitted modal says."""
    former = dict(zip(CAPS_LABELS, action["seen"].split(","), strict=False))
    return CapsForm(
        target=CapsOf(CapsKind(action["kind"]), int(action["role_id"])),
        seen=Caps.model_validate({name: int(cap) for name, cap in former.items() if cap}),
        typed=action.texts,
    )


def caps_typed(form: CapsForm, language: Language) -> Caps | Unread:
    """The limits that were typed, or the first that cannot be read."""
    read: dict[str, int | None] = {}
    for name in CAPS_LABELS:
        is_money = name in _DOLLARS
        typed = form.typed.get(name, "")
        value = microusd_in(typed) if is_money else count_in(typed)
        if isinstance(value, UnreadableAmount):
            text = (
                marked(
                    "“{typed}” isn't an amount in dollars. Write it like 5 or 5.50, up to "
                    "{most}, or leave it empty for no limit. Nothing was changed."
                )
                if is_money
                else marked(
                    "“{typed}” isn't a number of videos. Write a whole number up to "
                    "{most}, or leave it empty for no limit. Nothing was changed."
                )
            )
            most = language.dollars(MOST_DOLLARS * 1_000_000) if is_money else str(MOST_VIDEOS)
            return Unread(language.say(text, typed=words.quoted(typed), most=most))
        read[name] = value
    return Caps.model_validate(read)
