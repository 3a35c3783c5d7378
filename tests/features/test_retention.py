"""What has had its time goes; what a job, a person or a running bot still needs stays."""

import os
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.domain.erasure import ERASED_PROMPT
from bot.domain.forecast import SAMPLE_MAX, Similar
from bot.domain.generation.models import USUAL
from bot.domain.generation.request import GenerationRequest
from bot.domain.generation.storyboard import DRAFT_LIFE, Draft, Storyboard
from bot.domain.job import Job, State
from bot.domain.money.calendar import Span
from bot.domain.money.ledger import Account, Hold, Reservation, Scope
from bot.features.retention import STILL_IN_USE, DailyRun, Ground, Pruned, prune
from bot.features.storyboards import DraftRows
from bot.features.waiting_orders import QUESTION_LIFE, WaitingOrder, WaitingOrders
from bot.runner.files.keeper import Archive
from bot.storage import SqlJobStore, open_store
from bot.storage.ledger import SqlLedger
from bot.storage.tables.jobs import owner_troubles, render_times
from bot.storage.timings import last_times
from tests.clocks import FakeClock, ShakenClock
from tests.domain.samples import NOON, a_job

A_MOMENT = timedelta(seconds=1)


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def ground(store: SqlJobStore, tmp_path: Path) -> Ground:
    return Ground(store=store, spool_dir=tmp_path / "spool", archive=None, now=NOON,
        prompts_kept_for=timedelta(days=90), pictures_kept_for=timedelta(days=7), dry_run=False,
    )  # fmt: skip


def kept(folder: Path, name: str, *, idle: timedelta, size: int = 5) -> Path:
    """A folder with a file in it that was written to so long ago."""
    (folder / name).mkdir(parents=True)
    (folder / name / "original-1.mp4").write_bytes(b"x" * size)
    then = (NOON - idle).timestamp()
    for path in (folder / name / "original-1.mp4", folder / name):
        os.utime(path, (then, then))
    return folder / name


async def found(ground: Ground, what: str) -> Pruned:
    (step,) = [step for step in await prune(ground) if what in step.what]
    return step


async def test_where_nothing_is_nothing_goes(ground: Ground) -> None:
    assert [(step.count, step.size_bytes or 0) for step in await prune(ground)] == [(0, 0)] * 11


async def test_files_of_ended_jobs_go_and_those_of_unfinished_ones_stay(ground: Ground) -> None:
    await ground.store.add(a_job(1, state=State.RENDERED))
    await ground.store.add(a_job(2, state=State.DELIVERED))
    waiting = kept(ground.spool_dir, "job-1", idle=timedelta(days=2))
    ended = [kept(ground.spool_dir, name, idle=timedelta(days=2)) for name in ("job-2", "gone")]
    assert await found(ground, "leftovers") == Pruned("leftovers of ended jobs", 2, 10)

    assert waiting.is_dir()
    assert not [folder for folder in ended if folder.exists()]


async def test_what_may_be_in_a_running_bots_hands_stays(ground: Ground) -> None:
    busy = kept(ground.spool_dir, "job-2-again-1", idle=STILL_IN_USE - A_MOMENT)
    idle = kept(ground.spool_dir, "job-2-again-2", idle=STILL_IN_USE)
    growing = kept(ground.spool_dir, "job-2-again-3", idle=timedelta(days=2))
    recently = (NOON - A_MOMENT).timestamp()
    os.utime(growing / "original-1.mp4", (recently, recently))
    await prune(ground)

    assert (busy.exists(), idle.exists(), growing.exists()) == (True, False, True)


async def test_the_archive_keeps_to_its_limits(ground: Ground, tmp_path: Path) -> None:
    archive = Archive(folder=tmp_path / "kept", max_bytes=12, max_age=timedelta(days=30))
    ground = replace(ground, archive=archive)
    assert (await found(ground, "archive")).count == 0
    for days in (31, 3, 2, 1):
        kept(archive.folder, f"{days}-days", idle=timedelta(days=days))
    assert await found(ground, "archive") == Pruned("originals beyond the archive's limits", 2, 10)

    assert sorted(path.name for path in archive.folder.iterdir()) == ["1-days", "2-days"]


async def test_drafts_and_questions_go_with_their_time(ground: Ground) -> None:
    drafts = DraftRows(database=ground.store.database)
    questions = orders_of(ground)
    for number, touched_at in enumerate((NOON - DRAFT_LIFE, NOON - DRAFT_LIFE + A_MOMENT)):
        await drafts.add(
            Draft(id=f"d{number}", owner_id=number, board=Storyboard(), touched_at=touched_at)
        )
    for number, asked_at in enumerate((NOON - QUESTION_LIFE + A_MOMENT, NOON - QUESTION_LIFE)):
        # From the younger to the older: one that is kept lets go of those that expired before.
        await questions.keep(a_question(number, asked_at))
    assert (await found(replace(ground, dry_run=True), "drafts")).count == 1
    assert [step.count for step in (await prune(ground))[2:5]] == [1, 1, 0]

    assert await drafts.get("d0") is None
    assert await drafts.get("d1") is not None
    assert await questions.find(0, 77) is not None
    assert await questions.find(1, 77) is None


