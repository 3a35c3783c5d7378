"""What provably was not sent is not unsure: who knows that no POST left takes its mark back."""

import asyncio
import logging
from datetime import datetime, timedelta
from random import Random

import pytest

from bot.domain import lifecycle, outcomes
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import HoldReason, Job, State
from bot.domain.line import Decide
from bot.domain.ports import NO_FRAMES, BeginOutcome, Frames, JobStore, StoreUnavailable
from bot.runner.sending import Attempt, Moved, Overtaken, Sender, SendResult
from bot.storage import SqlJobStore
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.runner.stand_ins import (
    FailingStore,
    OneKey,
    ScriptedProvider,
    never,
    no_pictures,
    open_line,
)


class Bench:
    """A sender over a store that may stumble; it counts what was bought."""

    def __init__(
        self,
        store: JobStore,
        clock: FakeClock,
        answer: outcomes.SubmitOutcome = outcomes.SubmitAccepted("r-1"),  # noqa: B008 - it is frozen
    ) -> None:
        self.provider = ScriptedProvider(submits=[answer])
        self.clock = clock
        self.sender = Sender(
            store=store,
            providers=OneKey(self.provider),
            line=open_line(store, clock),
            clock=clock,
            random=Random(1),  # noqa: S311 - jitter
            picture_bytes=no_pictures,
        )

    async def send(self, job: Job, *, is_draining: bool = False) -> SendResult:
        async def quietly(job: Job) -> None:
            del job

        return await self.sender.send(
            job, Attempt(), quietly, wake=asyncio.Event(), is_draining=lambda: is_draining
        )


async def added(store: SqlJobStore, clock: FakeClock) -> Job:
    now = clock.now()
    job = a_job(1).model_copy(update={"created_at": now, "state_since": now})
    await store.add(job)
    return job


async def the_row(store: SqlJobStore, job: Job) -> Job:
    row = await store.get(job.id)
    assert row is not None
    return row


class BrokenCommit(FailingStore):
    """The commit before the POST stands, or not, and the connection breaks before it is told.

    Afterwards the database is away for some calls.
    """

    def __init__(self, store: JobStore, *, stands: bool, away_for: int = 0) -> None:
        self._calls_left = away_for
        self._stands = stands
        super().__init__(store, is_away=lambda _call: self._still_away())

    def _still_away(self) -> bool:
        self._calls_left -= 1
        return self._calls_left >= 0

    async def begin_sending(self, job: Job, at: datetime, decide: Decide) -> BeginOutcome:
        if self._stands:
            await self._store.begin_sending(job, at, decide)
        raise StoreUnavailable("the connection broke while it committed")


@pytest.mark.parametrize("away_for", [0, 3])
async def test_a_failover_in_the_commit_before_the_post_leaves_it_waiting(
    store: SqlJobStore, clock: FakeClock, away_for: int
) -> None:
    job = await added(store, clock)
    bench = Bench(BrokenCommit(store, stands=True, away_for=away_for), clock)
    sending = asyncio.create_task(bench.send(job))
    while not sending.done():
        await asyncio.sleep(0.001)
        if (due := clock.next_due()) is not None:
            clock.move_to(due)
    result = sending.result()
    assert isinstance(result, Moved)
    assert (result.job.state, result.job.sent_at) == (State.WAITING, None)
    assert bench.provider.bought == []
    # And then it is bought, once.
    assert isinstance(await Bench(store, clock).send(result.job), Moved)
    assert (await the_row(store, job)).state is State.QUEUED


async def test_a_commit_that_did_not_come_through_leaves_it_waiting_as_well(
    store: SqlJobStore, clock: FakeClock
) -> None:
    job = await added(store, clock)
    bench = Bench(BrokenCommit(store, stands=False), clock)
    with pytest.raises(StoreUnavailable):
        await bench.send(job)
    assert (await the_row(store, job)).state is State.WAITING
    assert bench.provider.bought == []


async def test_a_commit_that_comes_late_cannot_stand_any_more(
    store: SqlJobStore, clock: FakeClock
) -> None:
    """What was looked for and not found is made impossible, and not only not seen."""
    job = await added(store, clock)
    with pytest.raises(StoreUnavailable):
        await Bench(BrokenCommit(store, stands=False), clock).send(job)
    assert await store.move(job, lifecycle.SendingBegan(), clock.now()) is None


async def test_what_another_process_is_sending_is_never_taken_back(
    store: SqlJobStore, clock: FakeClock
) -> None:
    job = await added(store, clock)

    class AnotherWasFirst(FailingStore):
        async def begin_sending(self, job: Job, at: datetime, decide: Decide) -> BeginOutcome:
            other = at + timedelta(microseconds=1)
            assert isinstance(await self._store.begin_sending(job, other, decide), Job)
            raise StoreUnavailable("the connection broke")

    bench = Bench(AnotherWasFirst(store, is_away=lambda _call: False), clock)
    assert await bench.send(job) == Overtaken()
    assert (await the_row(store, job)).state is State.SUBMITTING
    assert bench.provider.bought == []


async def test_no_post_begins_while_draining_and_the_job_waits_on(
    store: SqlJobStore, clock: FakeClock
) -> None:
    held = a_job(1).model_copy(
        update={"held_since": clock.now(), "held_because": HoldReason.RATE_LIMITED}
    )
    await store.add(held)
    job = await the_row(store, held)
    bench = Bench(store, clock)
    result = await bench.send(job, is_draining=True)
    assert isinstance(result, Moved)
    assert bench.provider.bought == []
    row = await the_row(store, job)
    assert (row.state, row.sent_at) == (State.WAITING, None)
    assert (row.held_since, row.held_because) == (job.held_since, HoldReason.RATE_LIMITED)


