"""Reports: said to the moderators first, then written down, once and not in a flood."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job, JobId
from bot.domain.ports import NotPresented, Presented, PresentOutcome, StoreUnavailable, Trouble
from bot.features.reports import (
    REPORT_GAP,
    REPORT_REASON_MAX_CHARS,
    PassedOn,
    Report,
    ReportRefusal,
    Reports,
)
from bot.features.servers.servers import ServerRows, Servers
from bot.storage import SqlJobStore, open_store
from bot.storage.tables.jobs import reports
from tests.clocks import FakeClock
from tests.domain.samples import HERE, NOON, a_job
from tests.runner.stand_ins import FailingStore

BOB = Actor(user_id=5, guild_id=HERE.guild_id)


class NotingRoom:
    """Notes what is passed on, and answers as told."""

    def __init__(self) -> None:
        self.passed_on: list[Report] = []
        self.answer: PresentOutcome = Presented()

    async def pass_on(self, report: Report) -> PresentOutcome:
        self.passed_on.append(report)
        return self.answer


class Office:
    """One process's reports over a real database."""

    def __init__(
        self,
        store: SqlJobStore,
        *,
        away: Sequence[str] = (),
        room: NotingRoom | None = None,
        clock: FakeClock | None = None,
    ) -> None:
        self.store = store
        self.clock = clock or FakeClock()
        self.shown_as = set[tuple[JobId, int]]()
        self.room = room or NotingRoom()
        self.servers = Servers(rows=ServerRows(database=store.database), clock=self.clock)
        self.reports = Reports(
            database=store.database,
            jobs=FailingStore(store, is_away=lambda call: call in away),
            pass_on=self.room.pass_on,
            servers=self.servers,
            is_shown_as=self.is_shown_as,
            clock=self.clock,
        )

    async def is_shown_as(self, job_id: JobId, message_id: int) -> bool:
        return (job_id, message_id) in self.shown_as

    async def a_video(self, number: int = 1) -> Job:
        job = a_job(number)
        await self.store.add(job)
        return job

    async def decide(self, changes: Mapping[str, Any]) -> None:
        assert await self.servers.change(HERE.guild_id or 0, changes, by_user_id=1)

    async def report(
        self, job: Job, asker: Actor = BOB, because: str = ""
    ) -> PassedOn | Denied[ReportRefusal]:
        message_id = job.place.message_id
        return await self.reports.report(job.id, message_id, asker, because=because)


async def wrote(store: SqlJobStore, job: Job, *, at: datetime) -> None:
    row = {"job_id": job.id, "by_user_id": BOB.user_id, "at": at}
    await store.database.write(insert(reports).values(row))


@pytest.fixture
async def office(sqlite_url: str) -> AsyncGenerator[Office]:
    async with open_store(sqlite_url) as store:
        made = Office(store)
        await made.decide({"log_channel_id": 9})
        yield made


async def test_a_report_is_passed_on_with_its_reason_within_limits(office: Office) -> None:
    job = await office.a_video()
    assert await office.report(job, because="  " + "x" * 900) == PassedOn()
    (report,) = office.room.passed_on
    assert (report.job, report.by_user_id) == (job, BOB.user_id)
    assert report.because == "x" * REPORT_REASON_MAX_CHARS


async def test_the_same_person_reports_the_same_video_once(office: Office) -> None:
    job = await office.a_video()
    await office.report(job)
    office.clock.move_to(office.clock.now() + timedelta(days=9))
    assert await office.report(job) == Denied(ReportRefusal.ALREADY)
    assert await office.report(job, replace(BOB, user_id=6)) == PassedOn()


async def test_between_two_reports_of_a_person_is_a_pause(office: Office) -> None:
    first, second = await office.a_video(1), await office.a_video(2)
    await office.report(first)
    assert await office.report(second) == Denied(ReportRefusal.TOO_SOON)
    office.clock.move_to(office.clock.now() + REPORT_GAP)
    assert await office.report(second) == PassedOn()


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (Trouble.PASSING, ReportRefusal.NOT_NOW),
        (Trouble.PLACE_CLOSED, ReportRefusal.CLOSED),
        (Trouble.REFUSED, ReportRefusal.CLOSED),
    ],
)
async def test_what_was_not_passed_on_may_be_reported_again(
    office: Office, trouble: Trouble, why: ReportRefusal
) -> None:
    job = await office.a_video()
    office.room.answer = NotPresented(trouble)
    assert await office.report(job) == Denied(why)
    office.room.answer = Presented()
    assert await office.report(job) == PassedOn()


@pytest.mark.parametrize(
    "asker",
    [replace(BOB, is_bot=True), replace(BOB, is_pending=True), replace(BOB, user_id=13)],
)
async def test_who_may_not_ask_may_not_report(office: Office, asker: Actor) -> None:
    await office.decide({"blocked_user_ids": (13,)})
    job = await office.a_video()
    assert await office.report(job, asker) == Denied(ReportRefusal.NOT_ALLOWED)
    assert office.room.passed_on == []


