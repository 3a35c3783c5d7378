"""Sums, arranged for tables and pictures."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.features.spending_ports import NOTHING_SPENT, MonthOfServer, Spend, Spent

ALICE, BOB = 11, 12
FIRST, SECOND, THIRD = (date(2031, 5, day) for day in (1, 2, 3))


def test_a_month_is_told_by_day_by_person_and_in_all() -> None:
    month = MonthOfServer(
        days=[FIRST, SECOND, THIRD],
        zone=ZoneInfo("UTC"),
        lines=[
            Spent(FIRST, ALICE, Spend(0, 500, 500, 1)),
            Spent(FIRST, BOB, Spend(300, 400, 0, 2)),
            Spent(THIRD, ALICE, Spend(0, 100, 0, 1)),
        ],
    )
    assert list(month.by_day.items()) == [
        (FIRST, Spend(300, 900, 500, 3)),
        (SECOND, NOTHING_SPENT),
        (THIRD, Spend(0, 100, 0, 1)),
    ]
    assert list(month.by_user.items()) == [
        (BOB, Spend(300, 400, 0, 2)),
        (ALICE, Spend(0, 600, 500, 2)),
    ]
    assert month.total == Spend(300, 1_000, 500, 4)


def test_who_had_themselves_erased_is_one_nobody() -> None:
    lines = [Spent(FIRST, None, Spend(0, 5, 0, 1)), Spent(SECOND, None, Spend(0, 6, 0, 1))]
    month = MonthOfServer(days=[FIRST, SECOND], zone=ZoneInfo("UTC"), lines=lines)
    assert month.by_user == {None: Spend(0, 11, 0, 2)}
