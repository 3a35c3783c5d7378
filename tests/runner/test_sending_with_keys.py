"""Jobs that a server's own key pays for: sent with it, with the next one, or not at all."""

import asyncio
import logging
from random import Random

import pytest

from bot.domain.job import Job, State
from bot.domain.money.keys import KeyReplaced, KeyUnusable
from bot.domain.outcomes import FailureReason, SubmitAccepted, SubmitOutcome, SubmitRefused
from bot.runner.cadence import ACCOUNT_PROBE_S
from bot.runner.sending import (
    Attempt,
    HeldBack,
    Moved,
    Overtaken,
    Sender,
    SendResult,
)
from bot.storage import SqlJobStore
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.runner.stand_ins import OneKey, ScriptedProvider, never, no_pictures, open_line

KEY = 7


class Office:
    """One sender, and the keys that it sends with."""

    def __init__(self, store: SqlJobStore, clock: FakeClock, *submits: SubmitOutcome) -> None:
        self.store = store
        self.clock = clock
        self.provider = ScriptedProvider(submits=submits)
        self.keys = OneKey(self.provider)
        self.sender = Sender(
            store=store,
            providers=self.keys,
            line=open_line(store, clock),
            clock=clock,
            random=Random(1),  # noqa: S311 - jitter
            picture_bytes=no_pictures,
        )

    async def asked(self, number: int = 1, *, key_id: int | None = KEY) -> Job:
        now = self.clock.now()
        job = a_job(number).model_copy(
            update={"created_at": now, "state_since": now, "key_id": key_id}
        )
        await self.store.add(job)
        return job

    async def send(self, job: Job) -> SendResult:
        async def quietly(job: Job) -> None:
            del job

        return await self.sender.send(
            job, Attempt(), quietly, wake=asyncio.Event(), is_draining=never
        )


async def test_a_refused_key_fails_its_job_at_once_and_is_reported(
    store: SqlJobStore, clock: FakeClock
) -> None:
    office = Office(store, clock, SubmitRefused(FailureReason.KEY_REFUSED))
    result = await office.send(await office.asked())
    assert isinstance(result, Moved)
    assert (result.job.state, result.job.failure) == (State.FAILED, FailureReason.KEY_REFUSED)
    assert office.keys.invalid == [KEY]


async def test_a_refused_key_of_one_server_stops_neither_another_nor_the_operator(
    store: SqlJobStore, clock: FakeClock
) -> None:
    office = Office(
        store,
        clock,
        SubmitRefused(FailureReason.KEY_REFUSED),
        SubmitAccepted("r-2"),
        SubmitAccepted("r-3"),
    )
    await office.send(await office.asked())
    for number, key_id in ((2, KEY + 1), (3, None)):
        result = await office.send(await office.asked(number, key_id=key_id))
        assert isinstance(result, Moved)
        assert result.job.request_id == f"r-{number}"


async def test_an_empty_account_of_one_server_holds_back_its_jobs_alone(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    office = Office(store, clock, SubmitRefused(FailureReason.NO_BALANCE), SubmitAccepted("r-2"))
    with caplog.at_level(logging.ERROR):
        held = await office.send(await office.asked())
    assert isinstance(held, HeldBack)
    assert held.delay_s == ACCOUNT_PROBE_S
    assert f"refuses the account of server key {KEY} (no_balance)" in caplog.text
    assert office.keys.invalid == []
    assert isinstance(await office.send(await office.asked(2, key_id=None)), Moved)
    assert isinstance(await office.send(await office.asked(3)), HeldBack)
    assert len(office.provider.bought) == 2


async def test_what_waits_is_sent_with_the_key_that_replaced_its_own(
    store: SqlJobStore, clock: FakeClock
) -> None:
    office = Office(store, clock, SubmitAccepted("r-1"))
    office.keys.standings[KEY] = KeyReplaced(KEY + 1)
    result = await office.send(await office.asked())
    assert isinstance(result, Moved)
    assert (result.job.state, result.job.key_id) == (State.WAITING, KEY + 1)
    assert office.provider.bought == []
    sent = await office.send(result.job)
    assert isinstance(sent, Moved)
    assert (sent.job.state, sent.job.key_id) == (State.QUEUED, KEY + 1)


@pytest.mark.parametrize("failure", [FailureReason.KEY_REFUSED, FailureReason.KEY_REMOVED])
async def test_nothing_is_sent_with_a_key_that_is_broken_or_gone(
    store: SqlJobStore, clock: FakeClock, failure: FailureReason
) -> None:
    office = Office(store, clock)
    office.keys.standings[KEY] = KeyUnusable(failure)
    result = await office.send(await office.asked())
    assert isinstance(result, Moved)
    assert (result.job.state, result.job.failure) == (State.FAILED, failure)
    assert office.provider.bought == []


async def test_a_job_that_moved_on_meanwhile_is_read_again(
    store: SqlJobStore, clock: FakeClock
) -> None:
    office = Office(store, clock)
    office.keys.standings[KEY] = KeyUnusable(FailureReason.KEY_REFUSED)
    job = await office.asked()
    await office.send(job)
    assert await office.send(job) == Overtaken()
