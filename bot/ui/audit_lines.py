"""The audit log as people read it: when, who and what, and what operators decide.

Managers read it of their server, and operators of the whole bot.
"""

import json
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import discord
from pydantic import JsonValue, TypeAdapter, ValidationError

from bot.domain import servers
from bot.domain.money.ledger import Caps
from bot.domain.servers import AuditEntry
from bot.languages.language import Language, marked
from bot.ui.key_news import setting_names
from bot.ui.layout import MOST_CHARS, fitting
from bot.ui.plain_text import as_text

ENTRIES_MAX: Final = 20
VALUE_MAX_CHARS: Final = 120
_JSON: Final = TypeAdapter[JsonValue](JsonValue)
WhatWords: TypeAlias = Callable[[Language, str, JsonValue, JsonValue], str]
"""Says a decision by its name, the value before and the value since.

Raises:
    ValueError, TypeError, KeyError: it cannot say that.
"""


def audit_log(language: Language, lines: Iterable[str]) -> str:
    """The newest entries, as many as one message takes."""
    title = language.say("### Who changed what, newest first")
    return "\n".join(fitting([title, *lines], MOST_CHARS))


def entry_line(language: Language, entry: AuditEntry, what_words: WhatWords) -> str:
    """When, who, what, the value before and the value since."""
    when = discord.utils.format_dt(entry.at, "f")
    match entry.by_user_id:
        case servers.BY_THE_BOT:
            who = language.say("the bot itself")
        case servers.AT_THE_SHELL:
            who = language.say("the operator, at the shell")
        case user_id:
            who = f"<@{user_id}>"
    try:
        what = what_words(language, entry.what, _read(entry.before), _read(entry.after))
    except (ValidationError, ValueError, TypeError, KeyError):
        # Another version wrote it, or it was shortened: show it as it is.
        what = _as_it_stands(language, entry)
    return f"- {when} · {who} · {what}"


def operators_words(language: Language, what: str, before: JsonValue, after: JsonValue) -> str:
    """What operators may decide, about the whole bot or about one server; managers pause too."""
    match what:
        case "paused_because" if after is None:
            return language.say("resumed")
        case "paused_because":
            return language.say("paused: {reason}", reason=as_text(str(after), VALUE_MAX_CHARS))
        case "unread":
            names = setting_names(TypeAdapter(list[str]).validate_python(before))
            return language.say("went on without what could not be read: {names}", names=names)
        case "blocked_by_operator":
            yes, no = language.say("Yes"), language.say("No")
            values = [yes if value else no for value in (before, after)]
            return changed(language.say("Blocked by the operator"), *values)
        case servers.JOB_BOUND:
            return language.say("found the request of the unsure job {job}", job=after)
        case servers.JOB_WRITTEN_OFF:
            return language.say("closed the unsure job {job}", job=after)
        case "drained_by" if after is None:
            return language.say("ended the drain")
        case "drained_by":
            return language.say("began to drain the bot")
        case "total_caps":
            limits = [
                dollar_limits(language, Caps.model_validate(value)) for value in (before, after)
            ]
            return changed(language.say("Limit for everything"), *limits)
        case _:
            raise KeyError(what)


def dollar_limits(language: Language, caps: Caps) -> str:
    """The limits in money, in one line."""
    texts = (
        (caps.day_microusd, marked("{amount} a day")),
        (caps.month_microusd, marked("{amount} a month")),
    )
    said = [
        language.say(text, amount=language.dollars(cap)) for cap, text in texts if cap is not None
    ]
    return ", ".join(said) if said else language.say("no limit")


def changed(name: str, before: str, after: str) -> str:
    """A value before and after."""
    return f"{name}: {before} → {after}"


def _as_it_stands(language: Language, entry: AuditEntry) -> str:
    name = as_text(entry.what.replace("_", " "), VALUE_MAX_CHARS)
    values = [as_text(value, VALUE_MAX_CHARS) for value in (entry.before, entry.after)]
    if not any(values):
        return name
    nothing = language.say("nothing")
    return changed(name, *(value or nothing for value in values))


def _read(text: str) -> JsonValue:
    try:
        return _JSON.validate_python(json.loads(text))
    except ValueError:
        return text
