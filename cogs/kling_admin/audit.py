"""The audit log of a server's decisions as one private message: the newest first."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, assert_never

import discord
from pydantic import JsonValue, TypeAdapter, ValidationError

from bot.domain import servers
from bot.domain.ledger import Caps
from bot.domain.servers import AuditEntry, RoleRule
from bot.languages.language import Language, marked
from bot.ui import words_keys, words_reviews
from bot.ui.context import Interaction, language_of
from bot.ui.key_news import setting_names
from bot.ui.layout import MOST_CHARS, fitting, note
from bot.ui.plain_text import as_text
from cogs.kling_admin import texts as words_admin
from cogs.kling_admin.settings import (
    NO_CHANNEL,
    SETTINGS,
    CapsSetting,
    ChannelSetting,
    ChoiceSetting,
    ListSetting,
    ServerSetting,
)
from cogs.kling_operator import texts as words_operator

ENTRIES_MAX: Final = 20
TRAIL_TITLE: Final = marked("### Who decided what, the newest first")
NO_TRAIL: Final = marked("Nobody has decided anything for this server yet.")
_VALUE_MAX_CHARS: Final = 120
_STYLES: Mapping[str, str] = {
    "style_added": marked("added the style **{name}**"),
    "style_changed": marked("changed the style **{name}**"),
    "style_removed": marked("removed the style **{name}**"),
}
_OF_THE_USUAL: Final = TypeAdapter[JsonValue](JsonValue)


async def show_audit(interaction: Interaction) -> None:
    """Who decided what, and when."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    language, servers = language_of(interaction), interaction.client.services.servers
    guild_id = interaction.guild_id or 0
    entries = await servers.audit(guild_id, limit=ENTRIES_MAX)
    text = trail(language, entries, guild_id=guild_id)
    await interaction.followup.send(
        view=note(text), ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
    )


def trail(language: Language, entries: Sequence[AuditEntry], *, guild_id: int) -> str:
    """The newest entries, as many as one message takes."""
    if not entries:
        return language.say(NO_TRAIL)
    lines = (entry_line(language, entry, guild_id=guild_id) for entry in entries)
    return "\n".join(fitting([language.say(TRAIL_TITLE), *lines], MOST_CHARS))


def entry_line(language: Language, entry: AuditEntry, *, guild_id: int) -> str:
    """When, who, what, the value before and the value since."""
    when = discord.utils.format_dt(entry.at, "f")
    match entry.by_user_id:
        case servers.BY_THE_BOT:
            who = language.say("the bot itself")
        case servers.AT_THE_SHELL:
            who = language.say("the operator, at the shell")
        case user_id:
            who = f"<@{user_id}>"
    return f"- {when} · {who} · {what_line(language, entry, guild_id=guild_id)}"


def what_line(language: Language, entry: AuditEntry, *, guild_id: int) -> str:
    """What was decided, as a manager would say it."""
    before, after = _read(entry.before), _read(entry.after)
    about_keys = words_keys.trail_line(language, entry.what, before, after)
    by_operator = words_operator.trail_line(language, entry.what, after)
    by_moderator = words_reviews.trail_line(language, entry.what, after)
    about_styles = _style(language, entry.what, before, after)
    if told := about_keys or by_operator or by_moderator or about_styles:
        return told
    try:
        return _said(language, entry.what, before, after, guild_id)
    except (ValidationError, ValueError, TypeError, KeyError):
        # Another version wrote it, or it was shortened: show it as it is.
        return _as_it_stands(language, entry)


