"""Money spent: sums over the ledger by the calendars that hold, and a fresh start of a member."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain.lifecycle import (
    Accepted,
    Cancelled,
    CardMoved,
    Delivered,
    EndTold,
    KeyChanged,
    OutcomeLost,
    RenderingSucceeded,
    SendingBegan,
    WrittenOff,
)
from bot.domain.money.ledger import Balance, Caps, OverCap, Scope
from bot.domain.ports import Added
from bot.domain.servers import RoleRule, ServerSettings
from bot.features.servers.server_settings import CapsKind, CapsOf
from bot.features.servers.servers import ServerRows, Servers
from bot.features.spending import (
    NOTHING_SPENT,
    DaySum,
    FreshStart,
    MonthOfServer,
    Spend,
    Spending,
    SpentThere,
)
from bot.storage import SqlJobStore, open_store
from bot.storage.entries import Of, newest_entries
from bot.storage.tables.jobs import ledger_adjustments
from tests.clocks import FakeClock
from tests.domain.samples import A_VIDEO, HERE, NOON
from tests.storage.behind import seen
from tests.storage.money import (
    GUILD,
    PRICE,
    UTC_ZONE,
    asked,
    balances,
    carried_on,
    job_of,
    rendered,
    spending_of,
    sums_by_key,
    sums_of_entries,
)

ALICE, BOB, BOSS, ROLE = 11, 12, 99, 5
FIRST, SECOND, THIRD = (date(2031, 5, day) for day in (1, 2, 3))
NEW_YORK = ZoneInfo("America/New_York")
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


async def test_a_month_is_summed_by_day_and_by_person(store: SqlJobStore) -> None:
    yesterday = NOON - timedelta(days=1)
    paid = job_of(1, user_id=ALICE, at=yesterday)
    silent = job_of(2, user_id=ALICE, at=yesterday)
    under_way = job_of(3, user_id=ALICE)
    cancelled = job_of(4, user_id=BOB)
    lost = job_of(5, user_id=BOB)
    for job in (paid, silent, under_way, cancelled, lost):
        assert await asked(store, job) == Added()
    await rendered(store, paid, 812_345)
    await rendered(store, silent)
    await carried_on(store, cancelled, Cancelled())
    await carried_on(store, lost, SendingBegan(), OutcomeLost())

    month = await spending_of(store).month_of(GUILD)

    assert month.lines == [
        DaySum(date(2031, 5, 3), ALICE, Spend(0, 812_345 + PRICE, PRICE, 2)),
        DaySum(date(2031, 5, 4), ALICE, Spend(PRICE, 0, 0, 1)),
        DaySum(date(2031, 5, 4), BOB, Spend(PRICE, 0, 0, 1)),
    ]


async def test_a_day_is_one_of_the_calendar_that_is_asked_for(store: SqlJobStore) -> None:
    before_midnight_in_rome = datetime(2031, 4, 30, 21, 59, tzinfo=UTC)
    after_midnight_in_rome = datetime(2031, 4, 30, 22, 0, tzinfo=UTC)
    await asked(store, job_of(1, at=before_midnight_in_rome))
    await asked(store, job_of(2, at=after_midnight_in_rome))
    in_rome = await spending_of(store, zone=ROME).month_of(GUILD)
    assert [line.on for line in in_rome.lines] == [date(2031, 5, 1)]
    in_utc = await spending_of(store).month_of(GUILD)
    assert list(in_utc.lines) == []


async def test_servers_are_summed_apart_by_who_pays(store: SqlJobStore) -> None:
    for job in (
        job_of(1),
        job_of(2, key_id=4),
        job_of(3, guild_id=GUILD + 1),
        job_of(4, guild_id=None),
        job_of(5, at=NOON + timedelta(days=31)),
    ):
        await asked(store, job)
    sums = await spending_of(store).everywhere()
    one = Spend(PRICE, 0, 0, 1)
    assert sorted(sums, key=repr) == sorted(
        [
            SpentThere(GUILD, by_operator=True, spend=one),
            SpentThere(GUILD, by_operator=False, spend=one),
            SpentThere(GUILD + 1, by_operator=True, spend=one),
            SpentThere(None, by_operator=True, spend=one),
        ],
        key=repr,
    )


@pytest.mark.parametrize("to", [None, GUILD + 1], ids=["to direct messages", "to another server"])
async def test_what_was_asked_in_a_server_is_its_own_wherever_the_card_moves(
    store: SqlJobStore, to: int | None
) -> None:
    """A card moves before the money does too: bad news of an unsure job may go to its requester."""
    moved = CardMoved(HERE.model_copy(update={"guild_id": to}))
    brought, unsure = (job_of(n, user_id=ALICE) for n in (1, 2))
    for job in (brought, unsure):
        await asked(store, job)
    await carried_on(store, await rendered(store, brought, 800_000), moved, Delivered())
    await carried_on(
        *(store, unsure, SendingBegan(), OutcomeLost(), moved, EndTold()),
        *(Accepted("request-2"), RenderingSucceeded((A_VIDEO,), 900_000)),
    )

    both = Spend(0, 1_700_000, 0, 2)
    spending = spending_of(store)
    assert (await spending.month_of(GUILD)).lines == [DaySum(NOON.date(), ALICE, both)]
    assert (await spending.month_of(GUILD + 1)).lines == []
    (there,) = await spending.everywhere()
    assert there == SpentThere(GUILD, by_operator=True, spend=both)
    entries = await newest_entries(store.database, Of(), limit=9)
    assert [entry.guild_id for entry in entries] == [GUILD] * 4


async def test_a_fresh_start_lets_a_member_ask_again_and_adds_to_the_books(
    store: SqlJobStore, database_url: str
) -> None:
    two_a_day = ServerSettings(member_caps=Caps(day_videos=2, month_microusd=2 * PRICE))
    paid, under_way, third = (job_of(n, user_id=ALICE) for n in (1, 2, 3))
    for job in (paid, under_way):
        assert await asked(store, job, server=two_a_day) == Added()
    await rendered(store, paid, 900_000)
    assert isinstance(await asked(store, third, server=two_a_day), OverCap)

    gone = await spending_of(store).start_afresh(GUILD, ALICE, by_user_id=BOSS)

    assert gone == FreshStart(
        day_microusd=900_000, day_videos=1, month_microusd=900_000, month_videos=1
    )
    assert await asked(store, third, server=two_a_day) == Added()
    # What was under way is still counted, so there is no room for a fourth.
    fourth = job_of(4, user_id=ALICE)
    assert isinstance(await asked(store, fourth, server=two_a_day), OverCap)
    assert await balances(database_url) == await sums_of_entries(database_url)
    rows = await seen(database_url, select(ledger_adjustments))
    assert {(row["scope"], row["by_user_id"], row["why"]) for row in rows} == {
        (Scope.MEMBER.value, BOSS, "start_afresh")
    }
    (trail,) = await ServerRows(database=store.database).audit(GUILD, limit=9)
    assert (trail.what, trail.by_user_id, trail.after) == ("start_afresh", BOSS, str(ALICE))


async def test_a_fresh_start_changes_nobody_elses_books(
    store: SqlJobStore, database_url: str
) -> None:
    for number, user_id in ((1, ALICE), (2, BOB)):
        job = job_of(number, user_id=user_id)
        await asked(store, job)
        await rendered(store, job, 900_000)
    before = await balances(database_url)
    spent_before = await spending_of(store).month_of(GUILD)

    await spending_of(store).start_afresh(GUILD, ALICE, by_user_id=BOSS)

    after = await balances(database_url)
    changed = {account for account in after if after[account] != before[account]}
    assert {(account.scope, account.subject_id) for account in changed} == {(Scope.MEMBER, ALICE)}
    assert len(changed) == 2
    # What was spent stays spent in every list.
    assert await spending_of(store).month_of(GUILD) == spent_before


async def test_who_made_nothing_starts_afresh_without_an_entry(
    store: SqlJobStore, database_url: str
) -> None:
    for _ in range(2):
        gone = await spending_of(store).start_afresh(GUILD, ALICE, by_user_id=BOSS)
        assert gone == FreshStart(0, 0, 0, 0)
    assert await seen(database_url, select(ledger_adjustments)) == []


async def test_a_job_that_waits_under_another_key_is_under_way_still(
    store: SqlJobStore, database_url: str
) -> None:
    waiting = job_of(1, user_id=ALICE, key_id=4)
    await asked(store, waiting)
    waiting = await carried_on(store, waiting, KeyChanged(5))
    before = await balances(database_url)
    gone = await spending_of(store).start_afresh(GUILD, ALICE, by_user_id=BOSS)
    assert gone == FreshStart(0, 0, 0, 0)
    assert await balances(database_url) == before
    assert {stand.videos for stand in before.values()} == {1}
    assert await sums_by_key(database_url) == {("job-1", 5): Balance(PRICE, 0, 1)}
    await rendered(store, waiting, 800_000)
    assert await sums_by_key(database_url) == {("job-1", 5): Balance(0, 800_000, 1)}
    assert await balances(database_url) == await sums_of_entries(database_url)


async def test_what_comes_back_after_a_fresh_start_leaves_nothing_below_zero(
    store: SqlJobStore, database_url: str
) -> None:
    under_way = job_of(1, user_id=ALICE)
    await asked(store, under_way)
    await spending_of(store).start_afresh(GUILD, ALICE, by_user_id=BOSS)
    await carried_on(store, under_way, Cancelled())
    stand = await balances(database_url)
    assert all(balance.taken_microusd == balance.videos == 0 for balance in stand.values())


async def test_a_fresh_start_leaves_a_video_that_was_written_off_and_came_all_the_same(
    store: SqlJobStore,
) -> None:
    late = job_of(1, user_id=ALICE)
    await asked(store, late)
    await carried_on(
        store, late, SendingBegan(), OutcomeLost(), WrittenOff(), Accepted("request-1")
    )

    gone = await spending_of(store).start_afresh(GUILD, ALICE, by_user_id=BOSS)

    assert (gone.day_videos, gone.month_videos) == (0, 0)


async def with_two_calendars(store: SqlJobStore, now: datetime) -> Spending:
    """In a server that lives by New York's calendar, of a bot that lives by Rome's."""
    servers = Servers(rows=ServerRows(database=store.database), clock=FakeClock(now))
    await servers.change(GUILD, {"time_zone": NEW_YORK.key}, by_user_id=BOSS)
    return spending_of(store, at=now, zone=ROME)


async def test_a_servers_month_follows_its_own_calendar(
    store: SqlJobStore,
) -> None:
    now = datetime(2031, 6, 1, 1, 0, tzinfo=NEW_YORK)
    await asked(store, job_of(1, at=now - timedelta(hours=2)))
    await asked(store, job_of(2, at=now))

    month = await (await with_two_calendars(store, now)).month_of(GUILD)

    assert (month.zone, len(month.days), month.total.videos) == (NEW_YORK, 30, 1)
    assert month.by_day[date(2031, 6, 1)].videos == 1


async def test_what_already_counts_is_told_of_the_whole_server_a_role_and_a_member(
    store: SqlJobStore,
) -> None:
    rule = RoleRule(together=Caps(day_videos=9))
    server = ServerSettings(role_rules={ROLE: rule, GUILD: rule})
    for number, user_id, roles in ((1, ALICE, {ROLE}), (2, ALICE, {ROLE}), (3, BOB, set[int]())):
        job = job_of(number, user_id=user_id)
        assert await asked(store, job, server=server, role_ids=frozenset(roles)) == Added()
    spending = spending_of(store)
    counted = {
        CapsOf(CapsKind.SERVER): 3,
        CapsOf(CapsKind.TOGETHER, GUILD): 3,
        CapsOf(CapsKind.TOGETHER, ROLE): 2,
        CapsOf(CapsKind.MEMBERS): 2,
    }
    assert {of: (await spending.counted(GUILD, of)).today.videos for of in counted} == counted


async def test_the_operators_list_follows_the_bots_calendar_largest_first(
    store: SqlJobStore,
) -> None:
    now = datetime(2031, 6, 1, 1, 0, tzinfo=ROME)
    await asked(store, job_of(1, at=now - timedelta(hours=2), guild_id=7))
    await asked(store, job_of(2, at=now, guild_id=None))
    for number in (3, 4):
        await asked(store, job_of(number, at=now))
    assert await (await with_two_calendars(store, now)).everywhere() == [
        SpentThere(GUILD, by_operator=True, spend=Spend(2 * PRICE, 0, 0, 2)),
        SpentThere(None, by_operator=True, spend=Spend(PRICE, 0, 0, 1)),
    ]


async def test_a_fresh_start_is_one_of_the_servers_own_day(
    store: SqlJobStore,
) -> None:
    # In Rome it is June 2 by then.
    now = datetime(2031, 6, 1, 20, 0, tzinfo=NEW_YORK)
    for number, at in ((1, now - timedelta(hours=21)), (2, now)):
        job = job_of(number, user_id=ALICE, at=at)
        await asked(store, job, server=ServerSettings(time_zone=NEW_YORK.key))
        await rendered(store, job, 500_000)
    spending = await with_two_calendars(store, now)
    assert await spending.start_afresh(GUILD, ALICE, by_user_id=BOSS) == FreshStart(
        day_microusd=500_000, day_videos=1, month_microusd=500_000, month_videos=1
    )


def test_a_month_is_told_by_day_by_person_and_in_all() -> None:
    month = MonthOfServer(
        days=[FIRST, SECOND, THIRD],
        zone=UTC_ZONE,
        lines=[
            DaySum(FIRST, ALICE, Spend(0, 500, 500, 1)),
            DaySum(FIRST, BOB, Spend(300, 400, 0, 2)),
            DaySum(THIRD, ALICE, Spend(0, 100, 0, 1)),
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
    lines = [DaySum(FIRST, None, Spend(0, 5, 0, 1)), DaySum(SECOND, None, Spend(0, 6, 0, 1))]
    month = MonthOfServer(days=[FIRST, SECOND], zone=UTC_ZONE, lines=lines)
    assert month.by_user == {None: Spend(0, 11, 0, 2)}
