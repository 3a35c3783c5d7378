"""What a server's month cost, in words and tables."""

from typing import Final

from bot.features.spending import NOTHING_SPENT, MonthOfServer, Spend
from bot.languages.language import Language

USERS_MAX: Final = 25
ALT_MAX_CHARS: Final = 1_000
"""Discord allows 1,024."""


def nothing_line(language: Language, month: MonthOfServer) -> str:
    """That there is nothing to show."""
    return language.say(
        "Nothing was spent in this server in {month} yet.", month=language.month(month.days[0])
    )


def heading(language: Language, month: MonthOfServer) -> str:
    """The month's sum, what of it is not final, and whose calendar it is."""
    total = month.total
    lines = [
        language.say("### Spent in {month}", month=language.month(month.days[0])),
        f"**{_sum(language, total)}**",
    ]
    if total.held_microusd:
        held = language.dollars(total.held_microusd)
        lines.append(language.say("-# {amount} of it is reserved, not spent yet.", amount=held))
    if total.estimated_microusd:
        estimated = language.dollars(total.estimated_microusd)
        lines.append(
            language.say(
                "-# {amount} of it is estimated: RunComfy did not say what it cost.",
                amount=estimated,
            )
        )
    lines.append(language.say("-# Days as in {zone}.", zone=str(month.zone)))
    return "\n".join(lines)


def day_table(language: Language, month: MonthOfServer) -> str:
    """Each day on which anything was made, its figures below each other."""
    rows = [
        (language.day(day), language.dollars(_taken(spend)), str(spend.videos))
        for day, spend in month.by_day.items()
        if spend != NOTHING_SPENT
    ]
    head = (language.say("Day"), language.say("Dollars"), language.say("Videos"))
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in [head, *rows]
    ]
    return "```\n" + "\n".join(lines) + "\n```"


def user_table(language: Language, month: MonthOfServer) -> str:
    """Each person, the largest sum first; the last lines of a long list are one."""
    users = list(month.by_user.items())
    lines = [
        f"- {_name(language, user_id)}: {_sum(language, spend)}"
        for user_id, spend in users[:USERS_MAX]
    ]
    others = sum((spend for _, spend in users[USERS_MAX:]), NOTHING_SPENT)
    if others != NOTHING_SPENT:
        name = language.say("all others")
        lines.append(f"- {name}: {_sum(language, others)}")
    return "\n".join([language.say("**By person**"), *lines])


def picture_alt(language: Language, month: MonthOfServer) -> str:
    """The picture for whoever does not see it; 31 days of large sums fit into the limit."""
    sums = ", ".join(
        f"{language.day(day)} {language.dollars(_taken(spend))}"
        for day, spend in month.by_day.items()
        if _taken(spend)
    )
    name = language.month(month.days[0])
    text = language.say("Bars for the days of {month}: {sums}.", month=name, sums=sums)
    return text[:ALT_MAX_CHARS]


def _name(language: Language, user_id: int | None) -> str:
    return language.say("people who were erased") if user_id is None else f"<@{user_id}>"


def _sum(language: Language, spend: Spend) -> str:
    amount = language.dollars(_taken(spend))
    return language.plural(
        "{amount} for {number} video", "{amount} for {number} videos", spend.videos, amount=amount
    )


def _taken(spend: Spend) -> int:
    return spend.held_microusd + spend.spent_microusd
