"""The ledger on both databases: entries are only added, and balances are their sums."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.job import State
from bot.domain.lifecycle import (
    Accepted,
    Cancelled,
    Event,
    OutcomeLost,
    Refused,
    SendingBegan,
    WrittenOff,
)
from bot.domain.money.entries import EntryKind
from bot.domain.money.ledger import (
    Account,
    Balance,
    Caps,
    OverCap,
    Reservation,
    Scope,
    TooSoon,
    is_too_soon,
)
from bot.domain.money.policy import OperatorLimits
from bot.domain.outcomes import FailureReason
from bot.domain.ports import Added, AlreadyThere
from bot.domain.servers import RoleRule, ServerSettings
from bot.storage import SqlJobStore
from bot.storage.ledger import SqlLedger
from bot.storage.tables.jobs import (
    account_balances,
    cooldowns,
    job_moves,
    jobs,
    ledger,
    ledger_accounts,
)
from tests.domain.samples import NOON
from tests.storage.behind import seen
from tests.storage.money import (
    GUILD,
    PRICE,
    asked,
    balances,
    carried_on,
    job_of,
    rendered,
    reservation_for,
    sums_of_entries,
)

ALICE, BOB, PAINTERS = 11, 12, 21
BOOKS = (jobs, job_moves, ledger, ledger_accounts, account_balances, cooldowns)


async def lines(url: str) -> list[tuple[str, str, int, int, int, bool]]:
    rows = await seen(url, select(ledger).order_by(ledger.c.seq))
    return [
        (
            *(row["kind"], row["why"], row["held_change_microusd"]),
            *(row["spent_change_microusd"], row["videos_change"], row["is_estimate"]),
        )
        for row in rows
    ]


async def everything(url: str) -> list[list[dict[str, object]]]:
    """All rows of all books."""
    return [[dict(row) for row in await seen(url, select(table))] for table in BOOKS]


async def member_day(url: str, user_id: int = ALICE) -> Balance:
    stand = await balances(url)
    return stand[Account(Scope.MEMBER, GUILD, user_id, "2031-05-04")]


async def test_a_job_is_held_when_it_is_added_and_settled_when_it_is_rendered(
    store: SqlJobStore, database_url: str
) -> None:
    job = job_of(1, user_id=ALICE)
    assert await asked(store, job) == Added()
    assert await member_day(database_url) == Balance(PRICE, 0, 1)
    await rendered(store, job, 812_345)
    assert await member_day(database_url) == Balance(0, 812_345, 1)
    assert await lines(database_url) == [
        ("reserved", "Added", PRICE, 0, 1, False),
        ("settled", "RenderingSucceeded", -PRICE, 812_345, 0, False),
    ]
    assert await balances(database_url) == await sums_of_entries(database_url)


async def test_without_a_word_about_the_cost_the_estimate_is_settled_and_marked(
    store: SqlJobStore, database_url: str
) -> None:
    job = job_of(1, user_id=ALICE)
    await asked(store, job)
    await rendered(store, job)
    assert (await lines(database_url))[-1] == (
        *("settled", "RenderingSucceeded", -PRICE, PRICE, 0),
        True,
    )


@pytest.mark.parametrize(
    "happened",
    [
        (Cancelled(),),
        (SendingBegan(), Refused(FailureReason.INPUT_REFUSED)),
        (SendingBegan(), Accepted("r-1"), Cancelled()),
        (SendingBegan(), OutcomeLost(), WrittenOff()),
    ],
)
async def test_what_bought_nothing_is_given_back(
    store: SqlJobStore, database_url: str, happened: tuple[Event, ...]
) -> None:
    job = job_of(1, user_id=ALICE)
    await asked(store, job)
    await carried_on(store, job, *happened)
    assert await member_day(database_url) == Balance()
    assert [kind for kind, *_ in await lines(database_url)] == [
        EntryKind.RESERVED,
        EntryKind.RETURNED,
    ]
    assert await balances(database_url) == await sums_of_entries(database_url)


async def test_an_unsure_job_stays_held_until_it_is_resolved(
    store: SqlJobStore, database_url: str
) -> None:
    lost = job_of(1, user_id=ALICE)
    await asked(store, lost)
    unsure = await carried_on(store, lost, SendingBegan(), OutcomeLost())
    assert await member_day(database_url) == Balance(PRICE, 0, 1)
    found = await carried_on(store, unsure, Accepted("r-1"))
    assert found.state is State.QUEUED
    assert await member_day(database_url) == Balance(PRICE, 0, 1)


async def test_a_refusal_leaves_no_row_no_entry_and_no_change(
    store: SqlJobStore, database_url: str
) -> None:
    one_a_month = ServerSettings(server_caps=Caps(month_videos=1))
    assert await asked(store, job_of(1, user_id=ALICE), server=one_a_month) == Added()
    before = await everything(database_url)
    over = await asked(store, job_of(2, user_id=BOB), server=one_a_month)
    assert isinstance(over, OverCap)
    assert over.hold.account == Account(Scope.SERVER, GUILD, 0, "2031-05")
    assert (over.left_videos, over.is_by_number) == (0, True)
    assert await everything(database_url) == before


async def test_the_same_interaction_again_changes_nothing(
    store: SqlJobStore, database_url: str
) -> None:
    job = job_of(1, user_id=ALICE)
    limits = OperatorLimits(total=Caps(day_videos=1), cooldown_s=5)
    await asked(store, job, limits=limits)
    before = await everything(database_url)
    doubled = job.model_copy(update={"id": "another"})
    assert await asked(store, doubled, limits=limits) == AlreadyThere(job)
    assert await everything(database_url) == before


async def test_of_several_caps_that_are_passed_the_last_to_renew_is_told(
    store: SqlJobStore,
) -> None:
    both = ServerSettings(member_caps=Caps(day_videos=1, month_videos=1))
    await asked(store, job_of(1, user_id=ALICE), server=both)
    over = await asked(store, job_of(2, user_id=ALICE), server=both)
    assert isinstance(over, OverCap)
    assert over.hold.account.period == "2031-05"


async def test_a_cap_that_is_set_at_noon_counts_the_whole_day_of_members_and_roles(
    store: SqlJobStore,
) -> None:
    roles = frozenset({PAINTERS})
    assert await asked(store, job_of(1, user_id=ALICE), role_ids=roles) == Added()
    rule = RoleRule(together=Caps(day_videos=1))
    for now_decided in (
        ServerSettings(role_rules={PAINTERS: rule}),
        ServerSettings(member_caps=Caps(day_microusd=2 * PRICE - 1)),
        ServerSettings(server_caps=Caps(month_videos=1)),
    ):
        later = job_of(2, user_id=ALICE, at=NOON + timedelta(hours=1))
        over = await asked(store, later, server=now_decided, role_ids=roles)
        assert isinstance(over, OverCap), now_decided


async def test_a_month_outlives_a_day(store: SqlJobStore) -> None:
    one_a_day = ServerSettings(member_caps=Caps(day_videos=1, month_videos=2))

    async def on_day(number: int) -> object:
        job = job_of(number, user_id=ALICE, at=NOON + timedelta(days=number))
        return await asked(store, job, server=one_a_day)

    assert [await on_day(1), await on_day(2)] == [Added(), Added()]
    assert isinstance(await on_day(3), OverCap)
    next_month = job_of(4, user_id=ALICE, at=NOON + timedelta(days=30))
    assert await asked(store, next_month, server=one_a_day) == Added()


async def test_settling_above_the_estimate_is_the_one_excess_and_is_counted(
    store: SqlJobStore, database_url: str
) -> None:
    exactly_two = ServerSettings(member_caps=Caps(day_microusd=2 * PRICE))
    first, second, third = (job_of(n, user_id=ALICE) for n in (1, 2, 3))
    assert await asked(store, first, server=exactly_two) == Added()
    assert await asked(store, second, server=exactly_two) == Added()
    await rendered(store, first, PRICE + 500)
    # RunComfy charged more than it had announced: the books say so, over the cap.
    assert await member_day(database_url) == Balance(PRICE, PRICE + 500, 2)
    over = await asked(store, third, server=exactly_two)
    assert isinstance(over, OverCap)
    assert over.left_microusd == 0
    # One that cost less than announced makes room again.
    await rendered(store, second, PRICE - 1_000)
    cheap = job_of(4, user_id=ALICE, estimate_microusd=500)
    assert await asked(store, cheap, server=exactly_two) == Added()


async def test_who_asked_a_moment_ago_waits_and_their_time_is_not_prolonged(
    store: SqlJobStore, database_url: str
) -> None:
    limits = OperatorLimits(cooldown_s=5)
    books = SqlLedger(database=store.database)
    assert await books.again_at(ALICE) is None
    assert await asked(store, job_of(1, user_id=ALICE), limits=limits) == Added()
    again_at = NOON + timedelta(seconds=5)
    for number, after_s in ((2, 0), (3, 4.9)):
        early = job_of(number, user_id=ALICE, at=NOON + timedelta(seconds=after_s))
        assert await asked(store, early, limits=limits) == TooSoon(again_at)
    assert await books.again_at(ALICE) == again_at
    assert await asked(store, job_of(4, user_id=BOB), limits=limits) == Added()
    in_time = job_of(5, user_id=ALICE, at=again_at)
    assert await asked(store, in_time, limits=limits) == Added()
    (row,) = await seen(database_url, select(func.count().label("number")).select_from(jobs))
    assert row["number"] == 3


async def test_who_was_refused_waits_as_well_and_never_shorter_than_before(
    store: SqlJobStore,
) -> None:
    books, later = SqlLedger(database=store.database), NOON + timedelta(seconds=5)
    await books.cool_down(ALICE, again_at=later)
    assert await books.again_at(ALICE) == later
    await books.cool_down(ALICE, again_at=NOON)
    assert await books.again_at(ALICE) == later
    await books.cool_down(ALICE, again_at=later + timedelta(seconds=1))
    assert await books.again_at(ALICE) == later + timedelta(seconds=1)
    assert await books.again_at(BOB) is None
    early = job_of(1, user_id=ALICE)
    assert isinstance(await asked(store, early, limits=OperatorLimits(cooldown_s=5)), TooSoon)


async def test_a_pause_of_a_clock_that_was_ahead_is_over(store: SqlJobStore) -> None:
    limits = OperatorLimits(cooldown_s=5)
    ahead = job_of(1, user_id=ALICE, at=NOON + timedelta(days=100))
    assert await asked(store, ahead, limits=limits) == Added()
    assert await asked(store, job_of(2, user_id=ALICE), limits=limits) == Added()
    again_at = NOON + timedelta(seconds=5)
    assert await asked(store, job_of(3, user_id=ALICE), limits=limits) == TooSoon(again_at)


@pytest.mark.parametrize(("in_s", "goes_on"), [(0, False), (1, True), (65, True), (66, False)])
def test_a_pause_goes_on_until_it_ends_and_for_no_longer_than_it_is(
    in_s: int, *, goes_on: bool
) -> None:
    again_at = NOON + timedelta(seconds=in_s)
    assert is_too_soon(again_at, NOON, 5) is goes_on
    assert not is_too_soon(None, NOON, 5)


async def test_a_refusal_by_a_cap_starts_no_time_to_wait(store: SqlJobStore) -> None:
    none_left = OperatorLimits(total=Caps(day_videos=0), cooldown_s=5)
    job = job_of(1, user_id=ALICE)
    assert isinstance(await asked(store, job, limits=none_left), OverCap)
    assert await asked(store, job, limits=OperatorLimits(cooldown_s=5)) == Added()


async def test_the_books_tell_where_accounts_stand_those_unknown_at_nothing(
    store: SqlJobStore,
) -> None:
    books = SqlLedger(database=store.database)
    job = job_of(1, user_id=ALICE)
    accounts = [hold.account for hold in reservation_for(job).holds]
    nobody = Account(Scope.MEMBER, GUILD, 99, "2031-05-04")
    assert await books.balances([]) == {}
    assert set((await books.balances(accounts)).values()) == {Balance()}
    await asked(store, job)
    stand = dict(await books.balances([*accounts, nobody]))
    assert stand.pop(nobody) == Balance()
    assert set(stand.values()) == {Balance(PRICE, 0, 1)}


async def test_a_job_without_a_reservation_is_in_the_ledger_all_the_same(
    store: SqlJobStore, database_url: str
) -> None:
    job = job_of(1)
    assert await store.add(job, Reservation()) == Added()
    await rendered(store, job, 5)
    assert [kind for kind, *_ in await lines(database_url)] == ["reserved", "settled"]
    assert await balances(database_url) == {}
