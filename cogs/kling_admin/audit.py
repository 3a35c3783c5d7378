"""The audit log of a server's decisions as one private message: the newest first."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, assert_never

import discord
from pydantic import JsonValue, TypeAdapter

from bot.domain.money.ledger import Caps
from bot.domain.outcomes import FailureReason
from bot.domain.servers import AuditEntry, RoleRule
from bot.languages.language import Language, marked
from bot.ui.audit_lines import (
    ENTRIES_MAX,
    VALUE_MAX_CHARS,
    audit_log,
    changed,
    entry_line,
    operators_words,
)
from bot.ui.context import Interaction, language_of
from bot.ui.layout import note
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

_STYLES: Final[Mapping[str, str]] = {
    "style_added": marked("added the style **{name}**"),
    "style_changed": marked("changed the style **{name}**"),
    "style_removed": marked("removed the style **{name}**"),
}


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
        return language.say("Nothing has been decided for this server yet.")
    words = partial(what_words, guild_id=guild_id)
    return audit_log(language, (entry_line(language, entry, words) for entry in entries))


def what_words(
    language: Language, what: str, before: JsonValue, after: JsonValue, *, guild_id: int
) -> str:
    """What was decided, as a manager would say it.

    Raises:
        ValueError, TypeError, KeyError: this version does not know that.
    """
    match what:
        case "start_afresh":
            return language.say("reset the limits of {user}", user=f"<@{after}>")
        case "blocked_user_ids":
            return _blocked(language, _ids(before), _ids(after))
        case "role_rules":
            return _rules(language, before, after, guild_id)
        case "words":
            return _words(language, before, after)
        case "review_approved":
            return language.say("approved video {number}", number=as_text(str(after), 20))
        case "review_declined":
            return language.say("declined video {number}", number=as_text(str(after), 20))
        case _ if what in SETTINGS:
            return _setting(language, SETTINGS[what], before, after, guild_id)
        case _ if what in _STYLES:
            name = as_text(str(after or before), VALUE_MAX_CHARS)
            return language.say(_STYLES[what], name=name)
        case _:
            about_key = _about_key(language, what, before, after)
            return about_key or operators_words(language, what, before, after)


def _about_key(language: Language, what: str, before: JsonValue, after: JsonValue) -> str | None:
    match what:
        case "key_given":
            return language.say("gave a RunComfy key that ends in …{tail}", tail=after)
        case "key_replaced":
            return language.say(
                "replaced the RunComfy key …{former} by …{tail}", former=before, tail=after
            )
        case "key_removed":
            return language.say("removed the RunComfy key …{tail}", tail=before)
        case "key_broken" if after == FailureReason.KEY_REFUSED:
            return language.say("RunComfy stopped accepting the key …{tail}", tail=before)
        case _:
            return None


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
    return changed(name, *values)


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
        changed(
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
        [as_text(word, VALUE_MAX_CHARS) for word in listed.validate_python(words)]
        for words in (before, after)
    )
    return _list_changed(language, language.say("Words"), out, put_in)[:600]


def _ids(value: JsonValue) -> list[int]:
    return TypeAdapter(list[int]).validate_python(value)
