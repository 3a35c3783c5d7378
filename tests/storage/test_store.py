"""The contract of the store, held whole by SQLite and by PostgreSQL."""

import asyncio
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import StatementError

from bot.domain.generation.request import Aspect, GenerationRequest
from bot.domain.job import HoldReason, Job, State
from bot.domain.lifecycle import (
    TABLE,
    Accepted,
    Cancelled,
    CardMoved,
    Delivered,
    Event,
    QueueMoved,
    RenderingBegan,
    RenderingSucceeded,
    SendingBegan,
    SendingHeldBack,
    SteppedAside,
    after,
)
from bot.domain.outcomes import FailureReason
from bot.domain.ports import Added, AlreadyThere, JobStore, StoreUnavailable
from bot.storage import SqlJobStore, open_store
from bot.storage.census import newest_jobs
from bot.storage.tables.jobs import job_moves, jobs
from tests.domain.samples import (
    A_VIDEO,
    AN_IMAGE,
    ELSEWHERE,
    HERE,
    LATER,
    NOON,
    ONE_OF_EACH_EVENT,
    a_job,
)
from tests.storage.behind import done, history, seen

LARGEST = 2**63 - 1
NAIVE = datetime(2031, 5, 4, 12)  # noqa: DTZ001 - that is the point


async def added(store: JobStore, job: Job) -> Job:
    assert await store.add(job) == Added()
    return job


async def moved(store: JobStore, job: Job, *happenings: Event) -> Job:
    for event in happenings:
        after_it = await store.move(job, event, LATER)
        assert after_it is not None
        job = after_it
    return job


async def test_a_job_comes_back_exactly_as_it_was_added(store: SqlJobStore) -> None:
    job = Job(
        id="job-with-everything",
        interaction_id=LARGEST,
        requester_id=LARGEST - 1,
        request=GenerationRequest(
            prompt="a red 🪁 over the sea, 'quoted'; -- \\ \x00 \u2028 %s :name",
            negative_prompt="blur",
            duration_s=15,
            aspect=Aspect.PORTRAIT,
            sound=False,
            guidance=0.1 + 0.2,
        ),
        private=True,
        server_id=HERE.guild_id,
        place=HERE,
        estimate_microusd=LARGEST,
        created_at=NOON,
        state=State.RENDERED,
        version=4,
        state_since=LATER,
        sent_at=NOON + timedelta(microseconds=999_999),
        request_id="request-1",
        queue_position=LARGEST,
        media=(A_VIDEO, AN_IMAGE),
        cost_microusd=1,
        failure=FailureReason.CONTENT_REFUSED,
        told=True,
    )
    await added(store, job)

    assert await store.get(job.id) == job


async def test_a_job_with_nothing_optional_comes_back_as_it_was(store: SqlJobStore) -> None:
    job = await added(store, a_job().model_copy(update={"place": ELSEWHERE}))
    assert await store.get(job.id) == job


async def test_an_unknown_job_is_none(store: SqlJobStore) -> None:
    assert await store.get("nobody") is None


async def test_an_instant_is_the_same_in_whatever_zone_it_was_given(store: SqlJobStore) -> None:
    in_nepal = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    job = await added(store, a_job().model_copy(update={"created_at": in_nepal}))

    found = await store.get(job.id)

    assert found is not None
    assert found.created_at == NOON
    assert found.created_at.tzinfo is UTC


async def test_of_two_jobs_of_one_interaction_the_first_stands(
    store: SqlJobStore, other_store: SqlJobStore, database_url: str
) -> None:
    first = await added(store, a_job(prompt="the first"))
    second = a_job(prompt="the second").model_copy(update={"id": "another-id"})

    assert await other_store.add(second) == AlreadyThere(first)
    assert await store.get("another-id") is None
    assert await history(database_url, "another-id") == []


async def test_a_doubled_job_is_told_where_the_first_one_stands_now(store: SqlJobStore) -> None:
    job = await added(store, a_job())
    sending = await moved(store, job, SendingBegan())

    assert await store.add(job) == AlreadyThere(sending)


