"""Accounts, caps and entries: what is held, spent and given back over every possible life."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.job import Job, State
from bot.domain.lifecycle import (
    Accepted,
    Cancelled,
    Delivered,
    EndTold,
    Event,
    KeyChanged,
    OutcomeLost,
    Refused,
    RenderingBegan,
    RenderingFailed,
    RenderingSucceeded,
    ReviewApproved,
    ReviewDeclined,
    SendingBegan,
    SendingHeldBack,
    WatchGivenUp,
    WrittenOff,
    after,
)
from bot.domain.money.calendar import Span
from bot.domain.money.entries import FINAL_KINDS, Entry, EntryKind, entries_after, reserved
from bot.domain.money.ledger import (
    NO_CAPS,
    Account,
    Balance,
    Caps,
    Hold,
    OverCap,
    Scope,
    fits,
    holds_in,
    over_cap,
)
from bot.domain.outcomes import FailureReason
from tests.domain.samples import A_VIDEO, NOON, a_job, events

UTC_ZONE = ZoneInfo("UTC")
TODAY = Account(Scope.MEMBER, 1, 2, "2031-05-04")
A_LATER_INSTANT = datetime(2031, 5, 5, tzinfo=UTC)

ACCEPTED = (SendingBegan(), Accepted("request-1"))
RENDERING = (*ACCEPTED, RenderingBegan())
GOOD_END = (RenderingSucceeded((A_VIDEO,), 5),)


def a_hold(
    cap_microusd: int | None = None,
    cap_videos: int | None = None,
    *,
    account: Account = TODAY,
    renews_at: datetime = A_LATER_INSTANT,
) -> Hold:
    return Hold(account, Span.DAY, cap_microusd, cap_videos, renews_at)


def entries_of(job: Job, *happened: Event) -> tuple[Job, list[Entry]]:
    """The job after all of this, and the ledger's entries about it."""
    written = [reserved(job)]
    for event in happened:
        moved = after(job, event, NOON)
        assert moved is not None, f"{event} cannot happen in {job.state}"
        written += entries_after(job, moved, why=type(event).__name__, at=NOON)
        job = moved
    return job, written


def sum_by(key_id: int | None, entries: Sequence[Entry]) -> Balance:
    """What these entries say of one key."""
    theirs = [entry for entry in entries if entry.key_id == key_id]
    return Balance(
        sum(entry.held_change_microusd for entry in theirs),
        sum(entry.spent_change_microusd for entry in theirs),
        sum(entry.videos_change for entry in theirs),
    )


def balance_after(*happened: Event) -> Balance:
    job, entries = entries_of(a_job(), *happened)
    return sum_by(job.key_id, entries)


PRICE = a_job().estimate_microusd
HELD = Balance(held_microusd=PRICE, videos=1)
RETURNED = Balance()
SETTLED_BY_ESTIMATE = Balance(spent_microusd=PRICE, videos=1)


