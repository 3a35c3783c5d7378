"""Why an order was declined, in a sentence that says what to do; and a job's place in line."""

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

import discord

from bot.domain.generation.models import qualities
from bot.domain.line import InLine, WaitReason
from bot.domain.money.calendar import Span
from bot.domain.money.ledger import OverCap, Scope, TooSoon
from bot.domain.money.policy import (
    DeclineReason,
    DeclineWhy,
    NotInThisChannel,
    Paused,
    PictureRoleNeeded,
    QualityNotOffered,
    RoleNeeded,
    TooLong,
    WordsRefused,
)
from bot.domain.servers import REASON_MAX_CHARS
from bot.languages.language import Language, marked
from bot.ui.context import Interaction, language_of
from bot.ui.plain_text import as_text

WORDS_SHOWN: Final = 5
WORD_SHOWN_CHARS: Final = 60
CHANNELS_SHOWN: Final = 5

REASONS: dict[DeclineReason, str] = {
    DeclineReason.RESTARTING: marked(
        "I'm restarting. Please try again in a minute. Nothing was charged."
    ),
    DeclineReason.DRAINING: marked(
        "I'm restarting soon and not taking new videos. Back in a few minutes. Nothing was charged."
    ),
    DeclineReason.STORE_DOWN: marked(
        "I couldn't save this, so I didn't send it. Nothing was charged. Please try again "
        "in a minute."
    ),
    DeclineReason.NOT_A_PERSON: marked("Only people can make videos."),
    DeclineReason.PENDING: marked(
        "Please accept this server's rules first. Then you can make videos."
    ),
    DeclineReason.BLOCKED: marked(
        "You can't make videos in this server. Ask a moderator if you think that's a mistake."
    ),
    DeclineReason.SERVER_BLOCKED: marked("Videos are off in this server."),
    DeclineReason.SERVER_UNREAD: marked(
        "I can't read some of this server's settings, so I make no videos here. Its "
        "managers see which in `/kling-admin settings`. Nothing was charged."
    ),
    DeclineReason.PAUSED_UNREAD: marked(
        "I can't read my own settings, so I'm not taking new videos. My owner has been "
        "told. Nothing was charged."
    ),
    DeclineReason.AGE_RESTRICTED_ONLY: marked("Videos only work in age-restricted channels here."),
    DeclineReason.SOUND_NOT_ALLOWED: marked(
        "This server makes silent videos only. Please try again with `sound: False`."
    ),
    DeclineReason.PICTURES_NOT_ALLOWED: marked(
        "This server makes videos from words only. Please try again without a picture. "
        "Nothing was charged."
    ),
    DeclineReason.PICTURES_AGE_RESTRICTED_ONLY: marked(
        "Pictures only work in age-restricted channels here. Try there, or without one. "
        "Nothing was charged."
    ),
    DeclineReason.NOTHING_TO_SEE: marked(
        "The prompt, the negative prompt or a shot has only invisible characters. Please "
        "write it in words. Nothing was charged."
    ),
    DeclineReason.KEY_BROKEN: marked(
        "RunComfy no longer accepts this server's key. Its managers have been told. "
        "Nothing was charged."
    ),
    DeclineReason.NO_DIRECT_MESSAGES: marked(
        "I only make videos for my owner here. Try a server that has me. Nothing was charged."
    ),
    DeclineReason.BLOCKED_ELSEWHERE: marked(
        "You can't make videos here because a server has blocked you. Ask its moderators "
        "if you think that's a mistake. Nothing was charged."
    ),
    DeclineReason.SERVER_NOT_PAID_FOR: marked(
        "There are no videos in this server yet: the bot's owner doesn't pay for them "
        "here. Its managers can add the server's own key with `/kling-admin key`. Nothing "
        "was charged."
    ),
}
NOT_PAID_FOR_HOW: Final = marked(
    "The bot's owner doesn't pay for videos in this server, but the server can pay for "
    "itself. You manage it, so here's how: make an API key in your RunComfy profile, top "
    "up its account, and give me the key with `/kling-admin key`. I check it for free and "
    "keep it encrypted. Nothing was charged."
)
"""What a manager is told where the operator does not pay."""

