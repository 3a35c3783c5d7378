"""Ordering: every answer is true, also when two act at once or the database is away."""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta

import pytest

from bot.domain import lifecycle
from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import Canceller, Job, JobId, State
from bot.domain.money.ledger import Reservation
from bot.domain.money.policy import DeclineReason
from bot.domain.outcomes import (
    CancelConfirmed,
    CancelDeclined,
    CancelOutcome,
    CancelTooLate,
    FailureReason,
    Unanswered,
)
from bot.domain.ports import NOTHING_HELD, AddOutcome, JobStore, StoreUnavailable
from bot.features.admission import Order
from bot.features.ordering import (
    KEPT_AFTER,
    Asked,
    AskedBefore,
    AskUnclear,
    BringRefusal,
    CancelledForCertain,
    CancelRefusal,
    Ordering,
)
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import ELSEWHERE, HERE, a_job
from tests.runner.stand_ins import (
    FailingStore,
    NotingEngine,
    OneKey,
    ScriptedProvider,
    open_admission,
)

REQUESTER = Actor(user_id=77)


class Office:
    """Ordering with its neighbours."""

    def __init__(self, store: JobStore, *cancels: CancelOutcome) -> None:
        self.clock = FakeClock()
        self.engine = NotingEngine()
        keys = OneKey(ScriptedProvider(cancels=cancels))
        self.admission = open_admission(self.clock, keys, jobs=store)
        self.ordering = Ordering(
            store=store,
            providers=keys,
            admission=self.admission,
            engine=self.engine,
            clock=self.clock,
        )

    async def order(self, interaction_id: int = 5) -> Order:
        order = await self.admission.admit(
            GenerationRequest(prompt="a kite"),
            Actor(user_id=77, guild_id=HERE.guild_id),
            interaction_id=interaction_id,
            private=False,
            locale="en",
        )
        assert isinstance(order, Order)
        return order


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(sqlite_url) as opened:
        yield opened


async def test_an_order_becomes_a_watched_job_and_only_once(store: SqlJobStore) -> None:
    office = Office(store)
    first = await office.ordering.ask(await office.order(), HERE)
    assert isinstance(first, Asked)
    again = await office.ordering.ask(await office.order(), ELSEWHERE)
    assert again == AskedBefore(first.job)
    assert office.engine.enqueued == [first.job.id]


async def test_ids_differ_and_fit_the_buttons(store: SqlJobStore) -> None:
    office = Office(store)
    ids = {(await office.order()).job_id for _ in range(100)}
    assert len(ids) == 100
    assert all(len(job_id) == 16 and job_id.isalnum() for job_id in ids)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (State.SUBMITTING, CancelRefusal.BEING_SENT),
        (State.RENDERING, CancelRefusal.TOO_LATE),
        (State.RENDERED, CancelRefusal.TOO_LATE),
        (State.DELIVERED, CancelRefusal.ALREADY_OVER),
        (State.FAILED, CancelRefusal.ALREADY_OVER),
        (State.CANCELLED, CancelRefusal.ALREADY_CANCELLED),
        (State.UNSURE, CancelRefusal.UNSURE),
    ],
)
async def test_cancel_says_why_it_cannot(
    store: SqlJobStore, state: State, refusal: CancelRefusal
) -> None:
    await store.add(a_job(1, state=state))
    answer = await Office(store).ordering.cancel("job-1", REQUESTER)
    assert answer == Denied(refusal)


class Meddled(FailingStore):
    """Somebody else writes just before each of our cancels."""

    def __init__(self, store: JobStore, meddle: Callable[[Job], lifecycle.Event | None]) -> None:
        super().__init__(store, is_away=lambda _call: False)
        self._meddle = meddle

    async def move(self, job: Job, event: lifecycle.Event, at: datetime) -> Job | None:
        if isinstance(event, lifecycle.Cancelled) and (other := self._meddle(job)) is not None:
            await self._store.move(job, other, at)
        return await super().move(job, event, at)


