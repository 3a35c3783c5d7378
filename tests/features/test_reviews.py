"""Reviews: of all who decide at once one does, on both databases."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job, State
from bot.domain.lifecycle import Cancelled
from bot.domain.money.policy import OperatorLimits
from bot.domain.ports import StoreUnavailable
from bot.domain.servers import REASON_MAX_CHARS
from bot.features.reviews import Reviewed, ReviewedBefore, ReviewRefusal, Reviews
from bot.features.servers.servers import ServerRows, Servers
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import HERE, a_job
from tests.runner.stand_ins import FailingStore, NotingEngine

MODERATORS = [
    Actor(user_id=number, guild_id=HERE.guild_id, manages_messages=True) for number in range(1, 9)
]
MAUD = MODERATORS[0]


class Office:
    """The reviews of a real database."""

    def __init__(self, store: SqlJobStore, *, away: Sequence[str] = ()) -> None:
        self.store = store
        self.clock = FakeClock()
        self.engine = NotingEngine()
        self.servers = Servers(rows=ServerRows(database=store.database), clock=self.clock)
        self.reviews = Reviews(
            jobs=FailingStore(store, is_away=lambda call: call in away),
            servers=self.servers,
            engine=self.engine,
            limits=OperatorLimits(),
            clock=self.clock,
        )

    async def a_question(self) -> Job:
        job = a_job(state=State.IN_REVIEW)
        await self.store.add(job)
        return job

    async def trail(self) -> list[tuple[str, int]]:
        entries = await self.servers.audit(HERE.guild_id or 0)
        assert entries is not None
        return [(entry.what, entry.by_user_id) for entry in entries]


@pytest.fixture
async def office(database_url: str) -> AsyncGenerator[Office]:
    async with open_store(database_url) as store:
        yield Office(store)


async def test_of_many_who_decide_at_once_one_does_and_all_others_are_told_who(
    office: Office,
) -> None:
    job = await office.a_question()
    decisions = [
        office.reviews.approve(job.id, by)
        if by.user_id % 2
        else office.reviews.decline(job.id, by, "")
        for by in MODERATORS
    ]
    answers = await asyncio.gather(*decisions)
    (decided,) = [answer for answer in answers if isinstance(answer, Reviewed)]
    others = [answer for answer in answers if isinstance(answer, ReviewedBefore)]
    assert len(others) == len(MODERATORS) - 1
    assert {answer.job.reviewed_by for answer in others} == {decided.job.reviewed_by}
    assert office.engine.enqueued == [job.id]
    assert len(await office.trail()) == 1


async def test_an_approved_job_waits_in_line_and_a_declined_one_is_over(office: Office) -> None:
    job = await office.a_question()
    answer = await office.reviews.approve(job.id, MAUD)
    assert isinstance(answer, Reviewed)
    assert answer.job.state is State.WAITING
    assert await office.trail() == [("review_approved", MAUD.user_id)]


async def test_a_reason_is_one_paragraph_of_limited_length(office: Office) -> None:
    job = await office.a_question()
    answer = await office.reviews.decline(job.id, MAUD, " too\n\nloud " + "x" * 500)
    assert isinstance(answer, Reviewed)
    assert answer.job.state is State.FAILED
    reason = answer.job.declined_because or ""
    assert reason.startswith("too loud x")
    assert len(reason) == REASON_MAX_CHARS


async def test_what_was_cancelled_meanwhile_is_not_decided(office: Office) -> None:
    job = await office.a_question()
    await office.store.move(job, Cancelled(), office.clock.now())
    answer = await office.reviews.approve(job.id, MAUD)
    assert isinstance(answer, ReviewedBefore)
    assert answer.job.state is State.CANCELLED
    assert await office.trail() == []


async def test_who_may_not_moderate_decides_nothing(office: Office) -> None:
    job = await office.a_question()
    by = Actor(user_id=5)
    refused = Denied(ReviewRefusal.NOT_A_MODERATOR)
    assert await office.reviews.approve(job.id, by) == refused
    assert await office.reviews.awaiting(job.id, by) == refused


async def test_an_unknown_job_is_no_job(office: Office) -> None:
    assert await office.reviews.approve("0a", MAUD) == Denied(ReviewRefusal.UNKNOWN_JOB)


@pytest.mark.parametrize(("call", "may_stand"), [("get", False), ("ReviewApproved", True)])
async def test_without_the_database_nothing_is_decided(
    office: Office, call: str, *, may_stand: bool
) -> None:
    job = await office.a_question()
    away = Office(office.store, away=[call])
    with pytest.raises(StoreUnavailable):
        await away.reviews.approve(job.id, MAUD)
    # A write that failed may have come through, and then its watch goes on with it.
    assert away.engine.enqueued == [job.id] * may_stand