def orders_of(ground: Ground) -> WaitingOrders:
    # A clock by which no question is over: what is gone was deleted.
    return WaitingOrders(database=ground.store.database, clock=FakeClock(NOON - timedelta(days=1)))


def a_question(number: int, asked_at: datetime) -> WaitingOrder:
    return WaitingOrder(
        interaction_id=number,
        requester_id=77,
        request=GenerationRequest(prompt="a red kite"),
        private=False,
        asked_at=asked_at,
    )


async def test_prompts_that_are_too_old_go_and_their_jobs_stay(ground: Ground) -> None:
    await ground.store.add(a_job_asked_for(NOON - timedelta(days=90, seconds=1), number=1))
    await ground.store.add(a_job_asked_for(NOON - timedelta(days=90), number=2))
    assert (await found(ground, "prompts")).count == 1

    prompts = [job.request.prompt for job in await all_jobs(ground)]
    assert prompts == [ERASED_PROMPT, "a red kite"]


def a_job_asked_for(at: datetime, *, number: int = 1) -> Job:
    return a_job(number, state=State.DELIVERED).model_copy(update={"created_at": at})


async def all_jobs(ground: Ground) -> list[Job]:
    jobs = [await ground.store.get(f"job-{number}") for number in (1, 2)]
    return [job for job in jobs if job is not None]