async def test_of_many_adds_of_one_interaction_at_once_exactly_one_is_added(
    store: SqlJobStore, other_store: SqlJobStore
) -> None:
    rivals = [a_job().model_copy(update={"id": f"rival-{n}"}) for n in range(12)]
    stores = [store, other_store] * 6

    answers = await asyncio.gather(*(s.add(r) for s, r in zip(stores, rivals, strict=True)))

    winners = [r for r, answer in zip(rivals, answers, strict=True) if answer == Added()]
    assert len(winners) == 1
    assert answers.count(AlreadyThere(winners[0])) == len(rivals) - 1
    assert await store.unfinished() == winners


async def test_an_id_that_is_taken_by_another_interaction_is_refused(store: SqlJobStore) -> None:
    job = await added(store, a_job())
    with pytest.raises(StoreUnavailable, match="refused the row"):
        await store.add(job.model_copy(update={"interaction_id": 5}))
    assert await store.get(job.id) == job


async def test_a_move_is_written_as_the_lifecycle_says(store: SqlJobStore) -> None:
    job = await added(store, a_job())

    sending = await store.move(job, SendingBegan(), LATER)

    assert sending == after(job, SendingBegan(), LATER)
    assert await store.get(job.id) == sending


async def test_every_move_of_the_table_can_be_written_and_read(store: SqlJobStore) -> None:
    for number, (state, event_type) in enumerate(TABLE):
        [event] = [event for event in ONE_OF_EACH_EVENT if type(event) is event_type]
        # Of what failed only what a person wrote off goes on.
        failure = FailureReason.WRITTEN_OFF if state is State.FAILED else None
        job = a_job(number, state=state).model_copy(update={"failure": failure})
        await added(store, job)

        written = await store.move(job, event, LATER)

        assert written is not None
        assert written == after(job, event, LATER)
        assert await store.get(job.id) == written


async def test_a_move_that_the_table_forbids_writes_nothing(
    store: SqlJobStore, database_url: str
) -> None:
    job = await added(store, a_job())

    assert await store.move(job, Delivered(), LATER) is None
    assert await store.get(job.id) == job
    assert await history(database_url, job.id) == [(0, "Added", "waiting")]


async def test_who_read_an_older_version_writes_nothing(
    store: SqlJobStore, other_store: SqlJobStore, database_url: str
) -> None:
    read_before = await added(store, a_job())
    sending = await moved(store, read_before, SendingBegan())

    assert await other_store.move(read_before, Cancelled(), LATER) is None
    assert await store.get(sending.id) == sending
    assert len(await history(database_url, sending.id)) == 2


async def test_the_version_decides_even_when_the_state_is_still_the_same(
    store: SqlJobStore, database_url: str
) -> None:
    read_before = await added(store, a_job(state=State.QUEUED))
    second_in_line = await moved(store, read_before, QueueMoved(2))

    assert await store.move(read_before, QueueMoved(9), LATER) is None
    assert await store.get(read_before.id) == second_in_line
    assert len(await history(database_url, read_before.id)) == 2


async def test_the_state_is_compared_as_well_as_the_version(store: SqlJobStore) -> None:
    job = await added(store, a_job())
    mistaken = job.model_copy(update={"state": State.QUEUED})

    assert await store.move(mistaken, RenderingBegan(), LATER) is None
    assert await store.get(job.id) == job


async def test_a_job_that_was_never_added_cannot_move(
    store: SqlJobStore, database_url: str
) -> None:
    assert await store.move(a_job(), SendingBegan(), LATER) is None
    assert await store.get(a_job().id) is None
    assert await history(database_url, a_job().id) == []