async def test_a_job_that_is_sent_in_the_very_moment_is_not_called_cancelled(
    store: SqlJobStore,
) -> None:
    await store.add(a_job(1))
    meddled = Meddled(store, lambda _job: lifecycle.SendingBegan())
    answer = await Office(meddled).ordering.cancel("job-1", REQUESTER)
    assert answer == Denied(CancelRefusal.BEING_SENT)


async def queued(store: SqlJobStore, *, number: int = 1) -> None:
    job = a_job(number, state=State.QUEUED)
    await store.add(job.model_copy(update={"request_id": f"r-{number}"}))


async def test_a_confirmed_cancel_stands_though_the_watch_wrote_meanwhile(
    store: SqlJobStore,
) -> None:
    await queued(store)
    events = iter([lifecycle.QueueMoved(4), lifecycle.RenderingBegan()])
    meddled = Meddled(store, lambda _job: next(events, None))
    office = Office(meddled, CancelConfirmed())
    answer = await office.ordering.cancel("job-1", REQUESTER)
    assert isinstance(answer, CancelledForCertain)
    row = await store.get("job-1")
    assert row is not None
    assert row.state is State.CANCELLED
    assert office.engine.enqueued == ["job-1"]


async def test_the_watch_may_have_seen_the_cancel_first(store: SqlJobStore) -> None:
    await queued(store)
    meddled = Meddled(store, lambda _job: lifecycle.Cancelled())
    answer = await Office(meddled, CancelConfirmed()).ordering.cancel("job-1", REQUESTER)
    assert isinstance(answer, CancelledForCertain)


async def test_a_job_that_ended_otherwise_is_not_called_cancelled(store: SqlJobStore) -> None:
    await queued(store)
    failed = lifecycle.RenderingFailed(lifecycle.FailureReason.GENERATION_FAILED)
    answer = await Office(Meddled(store, lambda _job: failed), CancelConfirmed()).ordering.cancel(
        "job-1", REQUESTER
    )
    assert answer == Denied(CancelRefusal.ALREADY_OVER)


async def test_too_late_makes_the_watch_look_at_once(store: SqlJobStore) -> None:
    await queued(store)
    office = Office(store, CancelTooLate())
    assert await office.ordering.cancel("job-1", REQUESTER) == Denied(CancelRefusal.TOO_LATE)
    assert office.engine.enqueued == ["job-1"]


async def test_a_service_that_would_not_cancel_is_said_so_and_offers_no_second_cancel(
    store: SqlJobStore,
) -> None:
    await queued(store)
    office = Office(store, CancelDeclined())
    answer = await office.ordering.cancel("job-1", REQUESTER)
    assert answer == Denied(CancelRefusal.SERVICE_REFUSED)
    job = await store.get("job-1")
    assert job is not None
    assert (job.state, job.is_cancellable) == (State.QUEUED, False)
    assert office.engine.enqueued == ["job-1"]


async def test_a_cancel_that_is_not_confirmed_is_kept_as_whose_it_was(store: SqlJobStore) -> None:
    await queued(store)
    office = Office(store, Unanswered("timeout"))
    answer = await office.ordering.cancel(
        "job-1", Actor(user_id=5, guild_id=HERE.guild_id, manages_messages=True)
    )
    assert answer == Denied(CancelRefusal.SERVICE_SILENT)
    job = await store.get("job-1")
    assert job is not None
    assert (job.state, job.cancelled_by) == (State.QUEUED, Canceller.MODERATOR)


@pytest.mark.parametrize(
    ("user_id", "canceller"), [(77, Canceller.REQUESTER), (5, Canceller.MODERATOR)]
)
async def test_the_row_says_who_cancelled(
    store: SqlJobStore, user_id: int, canceller: Canceller
) -> None:
    await store.add(a_job(1))
    await queued(store, number=2)
    office = Office(store, CancelConfirmed())
    for job_id in ("job-1", "job-2"):
        await office.ordering.cancel(
            job_id, Actor(user_id=user_id, guild_id=HERE.guild_id, manages_messages=True)
        )
        job = await store.get(job_id)
        assert job is not None
        assert (job.state, job.cancelled_by) == (State.CANCELLED, canceller)


