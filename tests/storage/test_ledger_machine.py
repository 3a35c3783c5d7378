"""Random asks, moves and fresh starts under caps, by two stores: what stands never passes a cap."""

import asyncio
from collections import Counter, defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from bot.domain.job import Job, JobId, State
from bot.domain.lifecycle import Event, RenderingFailed, RenderingSucceeded, WatchGivenUp, after
from bot.domain.money.ledger import Account, Balance, Caps, Hold, OverCap, fits
from bot.domain.money.policy import OperatorLimits
from bot.domain.outcomes import FailureReason
from bot.domain.ports import Added, AlreadyThere
from bot.domain.servers import RoleRule, ServerSettings
from bot.storage import SqlJobStore, open_store
from bot.storage.tables.jobs import metadata
from tests.domain.samples import A_VIDEO, NOON, ONE_OF_EACH_EVENT
from tests.storage.behind import done
from tests.storage.money import (
    balances,
    job_of,
    reservation_for,
    spending_of,
    sums_by_key,
    sums_of_entries,
)

WHICH = st.integers(0, 1)
PAINTERS = 21
SERVER = ServerSettings(
    server_caps=Caps(month_videos=6, day_microusd=2_000),
    member_caps=Caps(day_videos=3, day_microusd=1_200),
    role_rules={PAINTERS: RoleRule(together=Caps(day_microusd=900))},
)
LIMITS = OperatorLimits(
    total=Caps(day_microusd=2_500, month_videos=8), per_user=Caps(month_microusd=1_500)
)


HAPPENINGS: tuple[Event, ...] = (
    *ONE_OF_EACH_EVENT,
    *(RenderingSucceeded((A_VIDEO,), cost) for cost in (None, 0, 100, 1_500)),
    *(RenderingFailed(FailureReason.GENERATION_FAILED, cost) for cost in (None, 0, 200)),
    WatchGivenUp(FailureReason.REQUEST_LOST),
)


@dataclass
class Asked:
    """A job as the model knows it: what it holds and has cost, and where it counts."""

    job: Job
    holds: tuple[Hold, ...]
    held: int
    spent: int = 0
    videos: int = 1
    came_late: bool = False

    def happened(self, moved: Job) -> None:
        """What an honest bookkeeper would write, said in another way than the ledger's own."""
        before, self.job = self.job.state, moved
        if moved.state is State.QUEUED and before is State.FAILED:
            # Bought though it was written off: no cap was asked.
            self.held, self.videos, self.came_late = moved.estimate_microusd, 1, True
        elif moved.state is State.CANCELLED is not before:
            self.held = self.videos = 0
        elif moved.state is State.RENDERED is not before:
            self.settle(moved)
        elif moved.state is State.FAILED is not before:
            billed = moved.cost_microusd is None and before is State.RENDERING
            if moved.cost_microusd or billed:
                self.settle(moved)
            else:
                self.held = self.videos = 0

    def settle(self, moved: Job) -> None:
        self.held = 0
        cost = moved.cost_microusd
        self.spent = moved.estimate_microusd if cost is None else cost

    @property
    def is_open(self) -> bool:
        """Whether nothing was settled or returned yet."""
        return self.job.state is State.UNSURE or (
            self.job.is_live and self.job.state is not State.RENDERED
        )

    @property
    def excess(self) -> int:
        """What no cap was asked about: what came late, or cost more than had been announced."""
        if self.came_late:
            return self.held + self.spent
        return max(0, self.spent - self.job.estimate_microusd)


