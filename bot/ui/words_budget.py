"""Which budget an order exceeds, what is left of it, and when it renews."""

from collections.abc import Mapping
from typing import Final

import discord

from bot.domain.calendar import Span
from bot.domain.ledger import OverCap, Scope
from bot.languages.language import Language, marked

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
        "The budget of all members together for this month is not enough for this: {left} is "
        "left, and it costs {price}."
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