async def test_of_fifty_moves_of_one_job_at_once_exactly_one_wins(
    store: SqlJobStore, other_store: SqlJobStore, database_url: str
) -> None:
    job = await added(store, a_job())
    happenings: list[Event] = [SendingBegan(), Cancelled()] * 25
    stores = [store, store, other_store, other_store] * 12 + [store, other_store]

    answers = await asyncio.gather(
        *(s.move(job, event, LATER) for s, event in zip(stores, happenings, strict=True))
    )

    [winner] = [answer for answer in answers if answer is not None]
    assert await store.get(job.id) == winner
    assert len(await history(database_url, job.id)) == 2


async def test_moves_of_different_jobs_at_once_all_win(
    store: SqlJobStore, other_store: SqlJobStore
) -> None:
    crowd = [await added(store, a_job(n)) for n in range(20)]
    stores = [store, other_store] * 10

    answers = await asyncio.gather(
        *(s.move(job, SendingBegan(), LATER) for s, job in zip(stores, crowd, strict=True))
    )

    assert [answer.id for answer in answers if answer] == [job.id for job in crowd]


async def test_the_unfinished_jobs_are_those_that_need_work_oldest_first(
    store: SqlJobStore,
) -> None:
    everybody = [
        a_job(number, state=state, told=told)
        for number, (state, told) in enumerate((s, t) for s in State for t in (False, True))
    ]
    for job in reversed(everybody):
        await added(store, job)

    unfinished = await store.unfinished()

    assert unfinished == [job for job in everybody if job.needs_work]
    assert 0 < len(unfinished) < len(everybody)


async def test_what_is_rendered_for_somebody_is_theirs_alone_oldest_first(
    store: SqlJobStore,
) -> None:
    mine = [a_job(n, state=State.RENDERED) for n in range(3)]
    somebody_elses = a_job(3, state=State.RENDERED).model_copy(update={"requester_id": 78})
    others = [a_job(4 + n, state=s) for n, s in enumerate(State) if s is not State.RENDERED]
    for job in [*reversed(mine), somebody_elses, *others]:
        await added(store, job)

    assert await store.rendered_for(77) == mine
    assert await store.rendered_for(78) == [somebody_elses]
    assert await store.rendered_for(79) == []


async def test_of_two_jobs_that_are_bound_to_one_request_at_once_one_is(
    store: SqlJobStore, other_store: SqlJobStore
) -> None:
    first, second = [await added(store, a_job(n, state=State.UNSURE)) for n in (1, 2)]
    outcomes = await asyncio.gather(
        store.bind(first, "r-1", NOON), other_store.bind(second, "r-1", NOON)
    )
    (bound,) = [job for job in outcomes if job is not None]
    assert (bound.state, bound.request_id) == (State.QUEUED, "r-1")
    (left,) = await newest_jobs(store.database, states={State.UNSURE}, limit=9)
    assert await store.bind(left, "r-1", NOON) is None
    assert await store.bind(left, "r-2", NOON) == await store.get(left.id)
    assert await newest_jobs(store.database, states={State.UNSURE}, limit=9) == []


async def test_what_the_service_says_of_a_job_is_written_whatever_somebody_bound_by_mistake(
    store: SqlJobStore,
) -> None:
    mistaken = await added(store, a_job(1, state=State.UNSURE))
    paid = await added(store, a_job(2, state=State.SUBMITTING))
    await store.bind(mistaken, "r-2", NOON)
    assert await store.move(paid, Accepted("r-2"), NOON) == await store.get(paid.id)


async def test_jobs_of_the_same_instant_keep_one_order(store: SqlJobStore) -> None:
    for number in (3, 1, 2):
        await added(store, a_job(number).model_copy(update={"created_at": NOON}))
    assert [job.id for job in await store.unfinished()] == ["job-1", "job-2", "job-3"]
    assert sorted(await store.unfinished_ids()) == ["job-1", "job-2", "job-3"]