@pytest.mark.parametrize(
    ("happened", "balance"),
    [
        ((), HELD),
        ((SendingBegan(),), HELD),
        ((SendingBegan(), SendingHeldBack()), HELD),
        (ACCEPTED, HELD),
        (RENDERING, HELD),
        # Who is refused, cancels, or whose job fails before it renders gets everything back.
        ((SendingBegan(), Refused(FailureReason.INPUT_REFUSED)), RETURNED),
        ((Refused(FailureReason.SERVICE_BUSY),), RETURNED),
        ((Cancelled(),), RETURNED),
        ((*ACCEPTED, Cancelled()), RETURNED),
        ((*ACCEPTED, RenderingFailed(FailureReason.GENERATION_FAILED)), RETURNED),
        ((*RENDERING, Cancelled()), RETURNED),
        # What rendered is paid: what the service says, or the estimate.
        ((*RENDERING, RenderingSucceeded((A_VIDEO,), 812_345)), Balance(0, 812_345, 1)),
        ((*RENDERING, RenderingSucceeded((A_VIDEO,), 999_999)), Balance(0, 999_999, 1)),
        ((*RENDERING, RenderingSucceeded((A_VIDEO,), None)), SETTLED_BY_ESTIMATE),
        ((*RENDERING, RenderingSucceeded((A_VIDEO,), 0)), Balance(0, 0, 1)),
        ((*RENDERING, RenderingFailed(FailureReason.GENERATION_FAILED)), SETTLED_BY_ESTIMATE),
        ((*RENDERING, RenderingFailed(FailureReason.GENERATION_FAILED, 7)), Balance(0, 7, 1)),
        ((*RENDERING, RenderingFailed(FailureReason.GENERATION_FAILED, 0)), RETURNED),
        ((*ACCEPTED, RenderingFailed(FailureReason.GENERATION_FAILED, 7)), Balance(0, 7, 1)),
        # Nobody knows: it stays reserved until somebody resolves it.
        ((SendingBegan(), OutcomeLost()), HELD),
        ((SendingBegan(), OutcomeLost(), EndTold()), HELD),
        ((*RENDERING, WatchGivenUp()), HELD),
        ((*ACCEPTED, WatchGivenUp(FailureReason.REQUEST_LOST)), HELD),
        ((*ACCEPTED, WatchGivenUp(FailureReason.REQUEST_LOST), WrittenOff()), RETURNED),
        ((SendingBegan(), OutcomeLost(), WrittenOff()), RETURNED),
        ((SendingBegan(), OutcomeLost(), Refused(FailureReason.INPUT_REFUSED)), RETURNED),
        ((SendingBegan(), OutcomeLost(), Accepted("request-2")), HELD),
        # Written off, and bought all the same: held again, and paid once.
        ((SendingBegan(), OutcomeLost(), WrittenOff(), Accepted("request-2")), HELD),
        (
            (SendingBegan(), OutcomeLost(), WrittenOff(), *ACCEPTED[1:], *GOOD_END),
            Balance(0, 5, 1),
        ),
        (
            (*ACCEPTED, WatchGivenUp(), Accepted("request-1"), RenderingSucceeded((A_VIDEO,), 5)),
            Balance(0, 5, 1),
        ),
    ],
)
def test_the_money_follows_the_job(happened: tuple[Event, ...], balance: Balance) -> None:
    assert balance_after(*happened) == balance


def test_what_waits_for_a_moderator_is_held_and_comes_back_with_a_no() -> None:
    in_review = a_job(state=State.IN_REVIEW)
    assert [entry.kind for entry in entries_of(in_review)[1]] == [EntryKind.RESERVED]
    assert [entry.kind for entry in entries_of(in_review, ReviewApproved())[1]] == [
        EntryKind.RESERVED
    ]
    _, declined = entries_of(in_review, ReviewDeclined())
    assert [entry.kind for entry in declined] == [EntryKind.RESERVED, EntryKind.RETURNED]


def test_an_entry_says_who_where_why_for_which_job_and_by_which_key() -> None:
    job = a_job().model_copy(update={"key_id": 9})
    _, (first, last) = entries_of(job, *RENDERING, RenderingSucceeded((A_VIDEO,), None))
    assert (first.kind, first.why, first.at) == (EntryKind.RESERVED, "Added", job.created_at)
    assert (last.kind, last.why) == (EntryKind.SETTLED, "RenderingSucceeded")
    for entry in (first, last):
        assert (entry.job_id, entry.user_id, entry.guild_id, entry.key_id) == (
            *(job.id, job.requester_id, job.server_id),
            9,
        )


def test_an_estimate_in_place_of_the_cost_is_marked() -> None:
    def mark(cost_microusd: int | None) -> bool:
        rendered = RenderingSucceeded((A_VIDEO,), cost_microusd)
        return entries_of(a_job(), *RENDERING, rendered)[1][-1].is_estimate

    assert mark(None)
    assert not mark(840_000)
    assert not reserved(a_job()).is_estimate


def test_another_key_takes_over_what_is_held() -> None:
    job = a_job().model_copy(update={"key_id": 9})
    _, entries = entries_of(job, KeyChanged(10), *RENDERING, RenderingSucceeded((A_VIDEO,), 5))
    assert [(entry.kind, entry.key_id, entry.why) for entry in entries] == [
        (EntryKind.RESERVED, 9, "Added"),
        (EntryKind.MOVED, 9, "KeyChanged"),
        (EntryKind.MOVED, 10, "KeyChanged"),
        (EntryKind.SETTLED, 10, "RenderingSucceeded"),
    ]
    assert (sum_by(9, entries), sum_by(10, entries)) == (Balance(), Balance(0, 5, 1))


def test_what_is_paid_is_paid_once_whatever_comes_after() -> None:
    paid = (*RENDERING, RenderingSucceeded((A_VIDEO,), 5))
    assert balance_after(*paid, Delivered()) == balance_after(*paid)