async def test_there_is_nobody_to_tell_in_direct_messages_or_without_a_channel(
    office: Office,
) -> None:
    job = await office.a_video()
    alone = await office.report(job, replace(BOB, guild_id=None))
    assert alone == Denied(ReportRefusal.NOT_IN_A_SERVER)
    await office.decide({"log_channel_id": None})
    assert await office.report(job) == Denied(ReportRefusal.NO_LOG_CHANNEL)


async def test_a_video_of_another_server_or_message_is_none_of_theirs(office: Office) -> None:
    job = await office.a_video()
    assert await office.reports.report(job.id, 1, BOB, because="") == Denied(ReportRefusal.NOT_MINE)
    elsewhere = replace(BOB, guild_id=(HERE.guild_id or 0) + 1)
    await office.servers.change(elsewhere.guild_id or 0, {"log_channel_id": 9}, by_user_id=1)
    assert await office.report(job, elsewhere) == Denied(ReportRefusal.NOT_MINE)
    assert await office.report(a_job(7)) == Denied(ReportRefusal.NOT_MINE)


async def test_without_the_database_nothing_is_passed_on(office: Office) -> None:
    job = await office.a_video()
    away = Office(office.store, away=["get"])
    await away.servers.load()
    with pytest.raises(StoreUnavailable):
        await away.report(job)
    assert away.room.passed_on == []


class SlowRoom(NotingRoom):
    """Takes a while, as Discord does."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def pass_on(self, report: Report) -> PresentOutcome:
        self.is_asked.set()
        await self.may_go_on.wait()
        return await super().pass_on(report)


async def test_of_two_modals_that_are_submitted_at_once_one_is_passed_on(
    office: Office,
) -> None:
    job = await office.a_video()
    room = SlowRoom()
    slow = Office(office.store, room=room)
    both = [asyncio.ensure_future(slow.report(job, because=why)) for why in ("first", "second")]
    somebody_else = asyncio.ensure_future(slow.report(job, replace(BOB, user_id=6)))
    room.may_go_on.set()
    assert await asyncio.gather(*both) == [PassedOn(), Denied(ReportRefusal.ALREADY)]
    assert await somebody_else == PassedOn()
    assert len(room.passed_on) == 2


async def test_a_report_of_a_clock_that_was_ahead_keeps_nobody_from_reporting(
    office: Office,
) -> None:
    first, second = await office.a_video(1), await office.a_video(2)
    await wrote(office.store, first, at=NOON + timedelta(days=9_999))
    assert await office.report(second) == PassedOn()


async def test_a_report_of_no_readable_time_keeps_nobody_from_reporting(office: Office) -> None:
    first, second = await office.a_video(1), await office.a_video(2)
    await wrote(office.store, first, at=NOON)
    assert await office.store.database.write(text("UPDATE reports SET at = 'earlier'"))
    assert await office.report(second) == PassedOn()


@pytest.fixture
async def stores(database_url: str) -> AsyncGenerator[tuple[SqlJobStore, SqlJobStore]]:
    """Those of two processes over one database."""
    async with open_store(database_url) as one, open_store(database_url) as other:
        await Office(one).decide({"log_channel_id": 9})
        yield one, other


async def test_who_reported_what_is_known_to_another_process(
    stores: tuple[SqlJobStore, SqlJobStore],
) -> None:
    clock = FakeClock()
    here, there = (Office(store, clock=clock) for store in stores)
    job, another = await here.a_video(1), await here.a_video(2)
    assert await here.report(job) == PassedOn()
    assert await there.report(job) == Denied(ReportRefusal.ALREADY)
    assert await there.report(another) == Denied(ReportRefusal.TOO_SOON)
    assert await there.report(job, replace(BOB, user_id=6)) == PassedOn()


async def test_of_two_reports_at_once_in_two_processes_the_first_is_written_down(
    stores: tuple[SqlJobStore, SqlJobStore], caplog: pytest.LogCaptureFixture
) -> None:
    room = SlowRoom()
    here, there = Office(stores[0]), Office(stores[1], room=room)
    first_at = here.clock.now()
    there.clock.move_to(first_at + timedelta(minutes=5))
    job = await here.a_video()
    second = asyncio.ensure_future(there.report(job))
    await room.is_asked.wait()
    assert await here.report(job) == PassedOn()
    room.may_go_on.set()
    assert await second == PassedOn()
    written = await stores[0].database.rows(select(reports.c.at))
    assert [row["at"] for row in written] == [first_at]
    assert "couldn't write down" not in caplog.text


async def test_the_last_report_of_a_person_counts(
    stores: tuple[SqlJobStore, SqlJobStore],
) -> None:
    here, there = (Office(store) for store in stores)
    for number, minutes in enumerate((7, 4, 1)):
        job = await here.a_video(number)
        await wrote(here.store, job, at=NOON + timedelta(minutes=minutes))
    last = await here.a_video(9)
    there.clock.move_to(NOON + timedelta(minutes=7) + REPORT_GAP / 2)
    assert await there.report(last) == Denied(ReportRefusal.TOO_SOON)
    assert await there.report(last, replace(BOB, user_id=6)) == PassedOn()
    there.clock.move_to(NOON + timedelta(minutes=7) + REPORT_GAP)
    assert await there.report(last) == PassedOn()