WAITS: dict[WaitReason, str] = {
    WaitReason.OTHERS: marked("You're #{position} in line."),
    WaitReason.OWN: marked(
        "You're #{position} in line. It starts when another video of yours is done."
    ),
    WaitReason.SERVER: marked(
        "You're #{position} in line. It starts when another video of this server is done."
    ),
    WaitReason.PAUSED: marked("Paused for now. You keep your place in line: #{position}."),
}


MICROUSD_PER_CENT: Final = 10_000
_BOT_TODAY: Final = marked("The bot's budget for today is used up.")
_BOT_MONTH: Final = marked("The bot's budget for this month is used up.")
_SERVER_TODAY: Final = marked("This server's budget for today is used up.")
_SERVER_MONTH: Final = marked("This server's budget for this month is used up.")
_YOURS_TODAY: Final = marked("Your budget for today is used up.")
_YOURS_MONTH: Final = marked("Your budget for this month is used up.")
USED_UP: Mapping[tuple[Scope, Span], str] = {
    (Scope.OPERATOR, Span.DAY): _BOT_TODAY,
    (Scope.OPERATOR, Span.MONTH): _BOT_MONTH,
    (Scope.OPERATOR_SERVER, Span.DAY): _SERVER_TODAY,
    (Scope.OPERATOR_SERVER, Span.MONTH): _SERVER_MONTH,
    (Scope.OPERATOR_USER, Span.DAY): _YOURS_TODAY,
    (Scope.OPERATOR_USER, Span.MONTH): _YOURS_MONTH,
    (Scope.SERVER, Span.DAY): _SERVER_TODAY,
    (Scope.SERVER, Span.MONTH): _SERVER_MONTH,
    (Scope.EVERYBODY, Span.DAY): marked("The members' budget for today is used up."),
    (Scope.EVERYBODY, Span.MONTH): marked("The members' budget for this month is used up."),
    (Scope.ROLE, Span.DAY): marked("Your role's budget for today is used up."),
    (Scope.ROLE, Span.MONTH): marked("Your role's budget for this month is used up."),
    (Scope.MEMBER, Span.DAY): _YOURS_TODAY,
    (Scope.MEMBER, Span.MONTH): _YOURS_MONTH,
}
_BOT_TOO_LITTLE: Final = {
    Span.DAY: marked("This costs {price}, and the bot has {left} left today."),
    Span.MONTH: marked("This costs {price}, and the bot has {left} left this month."),
}
_SERVER_TOO_LITTLE: Final = {
    Span.DAY: marked("This costs {price}, and this server has {left} left today."),
    Span.MONTH: marked("This costs {price}, and this server has {left} left this month."),
}
_YOURS_TOO_LITTLE: Final = {
    Span.DAY: marked("This costs {price}, and you have {left} left today."),
    Span.MONTH: marked("This costs {price}, and you have {left} left this month."),
}
_EVERYBODY_TOO_LITTLE: Final = {
    Span.DAY: marked("This costs {price}, and all members together have {left} left today."),
    Span.MONTH: marked("This costs {price}, and all members together have {left} left this month."),
}
_ROLE_TOO_LITTLE: Final = {
    Span.DAY: marked("This costs {price}, and one of your roles has {left} left today."),
    Span.MONTH: marked("This costs {price}, and one of your roles has {left} left this month."),
}
TOO_LITTLE: Mapping[Scope, Mapping[Span, str]] = {
    Scope.OPERATOR: _BOT_TOO_LITTLE,
    Scope.OPERATOR_SERVER: _SERVER_TOO_LITTLE,
    Scope.OPERATOR_USER: _YOURS_TOO_LITTLE,
    Scope.SERVER: _SERVER_TOO_LITTLE,
    Scope.EVERYBODY: _EVERYBODY_TOO_LITTLE,
    Scope.ROLE: _ROLE_TOO_LITTLE,
    Scope.MEMBER: _YOURS_TOO_LITTLE,
}


def decline_said(interaction: Interaction, why: DeclineWhy) -> str:
    """The reason for a decline in the language of the person; managers read what they can do."""
    language = language_of(interaction)
    if why is DeclineReason.SERVER_NOT_PAID_FOR and interaction.permissions.manage_guild:
        return language.say(NOT_PAID_FOR_HOW)
    return decline_line(language, why)


