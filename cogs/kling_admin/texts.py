"""The words of `/kling-admin` that several of its modules say."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.money.ledger import Caps
from bot.domain.servers import RoleRule
from bot.features.servers.server_settings import SettingsRefusal
from bot.languages.language import Language, marked
from bot.ui.key_news import QUOTED_CHARS
from bot.ui.plain_text import as_text

ROLE_GONE: Final = marked("This role was deleted. Its rules no longer count.")
UNLIMITED_HINT: Final = marked("no limit")
REFUSALS: Mapping[SettingsRefusal, str] = {
    SettingsRefusal.YOURSELF: marked("You can't block yourself."),
    SettingsRefusal.NOT_A_PERSON: marked("Bots can't make videos anyway."),
    SettingsRefusal.BLOCKED_ALREADY: marked("They're already blocked."),
    SettingsRefusal.NOT_BLOCKED: marked("They aren't blocked."),
    SettingsRefusal.BLOCKED_FULL: marked(
        "Too many members are blocked here to add another. Unblock someone, or choose in "
        "`/kling-admin settings` which roles may make videos."
    ),
    SettingsRefusal.NO_REASON: marked("Please give a reason. Members will see it."),
    SettingsRefusal.NOT_PAUSED: marked("Nothing is paused in this server."),
    SettingsRefusal.RULES_FULL: marked(
        "25 roles have their own rules already, which is the most. Remove another role's "
        "rules first. Nothing was changed."
    ),
    SettingsRefusal.TOO_MANY: marked(
        "Another manager chose here too, and together that's more than 25. Please choose "
        "again. Nothing was changed."
    ),
    SettingsRefusal.UNREAD: marked(
        "I can't read this setting, so I can't change a part of it. `/kling-admin "
        "settings` says what you can do. Nothing was changed."
    ),
}


def quoted(text: str) -> str:
    """What a person typed, as plain text and shortened."""
    return as_text(text, QUOTED_CHARS)


def caps_line(language: Language, caps: Caps) -> str:
    """All limits in one line."""
    said = [
        language.say(text, amount=language.dollars(microusd))
        for microusd, text in (
            (caps.day_microusd, marked("{amount} a day")),
            (caps.month_microusd, marked("{amount} a month")),
        )
        if microusd is not None
    ]
    if caps.day_videos is not None:
        said.append(
            language.plural("{number} video a day", "{number} videos a day", caps.day_videos)
        )
    if caps.month_videos is not None:
        said.append(
            language.plural("{number} video a month", "{number} videos a month", caps.month_videos)
        )
    return ", ".join(said) if said else language.say(UNLIMITED_HINT)


def rule_line(language: Language, rule: RoleRule) -> str:
    """What is different for a role."""
    said: list[str] = []
    if rule.is_exempt:
        said.append(language.say("no limits"))
    elif rule.each is not None:
        said.append(language.say("each {limits}", limits=caps_line(language, rule.each)))
    if rule.together.is_set and not rule.is_exempt:
        together = caps_line(language, rule.together)
        said.append(language.say("all together {limits}", limits=together))
    if rule.is_reviewed:
        said.append(language.say("reviewed"))
    return "; ".join(said) if said else language.say("nothing of their own")


def more_rules(language: Language, roles: Sequence[str]) -> str:
    """Names the roles whose rules are not shown here: the select below shows each."""
    return language.plural(
        "- … and {number} more: {roles}",
        "- … and {number} more: {roles}",
        len(roles),
        roles=", ".join(roles),
    )


def role_name(language: Language, role_id: int, *, guild_id: int) -> str:
    """A role as a mention; everybody's role in words, since its name would mention them all."""
    return language.say("everybody") if role_id == guild_id else f"<@&{role_id}>"
