"""The paid POST: written down before, sent once, its answer kept whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

import pytest

from bot.domain import lifecycle, outcomes
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from bot.domain.ports import NO_FRAMES, Frames, JobStore
from bot.runner.account_gates import AccountGate
from bot.runner.sending import (
    Announce,
    Attempt,
    Moved,
    Overtaken,
    Sender,
    SendResult,
    attempt_after_restart,
)
from bot.storage import SqlJobStore
from tests.clocks import FakeClock, ShakenClock
from tests.domain.samples import NOON, a_job
from tests.runner.stand_ins import (
    FailingStore,
    OneKey,
    ScriptedProvider,
    never,
    no_pictures,
    open_line,
)

T = TypeVar("T")


async def quietly(job: Job) -> None:
    del job


def a_sender(store: JobStore, provider: ScriptedProvider, clock: FakeClock) -> Sender:
    return Sender(
        store=store,
        providers=OneKey(provider),
        line=open_line(store, clock),
        clock=clock,
        random=Random(1),  # noqa: S311 - jitter
        picture_bytes=no_pictures,
    )


async def sent(sender: Sender, job: Job, announce: Announce = quietly) -> SendResult:
    """The first try of a job."""
    return await sender.send(job, Attempt(), announce, wake=asyncio.Event(), is_draining=never)


async def added(store: SqlJobStore, clock: FakeClock, number: int = 1) -> Job:
    now = clock.now()
    job = a_job(number).model_copy(update={"created_at": now, "state_since": now})
    await store.add(job)
    return job


async def through_time(clock: FakeClock, work: Awaitable[T]) -> T:
    """Let the work sleep as long as it likes."""
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.sleep(0.001)
        if (due := clock.next_due()) is not None:
            clock.move_to(due)
    return task.result()


async def test_the_row_stands_before_the_post_leaves(store: SqlJobStore, clock: FakeClock) -> None:
    job = await added(store, clock)
    seen: list[State] = []

    class Looking(ScriptedProvider):
        async def submit(
            self, request: GenerationRequest, frames: Frames = NO_FRAMES
        ) -> outcomes.SubmitOutcome:
            row = await store.get(job.id)
            assert row is not None
            seen.append(row.state)
            return await super().submit(request, frames)

    provider = Looking(submits=[outcomes.SubmitAccepted("r-1")])
    result = await sent(a_sender(store, provider, clock), job)
    assert seen == [State.SUBMITTING]
    assert isinstance(result, Moved)
    assert (result.job.state, result.job.request_id) == (State.QUEUED, "r-1")


async def test_of_two_senders_one_buys(store: SqlJobStore, clock: FakeClock) -> None:
    job = await added(store, clock)
    provider = ScriptedProvider(
        submits=[outcomes.SubmitAccepted("r-1"), outcomes.SubmitAccepted("r-2")]
    )
    results = await asyncio.gather(*(sent(a_sender(store, provider, clock), job) for _ in range(5)))
    assert len(provider.bought) == 1
    assert sum(isinstance(result, Overtaken) for result in results) == 4


async def test_an_answer_outlives_a_database_that_is_away(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = await added(store, clock)
    failures = iter([True] * 5)
    away = FailingStore(store, is_away=lambda call: call == "Accepted" and next(failures, False))
    provider = ScriptedProvider(submits=[outcomes.SubmitAccepted("r-1")])
    result = await through_time(clock, sent(a_sender(away, provider, clock), job))
    assert isinstance(result, Moved)
    assert result.job.request_id == "r-1"
    assert len(provider.bought) == 1
    # Should the process die now, the log has the id of what was paid for.
    assert sum("r-1" in entry.getMessage() for entry in caplog.records) == 5


async def test_a_database_that_is_away_before_the_post_buys_nothing(
    store: SqlJobStore, clock: FakeClock
) -> None:
    job = await added(store, clock)
    away = FailingStore(store, is_away=lambda call: call == "SendingBegan")
    provider = ScriptedProvider(submits=[outcomes.SubmitAccepted("r-1")])
    with pytest.raises(Exception, match="the database is away"):
        await sent(a_sender(away, provider, clock), job)
    assert provider.bought == []


async def test_a_late_answer_rescues_a_job_that_was_given_up(
    store: SqlJobStore, clock: FakeClock
) -> None:
    """A process that was frozen in mid-POST wakes after another one called the job unsure."""
    job = await added(store, clock)

    class Frozen(ScriptedProvider):
        async def submit(
            self, request: GenerationRequest, frames: Frames = NO_FRAMES
        ) -> outcomes.SubmitOutcome:
            row = await store.get(job.id)
            assert row is not None
            assert await store.move(row, lifecycle.OutcomeLost(), clock.now()) is not None
            return await super().submit(request, frames)

    provider = Frozen(submits=[outcomes.SubmitAccepted("r-1")])
    result = await sent(a_sender(store, provider, clock), job)
    assert isinstance(result, Moved)
    assert (result.job.state, result.job.request_id) == (State.QUEUED, "r-1")


async def test_a_cancelled_sender_still_writes_the_answer(
    store: SqlJobStore, clock: FakeClock
) -> None:
    job = await added(store, clock)
    writing, may_write = asyncio.Event(), asyncio.Event()

    class Slow(FailingStore):
        async def move(self, job: Job, event: lifecycle.Event, at: datetime) -> Job | None:
            if isinstance(event, lifecycle.Accepted):
                writing.set()
                await may_write.wait()
            return await super().move(job, event, at)

    slow = Slow(store, is_away=lambda _call: False)
    provider = ScriptedProvider(submits=[outcomes.SubmitAccepted("r-1")])
    sending = asyncio.create_task(sent(a_sender(slow, provider, clock), job))
    await writing.wait()
    sending.cancel()
    may_write.set()
    with pytest.raises(asyncio.CancelledError):
        await sending
    row = await store.get(job.id)
    assert row is not None
    assert row.request_id == "r-1"


async def test_a_card_that_cannot_be_drawn_costs_no_answer(
    store: SqlJobStore, clock: FakeClock
) -> None:
    job = await added(store, clock)

    async def broken(job: Job) -> None:
        raise RuntimeError(f"cannot draw {job.id}")

    provider = ScriptedProvider(submits=[outcomes.SubmitAccepted("r-1")])
    with pytest.raises(RuntimeError, match="cannot draw"):
        await sent(a_sender(store, provider, clock), job, broken)
    row = await store.get(job.id)
    assert row is not None
    assert (row.state, row.request_id) == (State.QUEUED, "r-1")


async def test_the_gate_lets_one_probe_a_minute_through(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    gate = AccountGate(clock=clock)
    assert gate.wait_s() == 0
    assert gate.wait_s() == 0
    gate.close(FailureReason.NO_BALANCE)
    gate.close(FailureReason.NO_BALANCE)
    assert gate.trouble is FailureReason.NO_BALANCE
    assert gate.wait_s() == 60
    await through_time(clock, clock.sleep(60))
    assert gate.wait_s() == 0
    assert gate.wait_s() == 60
    gate.open()
    assert gate.trouble is None
    assert gate.wait_s() == 0
    assert len([entry for entry in caplog.records if entry.levelno == logging.ERROR]) == 1


def test_a_clock_that_is_set_back_keeps_the_gate_shut_for_no_longer() -> None:
    shaken = ShakenClock()
    gate = AccountGate(clock=shaken)
    gate.close(FailureReason.NO_BALANCE)
    shaken.back = timedelta(hours=1)
    assert gate.wait_s() == 0
    assert gate.wait_s() == 60
    shaken.pass_time(60)
    assert gate.wait_s() == 0


def test_a_restart_goes_on_with_what_the_card_promises_and_a_long_absence_begins_anew() -> None:
    held = a_job().model_copy(update={"held_since": NOON, "held_until": NOON})
    a_moment = timedelta(seconds=1)
    assert attempt_after_restart(held, NOON - a_moment).held_since == NOON
    assert attempt_after_restart(held, NOON + timedelta(seconds=59)).held_since == NOON
    assert attempt_after_restart(held, NOON + timedelta(seconds=60)) == Attempt()
    assert attempt_after_restart(a_job(), NOON) == Attempt()
