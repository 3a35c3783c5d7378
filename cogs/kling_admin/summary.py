"""What holds in a server, in one sentence, and who pays there."""

from collections.abc import Sequence
from typing import Final

from bot.domain.generation.models import qualities
from bot.domain.generation.request import DURATION_MAX_S
from bot.domain.money.keys import ServerKey
from bot.domain.money.policy import OperatorLimits
from bot.domain.servers import ServerSettings
from bot.languages.language import Language, marked
from cogs.kling_admin import texts as words
from cogs.kling_admin.key import NOT_PAID_FOR, broken_line, key_line

_NAMES_SHOWN: Final = 5


def summary(
    language: Language, settings: ServerSettings, *, guild_id: int, offered: Sequence[str]
) -> str:
    """Who may make videos, where, which, and how many; `offered` are the qualities there."""
    roles = [words.role_name(language, one, guild_id=guild_id) for one in settings.allowed_role_ids]
    clauses = [
        language.say("Members with {roles} may make videos", roles=_several(language, roles))
        if roles
        else language.say("Everyone may make videos"),
        *_where(language, settings),
        language.say("up to {seconds} s", seconds=settings.longest_duration_s or DURATION_MAX_S),
        " / ".join(qualities()[one].partition(" (")[0] for one in offered),
        language.say("{limits} each", limits=words.caps_line(language, settings.member_caps)),
    ]
    together = language.say("no limit for the server ⚠")
    if settings.server_caps.is_set:
        limits = words.caps_line(language, settings.server_caps)
        together = language.say("{limits} for the server", limits=limits)
    return f"{', '.join(filter(None, clauses))}; {together}"


def _where(language: Language, settings: ServerSettings) -> list[str]:
    allowed = [f"<#{one}>" for one in settings.allowed_channel_ids]
    denied = [f"<#{one}>" for one in settings.denied_channel_ids]
    said = [language.say("everywhere")]
    if allowed:
        said = [language.say("in {channels}", channels=_several(language, allowed))]
    if denied:
        said.append(language.say("not in {channels}", channels=_several(language, denied)))
    if settings.age_restricted_only:
        said.append(language.say("only where it's age-restricted"))
    return said


def _several(language: Language, names: Sequence[str]) -> str:
    """Some names as a list in a sentence."""
    if len(names) > _NAMES_SHOWN:
        return language.plural(
            "{names} and {number} more",
            "{names} and {number} more",
            len(names) - _NAMES_SHOWN,
            names=", ".join(names[:_NAMES_SHOWN]),
        )
    if len(names) == 1:
        return names[0]
    return language.say("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def payer_lines(
    language: Language, key: ServerKey | None, limits: OperatorLimits, *, guild_id: int
) -> list[str]:
    """Who pays for videos in a server, and within which limits of theirs."""
    if key is not None and key.broken_at is not None:
        return [key_line(language, key), broken_line(language, key)]
    if key is not None:
        return [
            language.say("This server pays with its own RunComfy key (`…{tail}`).", tail=key.tail)
        ]
    if not limits.pays_for(guild_id):
        return [language.say(NOT_PAID_FOR)]
    return [language.say("The bot's owner pays: {limits}.", limits=_limits(language, limits))]


def _limits(language: Language, limits: OperatorLimits) -> str:
    """The operator's limits for a server that they pay for."""
    said = [
        language.say(text, limits=words.caps_line(language, caps))
        for caps, text in (
            (limits.per_server, marked("{limits} for this server")),
            (limits.per_user, marked("{limits} for each person")),
            (limits.total, marked("{limits} for all servers together")),
        )
        if caps.is_set
    ]
    return ", ".join(said) or language.say("no limit is set")