async def test_the_history_tells_every_move_in_order(store: SqlJobStore, database_url: str) -> None:
    job = await added(store, a_job())
    await moved(
        store,
        job,
        SendingBegan(),
        SendingHeldBack(),
        SendingBegan(),
        Accepted("request-1"),
        QueueMoved(2),
        CardMoved(ELSEWHERE),
        RenderingSucceeded((A_VIDEO,), 5),
        Delivered(),
    )

    assert await history(database_url, job.id) == [
        (0, "Added", "waiting"),
        (1, "SendingBegan", "submitting"),
        (2, "SendingHeldBack", "waiting"),
        (3, "SendingBegan", "submitting"),
        (4, "Accepted", "queued"),
        (5, "QueueMoved", "queued"),
        (6, "CardMoved", "queued"),
        (7, "RenderingSucceeded", "rendered"),
        (8, "Delivered", "delivered"),
    ]


async def test_the_history_says_when(store: SqlJobStore, database_url: str) -> None:
    job = await added(store, a_job())
    await moved(store, job, SendingBegan())

    rows = await seen(database_url, select(job_moves.c.at).order_by(job_moves.c.version))

    assert [row["at"] for row in rows] == [job.created_at, LATER]


async def test_an_instant_without_a_zone_is_refused_and_nothing_is_written(
    store: SqlJobStore, database_url: str
) -> None:
    job = await added(store, a_job(1))

    with pytest.raises(StatementError, match="naive datetime is no instant"):
        await store.add(a_job(2).model_copy(update={"created_at": NAIVE}))
    with pytest.raises(StatementError, match="naive datetime is no instant"):
        await store.move(job, SendingBegan(), NAIVE)
    with pytest.raises(StatementError, match="naive datetime is no instant"):
        await store.move(job, CardMoved(ELSEWHERE), NAIVE)

    assert await store.unfinished() == [job]
    assert len(await seen(database_url, select(job_moves))) == 1


async def test_everything_is_still_there_for_the_next_process(database_url: str) -> None:
    async with open_store(database_url) as store:
        job = await added(store, a_job())
        sending = await moved(store, job, SendingBegan())
    async with open_store(database_url) as store:
        assert await store.unfinished() == [sending]


async def test_a_row_that_nobody_can_read_is_said_to_be_so_and_not_quoted(
    store: SqlJobStore, database_url: str
) -> None:
    job = await added(store, a_job(prompt="canary-prompt"))
    asked = json.loads(job.request.model_dump_json())
    for damage in ("canary-prompt", json.dumps(asked | {"duration_s": 400})):
        await done(database_url, update(jobs).values(request=damage))
        with pytest.raises(StoreUnavailable, match="job job-1 can't be read") as refusal:
            await store.get(job.id)
        assert "canary-prompt" not in str(refusal.value)


async def test_a_row_holds_the_request_as_text_that_any_tool_can_read(
    store: SqlJobStore, database_url: str
) -> None:
    await added(store, a_job(prompt="a red kite"))

    [row] = await seen(database_url, select(jobs.c.request, jobs.c.media, jobs.c.state))

    assert json.loads(row["request"])["prompt"] == "a red kite"
    assert (json.loads(row["media"]), row["state"]) == ([], "waiting")


async def test_what_holds_jobs_back_is_known_to_every_process_by_the_key_that_pays(
    store: SqlJobStore, other_store: SqlJobStore
) -> None:
    own_key = a_job(2).model_copy(update={"key_id": 9})
    await store.add(a_job(1))
    await store.add(own_key)
    held = SteppedAside(LATER, NOON, HoldReason.NO_BALANCE)
    assert await store.move(a_job(1), held, NOON) is not None
    moment = timedelta(microseconds=1)
    assert await other_store.held_now(None, LATER - moment) is HoldReason.NO_BALANCE
    assert await other_store.held_now(9, LATER - moment) is None
    assert await other_store.held_now(None, LATER) is None
    busy = SteppedAside(LATER, NOON, HoldReason.RATE_LIMITED)
    assert await store.move(own_key, busy, NOON) is not None
    assert await other_store.held_now(9, LATER - moment) is HoldReason.RATE_LIMITED
    assert await other_store.held_now(None, LATER - moment) is HoldReason.NO_BALANCE