@given(st.lists(events(), max_size=25))
def test_over_any_life_what_was_held_is_given_back_once_and_nothing_is_below_zero(
    wanted: list[Event],
) -> None:
    job = a_job()
    balance = Balance(PRICE, 0, 1)
    written = [reserved(job)]
    for event in wanted:
        moved = after(job, event, NOON)
        if moved is None:
            continue
        entries = entries_after(job, moved, why="any", at=NOON)
        job = moved
        written += entries
        balance = Balance(
            balance.held_microusd + sum(one.held_change_microusd for one in entries),
            balance.spent_microusd + sum(one.spent_change_microusd for one in entries),
            balance.videos + sum(one.videos_change for one in entries),
        )
        assert balance.held_microusd in (0, PRICE)
        assert balance.spent_microusd >= 0
        assert balance.videos in (0, 1)
    begun = sum(entry.kind is EntryKind.RESERVED for entry in written)
    assert begun - 1 <= sum(entry.kind in FINAL_KINDS for entry in written) <= begun
    is_held = job.is_live and job.state is not State.RENDERED
    is_held = is_held or job.state is State.UNSURE
    assert (balance.held_microusd > 0) is is_held
    # The key that pays has all of it, and every key that was to pay before has nothing left.
    for key_id in {entry.key_id for entry in written}:
        assert sum_by(key_id, written) == (balance if key_id == job.key_id else Balance())


# --- caps -----------------------------------------------------------------------------------------


def test_a_cap_may_be_reached_and_not_passed() -> None:
    hold = a_hold(1_000, 3)
    assert fits(hold, Balance(300, 600, 2), 100)
    assert not fits(hold, Balance(300, 601, 2), 100)
    assert not fits(hold, Balance(0, 0, 3), 100)
    assert fits(a_hold(), Balance(10**12, 10**12, 10**6), 10**12)


def test_a_cap_of_nothing_lets_nothing_pass() -> None:
    assert not fits(a_hold(0), Balance(), 1)
    assert not fits(a_hold(None, 0), Balance(), 0)


@given(
    st.none() | st.integers(0, 10), st.none() | st.integers(0, 4), st.integers(0, 10),
    st.integers(0, 10), st.integers(0, 5), st.integers(0, 6),
)  # fmt: skip
def test_what_is_told_to_be_left_is_what_may_still_be_spent(
    cap: int | None, count: int | None, held: int, spent: int, videos: int, price: int
) -> None:
    hold, balance = a_hold(cap, count), Balance(held, spent, videos)
    over = OverCap(hold, balance, price)
    money_fits = over.left_microusd is None or price <= over.left_microusd
    money_fits = money_fits or (price == 0 and held + spent <= (cap or 0))
    number_fits = over.left_videos is None or over.left_videos >= 1
    if held + spent <= (10**9 if cap is None else cap):
        assert fits(hold, balance, price) is (money_fits and number_fits)
        assert over.is_by_number is money_fits


def test_of_several_caps_the_last_to_renew_is_told() -> None:
    this_month = Account(Scope.MEMBER, 1, 2, "2031-05")
    day = a_hold(100)
    month = a_hold(100, account=this_month, renews_at=NOON + timedelta(days=27))
    spent = Balance(spent_microusd=100)
    stand = {TODAY: spent, this_month: spent}
    for holds in ((day, month), (month, day)):
        assert over_cap(holds, stand, 1) == OverCap(month, spent, 1)
    assert over_cap((day,), stand, 1) == OverCap(day, spent, 1)
    assert over_cap((day, month), dict.fromkeys(stand, Balance()), 1) is None


def test_a_scope_has_a_days_and_a_months_account_with_caps_or_without() -> None:
    caps = Caps(day_microusd=1, month_videos=2)
    day, month = holds_in(Scope.SERVER, 5, 0, caps=caps, at=NOON, zone=UTC_ZONE)
    assert day.account == Account(Scope.SERVER, 5, 0, "2031-05-04")
    assert (day.cap_microusd, day.cap_videos) == (1, None)
    assert month.account == Account(Scope.SERVER, 5, 0, "2031-05")
    assert (month.cap_microusd, month.cap_videos) == (None, 2)
    assert (day.is_limited, month.is_limited) == (True, True)
    unlimited = holds_in(Scope.SERVER, 5, 0, caps=NO_CAPS, at=NOON, zone=UTC_ZONE)
    assert [hold.account for hold in unlimited] == [day.account, month.account]
    assert not any(hold.is_limited for hold in unlimited)
    assert caps.is_set
    assert not NO_CAPS.is_set