class SlowCommit(FailingStore):
    """Its commit before the POST comes through while whoever asked for it is being ended."""

    def __init__(self, store: JobStore, *, away_afterwards: bool = False) -> None:
        self.committing, self.may_go_on = asyncio.Event(), asyncio.Event()
        super().__init__(store, is_away=lambda _call: away_afterwards)

    async def begin_sending(self, job: Job, at: datetime, decide: Decide) -> BeginOutcome:
        begun = await self._store.begin_sending(job, at, decide)
        self.committing.set()
        await self.may_go_on.wait()
        return begun


async def test_a_stop_between_the_commit_and_the_post_leaves_it_waiting(
    store: SqlJobStore, clock: FakeClock
) -> None:
    job = await added(store, clock)
    slow = SlowCommit(store)
    bench = Bench(slow, clock)
    sending = asyncio.create_task(bench.send(job))
    await slow.committing.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert (await the_row(store, job)).state is State.WAITING
    assert bench.provider.bought == []


async def test_a_stop_in_mid_post_says_which_job_it_cut_off(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = await added(store, clock)
    posting = asyncio.Event()

    class Hanging(ScriptedProvider):
        async def submit(
            self, request: GenerationRequest, frames: Frames = NO_FRAMES
        ) -> outcomes.SubmitOutcome:
            del request, frames
            posting.set()
            await asyncio.Event().wait()
            raise AssertionError("nobody answers")

    bench = Bench(store, clock)
    bench.sender = Sender(
        store=store,
        providers=OneKey(Hanging()),
        line=open_line(store, clock),
        clock=clock,
        random=Random(1),  # noqa: S311 - jitter
        picture_bytes=no_pictures,
    )
    sending = asyncio.create_task(bench.send(job))
    await posting.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    (said,) = [entry for entry in caplog.records if entry.levelno == logging.ERROR]
    assert job.id in said.getMessage()
    assert "You may have paid for it" in said.getMessage()
    # It may have been taken: nobody takes that back.
    assert (await the_row(store, job)).state is State.SUBMITTING


class Meanwhile(ScriptedProvider):
    """While its answer is on the way, others give the job up."""

    def __init__(
        self,
        store: SqlJobStore,
        clock: FakeClock,
        answer: outcomes.SubmitOutcome,
        *events: lifecycle.Event,
    ) -> None:
        super().__init__(submits=[answer])
        self._store = store
        self._clock = clock
        self._events = events

    async def submit(
        self, request: GenerationRequest, frames: Frames = NO_FRAMES
    ) -> outcomes.SubmitOutcome:
        row = await self._store.get("job-1")
        for event in self._events:
            assert row is not None
            row = await self._store.move(row, event, self._clock.now())
        return await super().submit(request, frames)


def answered_late(
    store: SqlJobStore,
    clock: FakeClock,
    answer: outcomes.SubmitOutcome,
    *events: lifecycle.Event,
) -> Sender:
    return Sender(
        store=store,
        providers=OneKey(Meanwhile(store, clock, answer, *events)),
        line=open_line(store, clock),
        clock=clock,
        random=Random(1),  # noqa: S311 - jitter
        picture_bytes=no_pictures,
    )


async def quietly(job: Job) -> None:
    del job


LOST = lifecycle.OutcomeLost()
WRITTEN_OFF = (LOST, lifecycle.WrittenOff())


async def test_what_was_written_off_and_bought_all_the_same_goes_on_and_the_log_says_so(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = await added(store, clock)
    sender = answered_late(store, clock, outcomes.SubmitAccepted("r-1"), *WRITTEN_OFF)
    await sender.send(job, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)
    row = await the_row(store, job)
    assert (row.state, row.request_id, row.failure) == (State.QUEUED, "r-1", None)
    (said,) = [entry for entry in caplog.records if entry.levelno == logging.ERROR]
    assert f"{job.id}: RunComfy accepted it as r-1" in said.getMessage()
    assert "it goes on" in said.getMessage()


async def test_a_paid_request_that_no_row_can_hold_is_in_the_log(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = await added(store, clock)
    bound_to_another = (LOST, lifecycle.Accepted("r-9"))
    sender = answered_late(store, clock, outcomes.SubmitAccepted("r-1"), *bound_to_another)
    result = await sender.send(job, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)
    assert result == Overtaken()
    assert (await the_row(store, job)).request_id == "r-9"
    assert "accepted it as r-1" in caplog.text
    assert "nothing watches that request" in caplog.text


async def test_who_bound_the_same_request_hears_of_no_trouble(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = await added(store, clock)
    bound = (LOST, lifecycle.Accepted("r-1"))
    sender = answered_late(store, clock, outcomes.SubmitAccepted("r-1"), *bound)
    await sender.send(job, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)
    assert not [entry for entry in caplog.records if entry.levelno == logging.ERROR]


@pytest.mark.parametrize(
    "answer",
    [
        outcomes.NotSent(),
        outcomes.RateLimited(3),
        outcomes.SubmitRefused(outcomes.FailureReason.NO_BALANCE),
    ],
)
async def test_a_late_no_ends_the_doubt_uncharged_and_sends_nothing_by_surprise(
    store: SqlJobStore, clock: FakeClock, answer: outcomes.SubmitOutcome
) -> None:
    job = await added(store, clock)
    sender = answered_late(store, clock, answer, LOST)
    result = await sender.send(job, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)
    assert isinstance(result, Moved)
    row = await the_row(store, job)
    assert (row.state, row.failure) == (State.FAILED, outcomes.FailureReason.SERVICE_BUSY)