@pytest.mark.parametrize("outcome", [CancelDeclined(), Unanswered("timeout")])
async def test_what_came_of_a_cancel_is_not_written_over_a_job_that_went_on(
    store: SqlJobStore, outcome: CancelOutcome
) -> None:
    await queued(store)

    class WentOn(FailingStore):
        async def move(self, job: Job, event: lifecycle.Event, at: datetime) -> Job | None:
            await self._store.move(job, lifecycle.RenderingBegan(), at)
            return await super().move(job, event, at)

    office = Office(WentOn(store, is_away=lambda _call: False), outcome)
    assert isinstance(await office.ordering.cancel("job-1", REQUESTER), Denied)
    job = await store.get("job-1")
    assert job is not None
    assert (job.state, job.cancel_refused_at, job.cancelled_by) == (State.RENDERING, None, None)
    assert office.engine.enqueued == ["job-1"]


async def test_without_the_database_every_answer_says_so(store: SqlJobStore) -> None:
    office = Office(FailingStore(store, is_away=lambda _call: True))
    assert isinstance(await office.ordering.ask(await office.order(), HERE), Denied)
    assert await office.ordering.cancel("x", REQUESTER) == Denied(CancelRefusal.STORE_DOWN)
    assert await office.ordering.kept_for(77) == []
    assert await office.ordering.bring("x", REQUESTER, HERE) == Denied(BringRefusal.STORE_DOWN)
    # Whatever may stand is looked at.
    assert office.engine.enqueued == ["x"]


async def test_only_what_waits_for_a_while_is_offered(store: SqlJobStore) -> None:
    office = Office(store)
    now = office.clock.now()
    for number, age in ((1, KEPT_AFTER), (2, KEPT_AFTER - timedelta(seconds=1))):
        job = a_job(number, state=State.RENDERED)
        await store.add(job.model_copy(update={"state_since": now - age}))
    assert [job.id for job in await office.ordering.kept_for(77)] == ["job-1"]
    assert await office.ordering.kept_for(78) == []


async def test_a_delivered_video_cannot_be_brought_again(store: SqlJobStore) -> None:
    await store.add(a_job(1, state=State.DELIVERED))
    answer = await Office(store).ordering.bring("job-1", REQUESTER, ELSEWHERE)
    assert answer == Denied(BringRefusal.NOTHING_KEPT)


class Torn(FailingStore):
    """Every write breaks while it commits: it `stands`, or comes later, or never.

    Then the database may stay away.
    """

    def __init__(
        self, store: JobStore, *, writes: tuple[str, ...], away_for: int = 0, stands: bool = True
    ) -> None:
        self._torn = list(writes)
        self._calls_left = away_for
        self._stands = stands
        super().__init__(store, is_away=lambda call: call == "get" and self._still_away())

    def _still_away(self) -> bool:
        self._calls_left -= 1
        return self._calls_left >= 0

    def _tears(self, name: str) -> bool:
        if name not in self._torn:
            return False
        self._torn.remove(name)
        return True

    async def add(self, job: Job, reservation: Reservation = NOTHING_HELD) -> AddOutcome:
        if not self._tears("add"):
            return await super().add(job, reservation)
        if self._stands:
            await self._store.add(job, reservation)
        raise StoreUnavailable("the connection broke while it committed")

    async def move(self, job: Job, event: lifecycle.Event, at: datetime) -> Job | None:
        if not self._tears(type(event).__name__):
            return await super().move(job, event, at)
        if self._stands:
            await self._store.move(job, event, at)
        raise StoreUnavailable("the connection broke while it committed")


@pytest.fixture
async def either_store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


async def the_state(store: SqlJobStore, job_id: JobId) -> State:
    job = await store.get(job_id)
    assert job is not None
    return job.state