def _said(language: Language, what: str, before: JsonValue, after: JsonValue, guild_id: int) -> str:
    match what:
        case "paused_because" if after is None:
            return language.say("resumed")
        case "paused_because":
            return language.say("paused: {reason}", reason=as_text(str(after), _VALUE_MAX_CHARS))
        case "unread":
            gone = TypeAdapter(list[str]).validate_python(before)
            names = setting_names(gone)
            return language.say("went on without what could not be read: {names}", names=names)
        case "start_afresh":
            return language.say("a fresh start in the limits for {user}", user=f"<@{after}>")
        case "blocked_user_ids":
            return _blocked(language, _ids(before), _ids(after))
        case "role_rules":
            return _rules(language, before, after, guild_id)
        case "words":
            return _words(language, before, after)
        case _:
            return _setting(language, SETTINGS[what], before, after, guild_id)


def _setting(
    language: Language,
    setting: ServerSetting,
    before: JsonValue,
    after: JsonValue,
    guild_id: int,
) -> str:
    """A change of a setting in the table."""
    name = language.say(setting.audit_title or setting.title)
    match setting:
        case ChoiceSetting():
            values = [setting.words(language, value) for value in (before, after)]
        case CapsSetting():
            caps = (Caps.model_validate(value) for value in (before, after))
            values = [words_admin.caps_line(language, one) for one in caps]
        case ChannelSetting():
            none = language.say(NO_CHANNEL)
            values = [none if one is None else f"<#{one}>" for one in (before, after)]
        case ListSetting(are_roles=are_roles):
            out, put_in = (
                [
                    words_admin.role_name(language, one, guild_id=guild_id)
                    if are_roles
                    else f"<#{one}>"
                    for one in _ids(ids)
                ]
                for ids in (before, after)
            )
            return _list_changed(language, name, out, put_in)
        case _:
            assert_never(setting)
    return _changed(name, *values)


def _changed(name: str, before: str, after: str) -> str:
    return f"{name}: {before} → {after}"


def _list_changed(language: Language, name: str, out: list[str], put_in: list[str]) -> str:
    said = [
        language.say(text, those=", ".join(those))
        for text, those in ((marked("added {those}"), put_in), (marked("removed {those}"), out))
        if those
    ]
    return f"{name}: {'; '.join(said)}"


def _blocked(language: Language, before: list[int], after: list[int]) -> str:
    said = [
        language.say(text, users=", ".join(f"<@{one}>" for one in users))
        for text, users in (
            (marked("blocked {users}"), after),
            (marked("unblocked {users}"), before),
        )
        if users
    ]
    return "; ".join(said)


def _rules(language: Language, before: JsonValue, after: JsonValue, guild_id: int) -> str:
    rules = TypeAdapter(dict[int, RoleRule])
    former, later = rules.validate_python(before), rules.validate_python(after)
    return "; ".join(
        _changed(
            words_admin.role_name(language, role_id, guild_id=guild_id),
            *(
                words_admin.rule_line(language, side.get(role_id, RoleRule()))
                for side in (former, later)
            ),
        )
        for role_id in {**former, **later}
    )


def _words(language: Language, before: JsonValue, after: JsonValue) -> str:
    listed = TypeAdapter(list[str])
    out, put_in = (
        [as_text(word, _VALUE_MAX_CHARS) for word in listed.validate_python(words)]
        for words in (before, after)
    )
    return _list_changed(language, language.say("Words"), out, put_in)[:600]


def _style(language: Language, what: str, before: JsonValue, after: JsonValue) -> str | None:
    line = _STYLES.get(what)
    name = as_text(str(after or before), _VALUE_MAX_CHARS)
    return None if line is None else language.say(line, name=name)


def _as_it_stands(language: Language, entry: AuditEntry) -> str:
    name = as_text(entry.what.replace("_", " "), _VALUE_MAX_CHARS)
    values = [as_text(value, _VALUE_MAX_CHARS) for value in (entry.before, entry.after)]
    if not any(values):
        return name
    nothing = language.say("nothing")
    return _changed(name, *(value or nothing for value in values))


def _ids(value: JsonValue) -> list[int]:
    return TypeAdapter(list[int]).validate_python(value)


def _read(text: str) -> JsonValue:
    try:
        return _OF_THE_USUAL.validate_python(json.loads(text))
    except ValueError:
        return text