async def test_a_dry_run_tells_the_same_and_deletes_nothing(ground: Ground, tmp_path: Path) -> None:
    archive = Archive(folder=tmp_path / "kept", max_bytes=1, max_age=timedelta(days=30))
    ground = replace(ground, archive=archive)
    kept(ground.spool_dir, "gone", idle=timedelta(days=2))
    kept(archive.folder, "old", idle=timedelta(days=2))
    await orders_of(ground).keep(a_question(1, NOON - QUESTION_LIFE))
    await ground.store.add(a_job_asked_for(NOON - timedelta(days=90, seconds=1)))
    told = [await prune(replace(ground, dry_run=True)) for _ in range(2)]

    assert told[0] == told[1]
    assert [step.count for step in told[0]] == [1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    assert await prune(ground) == told[0]
    assert [step.count for step in await prune(ground)] == [0] * 11


async def test_pauses_and_counts_of_former_months_go_and_present_ones_stay(ground: Ground) -> None:
    for number, days in enumerate((0, 100)):
        asked = a_job_asked_for(NOON - timedelta(days=days), number=number)
        asked = asked.model_copy(update={"requester_id": number})
        account = Account(Scope.MEMBER, 3, number, f"{asked.created_at:%Y-%m}")
        hold = Hold(account, Span.MONTH, None, None, renews_at=NOON)
        await ground.store.add(asked, Reservation(holds=(hold,), cooldown_s=60))
    told = [(step.what, step.count) for step in await prune(ground)][5:7]
    assert told == [("pauses between two requests", 1), ("counts of people's past months", 2)]
    ledger = SqlLedger(database=ground.store.database)
    assert await ledger.again_at(0) == NOON + timedelta(seconds=60)
    assert await ledger.again_at(1) is None


async def rendered(ground: Ground, *, duration_s: int, took_s: Sequence[int]) -> None:
    """Videos of one length, one after the other, that took so long."""
    for nth, seconds in enumerate(took_s):
        job = a_job(duration_s * 1_000 + nth)
        await ground.store.add(job)
        row = {"job_id": job.id, "duration_s": duration_s, "took_ms": seconds * 1_000}
        at = NOON + timedelta(minutes=nth)
        await ground.store.database.write(insert(render_times).values(**row, rendered_at=at))


async def test_of_each_length_the_times_that_a_forecast_reads_stay(ground: Ground) -> None:
    await rendered(ground, duration_s=5, took_s=range(SAMPLE_MAX + 3))
    await rendered(ground, duration_s=15, took_s=[7])
    gone = await found(ground, "old timings of videos")

    assert gone.count == 3
    for length_s, took_s in ((5, range(SAMPLE_MAX + 2, 2, -1)), (15, [7])):
        similar = Similar(USUAL.id, length_s, length_s, most=SAMPLE_MAX + 3)
        kept = await last_times(ground.store.database, similar)
        assert [*kept] == [*took_s]


async def test_what_the_owner_was_told_of_goes_a_month_after_it_was_over(ground: Ground) -> None:
    row = {"trouble": "{}", "began_at": NOON, "seen_at": NOON, "version": 0}
    month = timedelta(days=30)
    ends = {"old": NOON - month - A_MOMENT, "fresh": NOON - month, "open": None}
    for key, ended_at in ends.items():
        values = {**row, "key": key, "ended_at": ended_at}
        await ground.store.database.write(insert(owner_troubles).values(values))
    assert await found(ground, "owner") == Pruned("messages to the owner", 1)
    left = await ground.store.database.rows(select(owner_troubles.c.key))
    assert {one["key"] for one in left} == {"fresh", "open"}


@pytest.fixture
def daily(ground: Ground) -> tuple[DailyRun, FakeClock]:
    clock = FakeClock(ground.now)
    return DailyRun(ground=ground, clock=clock), clock


async def test_the_daily_run_does_what_the_shell_does_once_a_day(
    ground: Ground, daily: tuple[DailyRun, FakeClock]
) -> None:
    run, clock = daily
    questions = orders_of(ground)
    for number, days in enumerate((0, 0, 1)):
        clock.move_to(NOON + timedelta(days=days, minutes=number))
        await questions.keep(a_question(number, NOON - QUESTION_LIFE))
        await run.run()
        assert (await questions.find(number, 77) is None) is (number != 1)


async def test_a_folder_that_cannot_be_read_keeps_no_prompt_from_being_forgotten(
    ground: Ground, daily: tuple[DailyRun, FakeClock]
) -> None:
    run, _ = daily
    ground.spool_dir.mkdir()
    (ground.spool_dir / "loop").symlink_to("loop")
    await ground.store.add(a_job_asked_for(NOON - timedelta(days=91)))
    await run.run()
    assert [job.request.prompt for job in await all_jobs(ground)] == [ERASED_PROMPT]


async def test_what_a_disk_keeps_is_tried_again_in_an_hour_and_told_the_operator(
    ground: Ground, daily: tuple[DailyRun, FakeClock], caplog: pytest.LogCaptureFixture
) -> None:
    run, clock = daily
    ground.spool_dir.mkdir()
    loop = ground.spool_dir / "loop"
    loop.symlink_to("loop")
    await run.run()
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert record.exc_info is None
    loop.unlink()
    kept(ground.spool_dir, "gone", idle=timedelta(days=2))
    clock.move_to(NOON + timedelta(minutes=59))
    await run.run()
    assert (ground.spool_dir / "gone").exists()
    clock.move_to(NOON + timedelta(hours=1))
    await run.run()
    assert not (ground.spool_dir / "gone").exists()


A_JUMP = timedelta(days=100)


@pytest.mark.parametrize("said", [None, NOON])
async def test_a_clock_that_is_ahead_deletes_nothing(
    ground: Ground, said: datetime | None, caplog: pytest.LogCaptureFixture
) -> None:
    """The services say otherwise, or nobody says anything and nothing was written for so long."""
    clock = FakeClock(NOON + A_JUMP)
    run = DailyRun(ground=ground, clock=clock, heard=lambda _: said)
    await ground.store.add(a_job_asked_for(NOON))
    await run.run()
    assert [job.request.prompt for job in await all_jobs(ground)] == ["a red kite"]
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    clock.move_to(NOON + A_JUMP + timedelta(minutes=59))
    await run.run()
    assert len(caplog.records) == 1


@pytest.mark.parametrize("said", [None, NOON + A_JUMP])
async def test_a_bot_that_was_off_for_long_deletes_once_it_knows_what_time_it_is(
    ground: Ground, said: datetime | None
) -> None:
    clock = FakeClock(NOON + A_JUMP)
    run = DailyRun(ground=ground, clock=clock, heard=lambda _: said)
    await ground.store.add(a_job_asked_for(NOON))
    if said is None:
        await ground.store.add(a_job_asked_for(clock.now(), number=2))
    await run.run()
    assert (await all_jobs(ground))[0].request.prompt == ERASED_PROMPT


async def test_a_clock_that_was_ahead_puts_off_no_daily_run(ground: Ground) -> None:
    clock = ShakenClock(NOON + A_JUMP)
    run = DailyRun(ground=ground, clock=clock)
    await run.run()
    clock.back = A_JUMP
    questions = orders_of(ground)
    await questions.keep(a_question(1, NOON - QUESTION_LIFE))
    await run.run()
    assert await questions.find(1, 77) is None


async def test_nothing_of_an_old_prompt_stays_in_sqlites_log(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    async with open_store(f"sqlite:///{file}") as store:
        old = a_job_asked_for(NOON - timedelta(days=91))
        prompt = "canary of a prompt that was long enough"
        request = GenerationRequest(prompt=prompt)
        await store.add(old.model_copy(update={"request": request}))
        files = (file, file.with_name(f"{file.name}-wal"))
        assert any(prompt.encode() in one.read_bytes() for one in files)
        await prune(
            Ground(
                store=store,
                spool_dir=tmp_path / "spool",
                archive=None,
                now=NOON,
                prompts_kept_for=timedelta(days=90),
                pictures_kept_for=timedelta(days=7),
                dry_run=False,
            )
        )
        assert not any(prompt.encode() in one.read_bytes() for one in files)