def decline_line(language: Language, why: DeclineWhy) -> str:
    """The reason for a decline, in one or two sentences; a declined order costs nothing."""
    match why:
        case DeclineReason():
            return language.say(REASONS[why])
        case Paused(because, everywhere):
            paused = (
                marked("I'm paused right now: {reason}")
                if everywhere
                else marked("Videos are paused in this server: {reason}")
            )
            return language.say(paused, reason=as_text(because, REASON_MAX_CHARS))
        case RoleNeeded(role_ids):
            return language.say(
                "In this server you need one of these roles: {roles}", roles=_roles(role_ids)
            )
        case NotInThisChannel(()):
            return language.say("Videos are off in this channel. Try another one.")
        case NotInThisChannel(channel_ids):
            shown = ", ".join(f"<#{channel_id}>" for channel_id in channel_ids[:CHANNELS_SHOWN])
            return language.say("Videos are off in this channel. Try {channels}.", channels=shown)
        case PictureRoleNeeded(role_ids):
            return language.say(
                "Pictures are for members with one of these roles: {roles}. Try again "
                "without one. Nothing was charged.",
                roles=_roles(role_ids),
            )
        case TooLong(longest_s):
            return language.say(
                "Videos can be up to {seconds} s long in this server.", seconds=longest_s
            )
        case QualityNotOffered(offered):
            return language.plural(
                "Only {qualities} is offered here. Please try again in that quality. "
                "Nothing was charged.",
                "Only {qualities} are offered here. Please try again in one of these. "
                "Nothing was charged.",
                len(offered),
                qualities=", ".join(qualities()[one] for one in offered),
            )
        case WordsRefused(found):
            return refused_words_line(language, found)
        case OverCap():
            return over_cap_line(language, why)
        case TooSoon(again_at):
            return language.say(
                "Slow down a little: you can ask again {when}.",
                when=discord.utils.format_dt(again_at, "R"),
            )
        case _:
            assert_never(why)


def _roles(role_ids: Sequence[int]) -> str:
    return ", ".join(f"<@&{role_id}>" for role_id in role_ids)


def refused_words_line(language: Language, found: Sequence[str]) -> str:
    """The requester's own words that are not allowed, as they wrote them."""
    shown = [f"“{as_text(word, WORD_SHOWN_CHARS)}”" for word in found[:WORDS_SHOWN]]
    return language.say(
        "Not allowed in prompts here: {words}. Please reword it. Nothing was charged.",
        words=", ".join(shown) + ("…" if len(found) > WORDS_SHOWN else ""),
    )


def in_line_line(language: Language, in_line: InLine) -> str:
    """The job's place in our own line, and what it waits for."""
    return language.say(WAITS[in_line.reason], position=language.number(in_line.position))


def over_cap_line(language: Language, over: OverCap) -> str:
    """Which budget is exceeded, what is left of it, and when it renews."""
    scope, span = over.hold.account.scope, over.hold.span
    left_microusd = over.left_microusd or 0
    if not over.is_by_number and left_microusd >= MICROUSD_PER_CENT:
        # Rounded down: the rest must not look like enough.
        left = language.dollars(left_microusd // MICROUSD_PER_CENT * MICROUSD_PER_CENT)
        price = language.dollars(over.price_microusd)
        said = [language.say(TOO_LITTLE[scope][span], left=left, price=price)]
    elif over.is_by_number and over.hold.cap_videos is not None:
        said = _used_up_by_number(language, scope, span, over.hold.cap_videos)
    else:
        said = [language.say(USED_UP[scope, span])]
    renews = discord.utils.format_dt(over.hold.renews_at, "R")
    said.append(language.say("More {when}. Nothing was charged.", when=renews))
    return " ".join(said)


def _used_up_by_number(language: Language, scope: Scope, span: Span, allowed: int) -> list[str]:
    """A budget in videos that is used up, or was never above zero."""
    is_theirs = scope in {Scope.OPERATOR_USER, Scope.MEMBER}
    if is_theirs and allowed and span is Span.DAY:
        return [
            language.plural(
                "You've used today's {number} video.",
                "You've used all {number} of today's videos.",
                allowed,
            )
        ]
    if is_theirs and allowed:
        return [
            language.plural(
                "You've used this month's {number} video.",
                "You've used all {number} of this month's videos.",
                allowed,
            )
        ]
    return [
        language.say(USED_UP[scope, span]),
        language.plural("It allows {number} video.", "It allows {number} videos.", allowed),
    ]
