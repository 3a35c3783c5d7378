"""The words of `/allowance`: what is left, prices, what is under way, and what is asked first."""

from collections.abc import Mapping
from typing import Final

import discord

from bot.domain.calendar import Span
from bot.domain.ledger import Balance, Scope
from bot.domain.price import price_microusd
from bot.features.allowance import Allowance, Limit
from bot.languages.language import Language, marked
from bot.ui.words_budget import MICROUSD_PER_CENT

PRICED_LENGTHS_S: Final = (5, 10, 15)

TITLE: Final = marked("### What you may still make")
NOTE: Final = marked("Only you see this.")
SPANS: Mapping[Span, str] = {
    Span.DAY: marked("**Today**"),
    Span.MONTH: marked("**This month**"),
}
PRICES_TITLE: Final = marked("**Prices**")
UNDER_WAY_TITLE: Final = marked("**Under way**")
ASKED_TITLE: Final = marked("**Before it is made**")
NO_LIMITS: Final = marked("Nothing limits you here.")
NOTHING_UNDER_WAY: Final = marked("None of your videos is under way.")
SERVER_PAYS: Final = marked("This server pays with its own RunComfy key.")
TIGHTEST: Final = marked("⬅ this one ends first")
USED_UP: Final = marked("⬅ used up")
NEVER_ASKED: Final = marked(
    "I do not ask you before a video is made. `/kling-me settings` changes that."
)
ALWAYS_ASKED: Final = marked("I ask you before every video whether it is worth its price.")

_WHOSE: Mapping[Scope, str] = {
    Scope.OPERATOR: marked("This bot"),
    Scope.OPERATOR_SERVER: marked("This server"),
    Scope.OPERATOR_USER: marked("You"),
    Scope.SERVER: marked("This server"),
    Scope.EVERYBODY: marked("All members together"),
    Scope.MEMBER: marked("You, in this server"),
}


def counted_line(language: Language, balance: Balance) -> str:
    """What counts for them so far."""
    amount = language.dollars(balance.taken_microusd)
    return language.plural(
        "{number} video so far, {amount}", "{number} videos so far, {amount}", balance.videos,
        amount=amount,
    )  # fmt: skip


def limit_line(language: Language, limit: Limit, *, is_tightest: bool) -> str:
    """Whose limit it is, what is left of it, and when it renews."""
    account = limit.hold.account
    if account.scope is Scope.ROLE:
        whose = language.say("All of <@&{role_id}> together", role_id=account.subject_id)
    else:
        whose = language.say(_WHOSE[account.scope])
    parts: list[str] = []
    if limit.hold.cap_microusd is not None and limit.left_microusd is not None:
        left = limit.left_microusd // MICROUSD_PER_CENT * MICROUSD_PER_CENT
        parts.append(
            language.say(
                "{left} of {cap} left",
                left=language.dollars(left),
                cap=language.dollars(limit.hold.cap_microusd),
            )
        )
    if limit.hold.cap_videos is not None and limit.left_videos is not None:
        parts.append(
            language.plural(
                "{left} of {number} video left",
                "{left} of {number} videos left",
                limit.hold.cap_videos,
                left=language.number(limit.left_videos),
            )
        )
    renews = discord.utils.format_dt(limit.hold.renews_at, "R")
    parts.append(language.say("renews {when}", when=renews))
    if limit.is_used_up:
        parts.append(language.say(USED_UP))
    elif is_tightest:
        parts.append(language.say(TIGHTEST))
    return f"- {whose}: {' · '.join(parts)}"


def more_line(language: Language, number: int) -> list[str]:
    """That there are limits which were left out."""
    if number <= 0:
        return []
    more = language.plural(
        "and {number} more that leaves more", "and {number} more that leave more", number
    )
    return [f"-# {more}"]


def price_lines(language: Language) -> list[str]:
    """What usual lengths cost, silent and with sound."""
    return [
        "- "
        + language.say(
            "{seconds} s: {silent} silent, {sound} with sound",
            seconds=seconds,
            silent=language.dollars(price_microusd(seconds, sound=False)),
            sound=language.dollars(price_microusd(seconds, sound=True)),
        )
        for seconds in PRICED_LENGTHS_S
    ]


def asked_line(language: Language, allowance: Allowance) -> str:
    """Whether they are asked before anything is bought."""
    above = allowance.ask_above_microusd
    if above is None:
        return language.say(NEVER_ASKED)
    if above == 0:
        return language.say(ALWAYS_ASKED)
    return language.say(
        "I ask you first when a video costs more than {amount}.", amount=language.dollars(above)
    )


def at_once_line(language: Language, allowance: Allowance) -> str:
    """How many go at once; more are not refused."""
    return language.plural(
        "{number} video of yours is made at a time; more wait in line.",
        "Up to {number} videos of yours are made at a time; more wait in line.",
        allowance.at_once,
    )


def again_line(language: Language, allowance: Allowance) -> list[str]:
    """When they may ask again, if they may not now."""
    if allowance.again_at is None:
        return []
    when = discord.utils.format_dt(allowance.again_at, "R")
    return [language.say("You can ask for the next one {when}.", when=when)]
