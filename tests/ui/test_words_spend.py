"""The tables of a month fit into one message, however many people made videos."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.features.spending import DaySum, MonthOfServer, Spend
from bot.languages.language import load_languages
from cogs.kling_admin.spend import (
    ALT_MAX_CHARS,
    USERS_MAX,
    day_table,
    picture_alt,
    user_table,
)

LANGUAGES = load_languages()
DAYS = [date(2026, 12, day) for day in range(1, 32)]


def month(*lines: DaySum) -> MonthOfServer:
    return MonthOfServer(days=DAYS, zone=ZoneInfo("UTC"), lines=lines)


def test_the_last_people_of_a_long_list_are_told_of_together() -> None:
    lines = [
        DaySum(DAYS[0], 100 + number, Spend(0, 1_000_000 * (number + 1), 0, 1))
        for number in range(USERS_MAX + 3)
    ]
    title, *people = user_table(LANGUAGES.of("en"), month(*lines)).split("\n")
    assert title == "**By person**"
    assert len(people) == USERS_MAX + 1
    assert people[0] == f"- <@{100 + USERS_MAX + 2}>: $28.00 for 1 video"
    assert people[-1] == "- all others: $6.00 for 3 videos"


@pytest.mark.parametrize("code", LANGUAGES.codes)
def test_the_fullest_month_fits(code: str) -> None:
    language = LANGUAGES.of(code)
    lines = [
        DaySum(day, 10**19 + number, Spend(0, 1_234_567_890_000, 0, 999))
        for day in DAYS
        for number in range(40)
    ]
    full = month(*lines)
    assert len(day_table(language, full)) + len(user_table(language, full)) < 3_600
    alt = picture_alt(language, full)
    assert len(alt) <= ALT_MAX_CHARS
    assert alt.endswith((".", "。"))
