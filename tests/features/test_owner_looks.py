"""What counts as a trouble for the owner, and what is not known."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.generation.models import USUAL
from bot.domain.job import HoldReason
from bot.domain.lifecycle import OutcomeLost, SendingBegan, SteppedAside
from bot.domain.money.price import Prices
from bot.domain.outcomes import (
    OutcomeUnknown,
    StillQueued,
    SubmitAccepted,
    Unanswered,
)
from bot.features.owner.owner_looks import (
    ACCOUNT_EVERY,
    SILENT_FOR,
    UNDELIVERED_FOR,
    AccountLook,
    Hearing,
    JobsLook,
    disk_look,
    prices_look,
)
from bot.features.owner.owner_news import Seen
from bot.runcomfy.account import (
    AccountBalance,
    BalanceOutcome,
    CatalogueOutcome,
    KeyRefused,
    ListedModel,
)
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import NOON
from tests.storage.money import PRICE, asked, carried_on, job_of, rendered, spending_of

LISTED = ListedModel(1, 1)
SILENT = Unanswered("a timeout")
DOLLAR = 1_000_000


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


class Account:
    """RunComfy's answers about the operator's key, and how often it was asked."""

    def __init__(self, store: SqlJobStore) -> None:
        self.clock = FakeClock(NOON)
        self.says: tuple[CatalogueOutcome, BalanceOutcome] = (LISTED, AccountBalance(DOLLAR))
        self.asked = 0
        self.day_microusd = 0
        self.hearing = Hearing(clock=self.clock)
        self.looks = AccountLook(
            ask=self.ask,
            hearing=self.hearing,
            store=store,
            likely_day_microusd=self.likely_day,
            prices=Prices(),
            clock=self.clock,
        )

    async def ask(self) -> tuple[CatalogueOutcome, BalanceOutcome]:
        self.asked += 1
        return self.says

    async def likely_day(self) -> int:
        return self.day_microusd


def kinds(seen: Seen) -> dict[str, int]:
    return {kind: len(troubles) for kind, troubles in seen.items()}


@pytest.mark.parametrize(
    ("says", "seen"),
    [
        (
            (LISTED, AccountBalance(DOLLAR)),
            {"key_refused": 0, "balance_used_up": 0, "balance_low": 0},
        ),
        (
            (LISTED, AccountBalance(DOLLAR - 1)),
            {"key_refused": 0, "balance_used_up": 0, "balance_low": 1},
        ),
        # What is worse is there instead, and whether there is enough for a day is not asked then.
        ((LISTED, AccountBalance(-3)), {"key_refused": 0, "balance_used_up": 1}),
        ((LISTED, SILENT), {"key_refused": 0}),
        # A key that may not see its balance buys all the same.
        ((LISTED, KeyRefused()), {"key_refused": 0}),
        ((KeyRefused(), KeyRefused()), {"key_refused": 1}),
        ((SILENT, SILENT), {}),
    ],
)
async def test_a_key_and_a_balance_are_judged_by_what_is_certain(
    store: SqlJobStore,
    says: tuple[CatalogueOutcome, BalanceOutcome],
    seen: dict[str, int],
) -> None:
    account = Account(store)
    account.says, account.day_microusd = says, DOLLAR
    assert kinds(await account.looks.look()) == seen


@pytest.mark.parametrize(
    ("reason", "kind"),
    [(HoldReason.NO_BALANCE, "balance_used_up"), (HoldReason.KEY_REFUSED, "key_refused")],
)
async def test_while_the_account_says_nothing_a_job_that_is_held_back_does(
    store: SqlJobStore, reason: HoldReason, kind: str
) -> None:
    account = Account(store)
    account.says = (SILENT, SILENT)
    await asked(store, job_of(1))
    await carried_on(store, job_of(1), SteppedAside(NOON + timedelta(minutes=1), NOON, reason))
    assert kinds(await account.looks.look()) == {kind: 1}


async def test_the_account_is_asked_every_few_minutes(store: SqlJobStore) -> None:
    account = Account(store)
    for _ in range(3):
        await account.looks.look()
    assert account.asked == 1
    account.clock.move_to(NOON + ACCOUNT_EVERY)
    await account.looks.look()
    assert account.asked == 2


async def test_a_likely_day_is_the_mean_of_the_last_weeks_days_with_videos(
    store: SqlJobStore,
) -> None:
    costs = (
        (1, 3_000_000, None),
        (1, 1_000_000, None),
        (4, 2_000_000, None),
        (2, 9, 77),
        (8, 9, None),
    )
    for number, (days_ago, cost, key_id) in enumerate(costs):
        job = job_of(number, at=NOON - timedelta(days=days_ago, minutes=-1), key_id=key_id)
        await asked(store, job)
        await rendered(store, job, cost)
    assert await spending_of(store).likely_day_microusd() == 3_000_000


async def test_without_videos_in_the_last_week_a_day_costs_nothing(store: SqlJobStore) -> None:
    assert await spending_of(store).likely_day_microusd() == 0


# --- jobs -----------------------------------------------------------------------------------------


async def test_jobs_need_the_owner_when_they_are_unsure_stuck_or_dear(store: SqlJobStore) -> None:
    clock = FakeClock(NOON)
    jobs = [job_of(number) for number in range(4)] + [job_of(4, key_id=7)]
    for job in jobs:
        await asked(store, job)
    await carried_on(store, jobs[0], SendingBegan(), OutcomeLost())
    await rendered(store, jobs[1], PRICE)
    await rendered(store, jobs[2], PRICE + 1)
    await rendered(store, jobs[4], PRICE + 1)
    look = JobsLook(database=store.database, link_of=lambda job: f"to {job.id}", clock=clock).look

    seen = await look()
    assert [one.subject for one in seen["job_unsure"]] == [jobs[0].id]
    assert seen["video_undelivered"] == []
    assert [one.subject for one in seen["charged_more"]] == [USUAL.id]
    assert jobs[0].request.prompt not in repr(seen)
    assert f"to {jobs[0].id}" in repr(seen)

    clock.move_to(NOON + UNDELIVERED_FOR)
    stuck = {one.subject for one in (await look())["video_undelivered"]}
    assert stuck == {jobs[1].id, jobs[2].id, jobs[4].id}
    clock.move_to(NOON + timedelta(days=2))
    assert (await look())["charged_more"] == []


# --- the service, its prices, and the disk --------------------------------------------------------


async def test_silence_counts_from_the_first_call_without_an_answer() -> None:
    clock = FakeClock(NOON)
    hearing = Hearing(clock=clock)
    assert await hearing.look() == {}
    hearing.looked("r", StillQueued(1))
    assert kinds(await hearing.look()) == {"runcomfy_silent": 0}
    hearing.looked("r", Unanswered("HTTP 503"))
    clock.move_to(NOON + SILENT_FOR - timedelta(seconds=1))
    hearing.submitted(OutcomeUnknown("it broke"), took_s=1)
    assert kinds(await hearing.look()) == {"runcomfy_silent": 0}
    clock.move_to(NOON + SILENT_FOR)
    assert kinds(await hearing.look()) == {"runcomfy_silent": 1}
    # It is not over because nobody asks.
    clock.move_to(NOON + 9 * SILENT_FOR)
    assert kinds(await hearing.look()) == {"runcomfy_silent": 1}
    hearing.submitted(SubmitAccepted("r"), took_s=1)
    assert kinds(await hearing.look()) == {"runcomfy_silent": 0}


@pytest.mark.parametrize(
    "answer", [Unanswered("x", key_refused=True), Unanswered("x", rate_limited=True)]
)
async def test_a_refusal_of_a_key_or_of_haste_is_no_silence(answer: Unanswered) -> None:
    clock = FakeClock(NOON)
    hearing = Hearing(clock=clock)
    hearing.looked("r", answer)
    clock.move_to(NOON + SILENT_FOR)
    hearing.looked("r", answer)
    assert kinds(await hearing.look()) == {"runcomfy_silent": 0}


async def test_a_bot_without_work_hears_by_asking_for_its_account(store: SqlJobStore) -> None:
    account = Account(store)
    account.says = (SILENT, SILENT)
    for _ in range(SILENT_FOR // ACCOUNT_EVERY + 1):
        await account.looks.look()
        account.clock.move_to(account.clock.now() + ACCOUNT_EVERY)
    assert kinds(await account.hearing.look()) == {"runcomfy_silent": 1}
    account.says = (LISTED, SILENT)
    await account.looks.look()
    assert kinds(await account.hearing.look()) == {"runcomfy_silent": 0}


async def test_prices_that_were_never_heard_are_not_known_to_be_usual() -> None:
    prices = Prices()
    assert await prices_look(prices, is_known=lambda: False)() == {}
    prices.hear(USUAL, silent_microusd=999_999, sound_microusd=None)
    assert kinds(await prices_look(prices, is_known=lambda: False)()) == {"price_raised": 1}
    assert kinds(await prices_look(Prices(), is_known=lambda: True)()) == {"price_raised": 0}


async def test_a_disk_is_nearly_full_where_one_of_the_folders_is(tmp_path: Path) -> None:
    assert kinds(await disk_look([tmp_path], min_free_bytes=0)()) == {"disk_nearly_full": 0}
    full = await disk_look([tmp_path, tmp_path], min_free_bytes=2**62)()
    assert kinds(full) == {"disk_nearly_full": 1}