class Books(RuleBasedStateMachine):
    """Two stores over one database, and a model that adds up by itself."""

    url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.open = AsyncExitStack()
        self.stores: list[SqlJobStore] = []
        self.asked: dict[JobId, Asked] = {}
        self.forgiven: defaultdict[Account, list[int]] = defaultdict(lambda: [0, 0])
        self.numbers = count(1)

    @initialize()
    def begin_with_nothing(self) -> None:
        self.stores = [
            self.loop.run(self.open.enter_async_context(open_store(self.url))) for _ in range(2)
        ]
        emptied = [delete(table) for table in reversed(metadata.sorted_tables)]
        self.loop.run(done(self.url, *emptied))

    @rule(
        user_id=st.integers(1, 2),
        paints=st.booleans(),
        key_id=st.sampled_from([None, None, 4]),
        price=st.sampled_from([0, 300, 500, 900]),
        which=WHICH,
    )
    def ask(
        self, user_id: int, *, paints: bool, key_id: int | None, price: int, which: int
    ) -> None:
        job = job_of(next(self.numbers), user_id=user_id, estimate_microusd=price, key_id=key_id)
        roles = frozenset({PAINTERS} if paints else ())
        reservation = reservation_for(job, server=SERVER, limits=LIMITS, role_ids=roles)
        stand = self.stand()
        over = [one for one in reservation.holds if not fits(one, stand[one.account], price)]
        answer = self.loop.run(self.stores[which].add(job, reservation))
        if over:
            assert isinstance(answer, OverCap)
            assert answer.hold in over
        else:
            assert answer == Added()
            self.asked[job.id] = Asked(job, reservation.holds, held=price)

    @precondition(lambda self: bool(self.asked))
    @rule(data=st.data(), which=WHICH)
    def ask_again(self, data: st.DataObject, which: int) -> None:
        known = data.draw(st.sampled_from(list(self.asked.values())))
        doubled = known.job.model_copy(update={"id": "doubled"})
        reservation = reservation_for(doubled, server=SERVER, limits=LIMITS)
        answer = self.loop.run(self.stores[which].add(doubled, reservation))
        assert answer == AlreadyThere(known.job)

    @precondition(lambda self: bool(self.asked))
    @rule(data=st.data(), which=WHICH)
    def happen(self, data: st.DataObject, which: int) -> None:
        known = data.draw(st.sampled_from(list(self.asked.values())))
        possible = [event for event in HAPPENINGS if after(known.job, event, NOON) is not None]
        event = data.draw(st.sampled_from(possible))
        expected = after(known.job, event, NOON)
        assert self.loop.run(self.stores[which].move(known.job, event, NOON)) == expected
        if expected is not None:
            known.happened(expected)

    @rule(user_id=st.integers(1, 2), which=WHICH)
    def start_afresh(self, user_id: int, which: int) -> None:
        spending = spending_of(self.stores[which])
        stand = self.stand()
        self.loop.run(spending.start_afresh(500, user_id, by_user_id=9))
        for account, balance in stand.items():
            if (account.scope, account.subject_id) == ("member", user_id):
                under_way = sum(
                    one.videos
                    for one in self.asked.values()
                    if one.is_open and account in {hold.account for hold in one.holds}
                )
                self.forgiven[account][0] += balance.spent_microusd
                self.forgiven[account][1] += balance.videos - under_way

    def stand(self) -> defaultdict[Account, Balance]:
        """All balances, added up from what happened to the jobs."""
        stand: defaultdict[Account, Balance] = defaultdict(Balance)
        for one in self.asked.values():
            for hold in one.holds:
                before = stand[hold.account]
                stand[hold.account] = Balance(
                    before.held_microusd + one.held,
                    before.spent_microusd + one.spent,
                    before.videos + one.videos,
                )
        for account, (spent, videos) in self.forgiven.items():
            before = stand[account]
            stand[account] = Balance(
                before.held_microusd, before.spent_microusd - spent, before.videos - videos
            )
        return stand

    @precondition(lambda self: bool(self.stores))
    @invariant()
    def balances_are_sums_and_never_pass_a_cap(self) -> None:
        in_the_books = self.loop.run(balances(self.url))
        assert in_the_books == self.loop.run(sums_of_entries(self.url))
        stand = self.stand()
        assert in_the_books == {account: stand[account] for account in in_the_books}
        assert self.loop.run(sums_by_key(self.url)) == {
            (one.job.id, one.job.key_id): Balance(one.held, one.spent, one.videos)
            for one in self.asked.values()
            if (one.held, one.spent, one.videos) != (0, 0, 0)
        }
        excess: defaultdict[Account, int] = defaultdict(int)
        late: Counter[Account] = Counter()
        caps: dict[Account, Hold] = {}
        for one in self.asked.values():
            for hold in one.holds:
                excess[hold.account] += one.excess
                late[hold.account] += one.came_late
                caps[hold.account] = hold
        for account, hold in caps.items():
            balance = in_the_books[account]
            assert balance.held_microusd >= 0
            assert balance.videos >= 0
            if hold.cap_videos is not None:
                assert balance.videos <= hold.cap_videos + late[account]
            if hold.cap_microusd is not None:
                assert balance.taken_microusd <= hold.cap_microusd + excess[account]

    def teardown(self) -> None:
        self.loop.run(self.open.aclose())
        self.loop.close()


@pytest.mark.hypothesis
def test_whatever_happens_the_books_agree_and_no_cap_is_passed(database_url: str) -> None:
    class Here(Books):
        url = database_url

    run_state_machine_as_test(
        Here,
        settings=settings(max_examples=settings().max_examples // 12, stateful_step_count=25),
    )
