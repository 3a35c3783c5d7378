"""The operator's decisions: checked where that is free, carried out once, written to a trail."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.domain.denied import Denied
from bot.domain.job import Job, JobId, State
from bot.domain.lifecycle import EndTold, OutcomeLost, SendingBegan
from bot.domain.money.ledger import Reservation
from bot.domain.money.policy import OperatorLimits
from bot.domain.outcomes import Gone, Sighting, StillQueued, Unanswered, Unclear
from bot.domain.ports import JobStore, StoreUnavailable
from bot.domain.servers import EVERYWHERE
from bot.features.drain import Drain
from bot.features.operations import Operations, ServerLine
from bot.features.servers.server_keys import KeyRows
from bot.features.servers.servers import ServerRows, Servers
from bot.features.spending import Spending
from bot.features.unsure_jobs import ResolveAnswer, ResolveRefusal, UnsureJobs
from bot.storage import SqlJobStore, default_database_url, open_store
from bot.storage.tables.jobs import server_settings
from tests.clocks import FakeClock
from tests.domain.samples import HERE, a_job
from tests.runner.stand_ins import FailingStore, OneKey, ScriptedProvider

BOSS = 11
SERVER = HERE.guild_id or 0


class Office:
    """The use cases over a real database; RunComfy answers as it is told."""

    def __init__(self, store: SqlJobStore) -> None:
        self.store = store
        self.clock = FakeClock()
        self.keys_of_all = OneKey(ScriptedProvider())
        self.left: int | None = 12_340_000
        database = store.database
        self.enqueued: list[JobId] = []
        self.keys = KeyRows(database=database)
        self.servers = Servers(rows=ServerRows(database=database), clock=self.clock)
        self.desk = Operations(
            jobs=store,
            database=database,
            servers=self.servers,
            spending=Spending(
                database=database,
                servers=self.servers,
                zone=ZoneInfo("UTC"),
                clock=self.clock,
            ),
            left_on_account=self.left_on_account,
            limits=OperatorLimits(),
            clock=self.clock,
        )
        self.unsure = self.resolving(store)

    def resolving(self, store: JobStore) -> UnsureJobs:
        return UnsureJobs(
            store=store,
            database=self.store.database,
            servers=self.servers,
            clock=self.clock,
            providers=self.keys_of_all,
            enqueue=self.enqueued.append,
        )

    async def left_on_account(self) -> int | None:
        return self.left

    async def added(self, number: int = 1, *, is_unsure: bool = True) -> Job:
        now = self.clock.now()
        job = a_job(number).model_copy(update={"created_at": now, "state_since": now})
        await self.store.add(job, Reservation())
        events = (SendingBegan(), OutcomeLost()) if is_unsure else (SendingBegan(),)
        for event in events:
            moved = await self.store.move(job, event, now)
            assert moved is not None
            job = moved
        return job

    async def state_of(self, job: Job) -> State:
        row = await self.store.get(job.id)
        assert row is not None
        return row.state


@pytest.fixture
async def office(tmp_path: Path) -> AsyncGenerator[Office]:
    async with open_store(default_database_url(tmp_path)) as store:
        yield Office(store)


async def bound(office: Office, job: Job, request_id: str, *sightings: Sighting) -> ResolveAnswer:
    """Bind it while RunComfy sees it like this."""
    office.keys_of_all.provider = ScriptedProvider(sightings=sightings)
    return await office.unsure.bind(job.id, request_id, by_user_id=BOSS)


async def test_what_the_service_knows_is_bound_with_a_trail(office: Office) -> None:
    job = await office.added()
    assert isinstance(await bound(office, job, "  r-1 \n", StillQueued(3)), Job)
    row = await office.store.get(job.id)
    assert row is not None
    assert (row.state, row.request_id) == (State.QUEUED, "r-1")
    trail = await office.servers.audit(SERVER)
    assert trail is not None
    assert [(entry.what, entry.by_user_id, entry.after) for entry in trail] == [
        ("job_bound", BOSS, '"job-1"')
    ]
    assert await office.servers.audit(EVERYWHERE) == trail


@pytest.mark.parametrize(
    ("sighting", "why"),
    [
        (Gone(), ResolveRefusal.NOT_THERE),
        (Unanswered("HTTP 503"), ResolveRefusal.SILENT),
        (Unclear("an unreadable answer"), ResolveRefusal.SILENT),
    ],
)
async def test_what_the_service_does_not_confirm_is_not_bound(
    office: Office, sighting: Sighting, why: ResolveRefusal
) -> None:
    job = await office.added()
    assert await bound(office, job, "r-1", sighting) == Denied(why)
    assert await office.state_of(job) is State.UNSURE
    assert await office.servers.audit(SERVER) == []


@pytest.mark.parametrize("typed", ["", "   ", "two words", "ключ", "r" * 201, "r\n1"])
async def test_what_is_no_request_id_is_not_even_asked_for(office: Office, typed: str) -> None:
    job = await office.added()
    assert await bound(office, job, typed) == Denied(ResolveRefusal.MALFORMED)


async def test_a_request_belongs_to_one_job(office: Office) -> None:
    first, second = await office.added(1), await office.added(2)
    assert isinstance(await bound(office, first, "r-1", StillQueued()), Job)
    assert await bound(office, second, "r-1", StillQueued()) == Denied(ResolveRefusal.TAKEN)


async def test_of_two_jobs_that_are_bound_to_one_request_at_once_one_is(office: Office) -> None:
    jobs = [await office.added(1), await office.added(2)]
    office.keys_of_all.provider = ScriptedProvider(sightings=(StillQueued(), StillQueued()))
    outcomes = await asyncio.gather(
        *(office.unsure.bind(job.id, "r-1", by_user_id=BOSS) for job in jobs)
    )
    assert sum(isinstance(outcome, Job) for outcome in outcomes) == 1
    assert Denied(ResolveRefusal.TAKEN) in outcomes


async def test_a_decision_fits_still_when_the_card_was_edited_meanwhile(office: Office) -> None:
    job = await office.added()

    class ToldMeanwhile(FailingStore):
        async def get(self, job_id: JobId) -> Job | None:
            read = await super().get(job_id)
            if read is not None and not read.told:
                await office.store.move(read, EndTold(), office.clock.now())
            return read

    store = ToldMeanwhile(office.store, is_away=lambda _: False)
    office.keys_of_all.provider = ScriptedProvider(sightings=[StillQueued()])
    outcome = await office.resolving(store).bind(job.id, "r-1", by_user_id=BOSS)
    assert isinstance(outcome, Job)


async def test_a_job_is_resolved_once(office: Office) -> None:
    job = await office.added()
    assert isinstance(await office.unsure.write_off(job.id, by_user_id=BOSS), Job)
    assert await office.state_of(job) is State.FAILED
    assert await office.unsure.write_off(job.id, by_user_id=BOSS) == Denied(
        ResolveRefusal.NOT_UNSURE
    )
    assert await bound(office, job, "r-1", StillQueued()) == Denied(ResolveRefusal.NOT_UNSURE)
    assert await office.unsure.write_off("no-such-job", by_user_id=BOSS) == Denied(
        ResolveRefusal.UNKNOWN_JOB
    )
    unknown = await office.unsure.bind("no-such-job", "r-1", by_user_id=BOSS)
    assert unknown == Denied(ResolveRefusal.UNKNOWN_JOB)


async def test_a_job_that_is_resolved_is_watched_at_once(office: Office) -> None:
    first, second = await office.added(1), await office.added(2)
    assert [job.id for job in await office.unsure.all()] == [first.id, second.id]
    await bound(office, first, "r-1", StillQueued())
    await office.unsure.write_off(second.id, by_user_id=BOSS)
    assert office.enqueued == [first.id, second.id]
    assert await office.unsure.all() == []


async def test_what_waits_for_a_person_is_what_is_unsure(office: Office) -> None:
    for number, state in enumerate(State):
        await office.store.add(a_job(number, state=state))
    assert [job.state for job in await office.unsure.all()] == [State.UNSURE]


async def test_a_drain_counts_what_is_under_way_until_it_is_resumed(office: Office) -> None:
    await office.added(is_unsure=False)
    assert (await office.desk.overview()).drain is None
    assert await office.desk.drain(by_user_id=BOSS) == Drain(1)
    overview = await office.desk.overview()
    assert overview.drain == Drain(1)
    assert not Drain(1).is_safe_to_stop
    assert Drain(0).is_safe_to_stop
    assert overview.balance_microusd == 12_340_000
    await office.desk.resume(by_user_id=BOSS)
    assert (await office.desk.overview()).drain is None


async def test_every_decision_about_everything_stands_in_one_trail(office: Office) -> None:
    await office.desk.pause("counting", by_user_id=BOSS)
    assert (await office.desk.overview()).paused_because == "counting"
    await office.desk.resume(by_user_id=BOSS)
    await office.desk.block(SERVER, by_user_id=BOSS)
    everywhere, there = await office.servers.audit(EVERYWHERE), await office.servers.audit(SERVER)
    assert everywhere is not None
    assert there is not None
    assert [(entry.what, entry.guild_id) for entry in everywhere] == [
        ("blocked_by_operator", SERVER),
        ("paused_because", EVERYWHERE),
        ("paused_because", EVERYWHERE),
    ]
    assert [entry.what for entry in there] == ["blocked_by_operator"]


async def test_servers_are_listed_for_what_they_do_have_or_may_not(office: Office) -> None:
    assert await office.desk.servers() == []
    await office.added(is_unsure=False)
    await office.keys.replace(
        5, encrypted="sealed", tail="aaaa", by_user_id=BOSS, at=office.clock.now()
    )
    await office.desk.block(6, by_user_id=BOSS)
    await office.servers.change(7, {"spoiler": True}, by_user_id=BOSS)
    lines = {line.guild_id: line for line in await office.desk.servers()}
    assert set(lines) == {SERVER, 5, 6}
    assert lines[SERVER].under_way == 1
    assert lines[5] == ServerLine(5, has_key=True)
    assert lines[6] == ServerLine(6, is_blocked=True)
    await office.desk.unblock(6, by_user_id=BOSS)
    assert 6 not in {line.guild_id for line in await office.desk.servers()}


async def test_what_cannot_be_written_is_not_said_to_be_done(office: Office) -> None:
    await office.store.close()
    for deciding in (
        office.desk.pause("counting", by_user_id=BOSS),
        office.desk.resume(by_user_id=BOSS),
        office.desk.block(SERVER, by_user_id=BOSS),
        office.desk.unblock(SERVER, by_user_id=BOSS),
    ):
        with pytest.raises(StoreUnavailable):
            await deciding


async def test_decisions_that_cannot_be_read_are_shown_and_ended_like_a_pause(
    office: Office,
) -> None:
    for guild_id in (SERVER, EVERYWHERE):
        await office.servers.change(guild_id, {"spoiler": True}, by_user_id=BOSS)
    await office.store.database.write(update(server_settings).values(settings="{"))
    await office.servers.load()
    assert (await office.desk.overview()).is_unread
    assert set(office.servers.unread()) == {SERVER}
    (line,) = await office.desk.servers()
    assert (line.guild_id, line.is_blocked, line.is_paused) == (SERVER, True, True)
    await office.desk.resume(by_user_id=BOSS)
    assert not (await office.desk.overview()).is_unread
    await office.desk.unblock(SERVER, by_user_id=BOSS)
    (line,) = await office.desk.servers()
    assert (line.is_blocked, line.is_paused) == (False, True)
