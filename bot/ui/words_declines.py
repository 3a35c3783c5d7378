"""Why an order was declined, in a sentence that says what to do; and a job's place in line."""

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

import discord

from bot.domain.calendar import Span
from bot.domain.ledger import OverCap, Scope, TooSoon
from bot.domain.line import InLine, WaitReason
from bot.domain.models import qualities
from bot.domain.policy import (
    DeclineReason,
    DeclineWhy,
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

REASONS: dict[DeclineReason, str] = {
    DeclineReason.RESTARTING: marked(
        "I am just restarting. Please try again in a minute; nothing was charged."
    ),
    DeclineReason.DRAINING: marked(
        "I am about to be restarted and only finish what is under way. Nothing was charged; please "
        "ask again in a while."
    ),
    DeclineReason.STORE_DOWN: marked(
        "I could not write this down, so I did not send it. Nothing was charged; please try again "
        "in a minute."
    ),
    DeclineReason.NOT_A_PERSON: marked("Only people can ask for videos."),
    DeclineReason.PENDING: marked(
        "Please accept the rules of this server first; then you can ask for videos."
    ),
    DeclineReason.BLOCKED: marked(
        "You cannot ask for videos in this server. Its managers can tell you why."
    ),
    DeclineReason.SERVER_BLOCKED: marked("Videos are not available in this server."),
    DeclineReason.SERVER_UNREAD: marked(
        "Some settings of this server cannot be read at the moment, so I make no videos here. Its "
        "managers can see in `/kling-admin settings` which; nothing was charged."
    ),
    DeclineReason.PAUSED_UNREAD: marked(
        "I cannot read my own settings at the moment, so I take nothing new. My operator has been "
        "told; nothing was charged."
    ),
    DeclineReason.NOT_IN_THIS_CHANNEL: marked(
        "Videos cannot be asked for in this channel. Please use another one."
    ),
    DeclineReason.AGE_RESTRICTED_ONLY: marked(
        "In this server, videos can only be asked for in age-restricted channels."
    ),
    DeclineReason.SOUND_NOT_ALLOWED: marked(
        "This server makes silent videos only. Please ask again with `sound: False`."
    ),
    DeclineReason.PICTURES_NOT_ALLOWED: marked(
        "This server makes videos from words alone. Please ask again without a picture; nothing "
        "was charged."
    ),
    DeclineReason.PICTURES_AGE_RESTRICTED_ONLY: marked(
        "In this server, pictures can only be used in age-restricted channels. Please ask again "
        "there, or without a picture; nothing was charged."
    ),
    DeclineReason.NOTHING_TO_SEE: marked(
        "Nothing can be seen of the prompt, the negative prompt or a shot: it holds invisible "
        "characters alone. Please write it in words; nothing was charged."
    ),
    DeclineReason.KEY_BROKEN: marked(
        "This server's RunComfy key is no longer accepted. Its managers have been told; nothing "
        "was charged."
    ),
    DeclineReason.NO_DIRECT_MESSAGES: marked(
        "Here I make videos for my operator alone. Please ask in a server that has added me; "
        "nothing was charged."
    ),
    DeclineReason.BLOCKED_ELSEWHERE: marked(
        "You cannot ask for videos here, since a server has blocked you. Its managers can tell you "
        "why; nothing was charged."
    ),
    DeclineReason.SERVER_NOT_PAID_FOR: marked(
        "There are no videos in this server yet: my operator doesn't pay for them here. Its "
        "managers can let the server pay for itself, with `/kling-admin key`. Nothing was charged."
    ),
}
NOT_PAID_FOR_HOW: Final = marked(
    "My operator doesn't pay for videos in this server, but the server can pay for itself. You "
    "manage it, so here's how: make an API key in your RunComfy profile, top up its account, and "
    "give me the key with `/kling-admin key`. I check it for free and keep it encrypted. Nothing "
    "was charged."
)
"""What a manager is told where the operator does not pay."""

WAITS: dict[WaitReason, str] = {
    WaitReason.OTHERS: marked("Waiting for a free place. Position in line: {position}."),
    WaitReason.OWN: marked(
        "It starts when one of your other videos is done. Position in line: {position}."
    ),
    WaitReason.SERVER: marked(
        "It starts when one of this server's other videos is done. Position in line: {position}."
    ),
    WaitReason.PAUSED: marked("Paused for now. It keeps its place in line: {position}."),
}


MICROUSD_PER_CENT: Final = 10_000
_BOT_TODAY: Final = marked("This bot's budget for today is used up.")
_BOT_MONTH: Final = marked("This bot's budget for this month is used up.")
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
    (Scope.EVERYBODY, Span.DAY): marked("The budget of all members together for today is used up."),
    (Scope.EVERYBODY, Span.MONTH): marked(
        "The budget of all members together for this month is used up."
    ),
    (Scope.ROLE, Span.DAY): marked("The budget of one of your roles for today is used up."),
    (Scope.ROLE, Span.MONTH): marked("The budget of one of your roles for this month is used up."),
    (Scope.MEMBER, Span.DAY): _YOURS_TODAY,
    (Scope.MEMBER, Span.MONTH): _YOURS_MONTH,
}
_BOT_TOO_LITTLE: Final = {
    Span.DAY: marked(
        "This bot's budget for today is not enough for this: {left} is left, and it costs {price}."
    ),
    Span.MONTH: marked(
        "This bot's budget for this month is not enough for this: {left} is left, and it costs "
        "{price}."
    ),
}
_SERVER_TOO_LITTLE: Final = {
    Span.DAY: marked(
        "This server's budget for today is not enough for this: {left} is left, and it costs "
        "{price}."
    ),
    Span.MONTH: marked(
        "This server's budget for this month is not enough for this: {left} is left, and it costs "
        "{price}."
    ),
}
_YOURS_TOO_LITTLE: Final = {
    Span.DAY: marked(
        "Your budget for today is not enough for this: {left} is left, and it costs {price}."
    ),
    Span.MONTH: marked(
        "Your budget for this month is not enough for this: {left} is left, and it costs {price}."
    ),
}
_EVERYBODY_TOO_LITTLE: Final = {
    Span.DAY: marked(
        "The budget of all members together for today is not enough for this: {left} is left, and "
        "it costs {price}."
    ),
    Span.MONTH: marked(
        "The budget of all members together for this month is not enough for this: {left} is left, "
        "and it costs {price}."
    ),
}
_ROLE_TOO_LITTLE: Final = {
    Span.DAY: marked(
        "The budget of one of your roles for today is not enough for this: {left} is left, and it "
        "costs {price}."
    ),
    Span.MONTH: marked(
        "The budget of one of your roles for this month is not enough for this: {left} is left, "
        "and it costs {price}."
    ),
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
                marked("I am paused at the moment: {reason}")
                if everywhere
                else marked("Videos are paused in this server: {reason}")
            )
            return language.say(paused, reason=as_text(because, REASON_MAX_CHARS))
        case RoleNeeded(role_ids):
            return language.say(
                "In this server you need one of these roles: {roles}", roles=_roles(role_ids)
            )
        case PictureRoleNeeded(role_ids):
            return language.say(
                "In this server, pictures are for members with one of these roles: {roles}. Please "
                "ask again without a picture; nothing was charged.",
                roles=_roles(role_ids),
            )
        case TooLong(longest_s):
            return language.say(
                "In this server a video may be {seconds} s long at most.", seconds=longest_s
            )
        case QualityNotOffered(offered):
            return language.plural(
                "Here I make videos in {qualities} only. Please ask again in that quality; nothing "
                "was charged.",
                "Here I make videos in {qualities} only. Please ask again in one of these "
                "qualities; nothing was charged.",
                len(offered),
                qualities=", ".join(qualities()[one] for one in offered),
            )
        case WordsRefused(found):
            return refused_words_line(language, found)
        case OverCap():
            return over_cap_line(language, why)
        case TooSoon(again_at):
            return language.say(
                "That was quick. Please ask again {when}.",
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
        "This server does not want this in a prompt: {words}. Please word it differently; nothing "
        "was charged.",
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
    else:
        said = [language.say(USED_UP[scope, span])]
    if over.is_by_number and over.hold.cap_videos is not None:
        allowed = over.hold.cap_videos
        said.append(
            language.plural("It allows {number} video.", "It allows {number} videos.", allowed)
        )
    renews = discord.utils.format_dt(over.hold.renews_at, "R")
    said.append(language.say("It renews {when}. Nothing was charged.", when=renews))
    return " ".join(said)