async def test_a_job_that_was_written_after_all_is_watched_and_not_denied(
    either_store: SqlJobStore,
) -> None:
    office = Office(Torn(either_store, writes=("add",)))
    asked = await office.ordering.ask(await office.order(), HERE)
    assert isinstance(asked, Asked)
    assert office.engine.enqueued == [asked.job.id]
    assert await the_state(either_store, asked.job.id) is State.WAITING


async def test_a_job_that_was_denied_cannot_be_sent_though_its_row_stands(
    either_store: SqlJobStore,
) -> None:
    office = Office(Torn(either_store, writes=("add",), away_for=1))
    order = await office.order()
    assert await office.ordering.ask(order, HERE) == Denied(DeclineReason.STORE_DOWN)
    assert office.engine.enqueued == []
    assert await the_state(either_store, order.job_id) is State.ASKED


async def test_a_row_that_shows_late_cannot_be_sent_either(either_store: SqlJobStore) -> None:
    office = Office(Torn(either_store, writes=("add",), stands=False))
    order = await office.order()
    assert await office.ordering.ask(order, HERE) == Denied(DeclineReason.STORE_DOWN)
    late = order.placed(HERE)
    await either_store.add(late)
    began = lifecycle.SendingBegan()
    assert await either_store.move(late, began, office.clock.now()) is None


async def test_who_was_denied_may_try_again_under_the_same_interaction_and_gets_one_video(
    either_store: SqlJobStore,
) -> None:
    office = Office(Torn(either_store, writes=("add",), away_for=1))
    denied = await office.order()
    assert isinstance(await office.ordering.ask(denied, HERE), Denied)
    again = await office.ordering.ask(await office.order(), ELSEWHERE)
    assert isinstance(again, Asked)
    assert (again.job.state, again.job.place) == (State.WAITING, ELSEWHERE)
    former = await either_store.get(denied.job_id)
    assert former is not None
    assert (former.state, former.failure) == (State.FAILED, FailureReason.NOT_CONFIRMED)
    assert isinstance(await office.ordering.ask(await office.order(), HERE), AskedBefore)


async def test_a_confirmation_that_stands_after_all_is_no_doubt(
    either_store: SqlJobStore,
) -> None:
    office = Office(Torn(either_store, writes=("AskConfirmed",)))
    asked = await office.ordering.ask(await office.order(), HERE)
    assert isinstance(asked, Asked)
    assert asked.job.state is State.WAITING


async def test_what_may_be_confirmed_is_called_unclear_and_watched(
    either_store: SqlJobStore,
) -> None:
    office = Office(Torn(either_store, writes=("AskConfirmed", "AskConfirmed"), stands=False))
    asked = await office.ordering.ask(await office.order(), HERE)
    assert isinstance(asked, AskUnclear)
    assert office.engine.enqueued == [asked.job.id]
    assert await the_state(either_store, asked.job.id) is State.ASKED


async def test_what_its_asker_cancelled_in_that_very_moment_stays_cancelled(
    store: SqlJobStore,
) -> None:
    office = Office(store)

    class CancelledFirst(FailingStore):
        async def move(self, job: Job, event: lifecycle.Event, at: datetime) -> Job | None:
            assert isinstance(await office.ordering.cancel(job.id, REQUESTER), CancelledForCertain)
            return await super().move(job, event, at)

    busy = Office(CancelledFirst(store, is_away=lambda _call: False))
    asked = await busy.ordering.ask(await busy.order(), HERE)
    assert isinstance(asked, Asked)
    assert asked.job.state is State.CANCELLED


async def test_a_cancel_that_may_stand_wakes_the_watch(store: SqlJobStore) -> None:
    await store.add(a_job(1))
    office = Office(Torn(store, writes=("Cancelled",)))
    assert await office.ordering.cancel("job-1", REQUESTER) == Denied(CancelRefusal.STORE_DOWN)
    assert office.engine.enqueued == ["job-1"]
    assert await the_state(store, "job-1") is State.CANCELLED
