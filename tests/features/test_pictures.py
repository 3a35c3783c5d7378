"""A picture is kept once for the same bytes, for as long as a job or its members need it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.domain.denied import Denied
from bot.domain.generation.picture import (
    ATTACHMENT_MAX_BYTES,
    Picture,
    PictureFault,
    PictureRefusal,
)
from bot.domain.generation.storyboard import Draft, Storyboard
from bot.domain.job import Job, State
from bot.domain.ports import StoreUnavailable
from bot.features.pictures import Pictures
from bot.features.privacy import PrivacyRows
from bot.features.retention import Ground, Pruned, prune
from bot.features.storyboards import DraftRows
from bot.features.waiting_orders import WaitingOrder, WaitingOrders
from bot.storage import SqlJobStore, open_store
from bot.storage.tables.jobs import jobs, picture_uses, pictures
from tests.clocks import FakeClock
from tests.domain.samples import NOON, a_job
from tests.pictures import a_picture, saved

ALICE, BOB = 1_400_000_000_000_000_001, 1_400_000_000_000_000_002
A_WEEK, A_DAY = timedelta(days=7), timedelta(days=1)
DATA = saved(a_picture())


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def kept(store: SqlJobStore, clock: FakeClock) -> Pictures:
    return Pictures(database=store.database, clock=clock)


@pytest.fixture
def ground(store: SqlJobStore, tmp_path: Path) -> Ground:
    return Ground(
        store=store,
        spool_dir=tmp_path / "spool",
        archive=None,
        now=NOON + A_WEEK,
        prompts_kept_for=timedelta(days=90),
        pictures_kept_for=A_WEEK,
        dry_run=False,
    )


async def taken(kept: Pictures, user_id: int = ALICE, data: bytes = DATA) -> Picture:
    picture = await kept.take(data, user_id=user_id)
    assert isinstance(picture, Picture)
    return picture


async def rows(store: SqlJobStore) -> tuple[int, int]:
    """How many pictures, and how many uses, are kept."""
    counted = [
        await store.database.rows(select(func.count().label("n")).select_from(table))
        for table in (pictures, picture_uses)
    ]
    return counted[0][0]["n"], counted[1][0]["n"]


def a_job_with(picture: Picture, number: int = 1, *, state: State = State.DELIVERED) -> Job:
    """A job that names it, wherever its request does so."""
    job = a_job(number, state=state).model_copy(update={"requester_id": ALICE})
    request = job.request.model_copy(update={"prompt": f"of {picture.digest}"})
    since = {"created_at": NOON, "state_since": NOON}
    return job.model_copy(update={"request": request, **since})


async def pruned(ground: Ground) -> int:
    (step,) = [step for step in await prune(ground) if step.what == "pictures"]
    assert step == Pruned("pictures", step.count)
    return step.count


async def test_the_same_bytes_are_kept_once_and_read_back(
    kept: Pictures, store: SqlJobStore
) -> None:
    picture = await taken(kept)
    assert await taken(kept, BOB) == picture
    assert await taken(kept) == picture
    assert await rows(store) == (1, 2)
    data = await kept.bytes_of(picture.digest)
    assert data is not None
    assert data.startswith(b"\xff\xd8\xff")
    assert await kept.bytes_of("0" * 64) is None


async def test_what_is_refused_is_not_kept(kept: Pictures, store: SqlJobStore) -> None:
    refused = await kept.take(saved(a_picture((299, 400))), user_id=ALICE)
    assert refused == Denied(PictureRefusal(PictureFault.TOO_SMALL, 299, 400))
    assert await rows(store) == (0, 0)


async def test_a_large_attachment_is_refused_before_it_is_read(kept: Pictures) -> None:
    async def read() -> bytes:
        raise AssertionError("it is not read")

    four_gb = await kept.fetch(read, declared_bytes=4 * 1024**3, user_id=ALICE)
    assert four_gb == Denied(PictureRefusal(PictureFault.TOO_LARGE))


@pytest.mark.parametrize(
    ("comes", "fault"),
    [(None, PictureFault.NOT_FETCHED), (bytes(ATTACHMENT_MAX_BYTES + 1), PictureFault.TOO_LARGE)],
)
async def test_an_attachment_that_cannot_be_had_or_is_larger_than_declared_is_refused(
    kept: Pictures, comes: bytes | None, fault: PictureFault
) -> None:
    async def read() -> bytes | None:
        return comes

    refused = await kept.fetch(read, declared_bytes=1_000, user_id=ALICE)
    assert refused == Denied(PictureRefusal(fault))


async def test_an_attachment_becomes_a_picture_with_its_link(kept: Pictures) -> None:
    async def read() -> bytes:
        return DATA

    link = "https://cdn.discordapp.com/attachments/1/2/kite.png"
    picture = await kept.fetch(read, declared_bytes=len(DATA), user_id=ALICE, link=link)
    assert isinstance(picture, Picture)
    assert picture.link == link


async def test_a_picture_goes_a_week_after_its_last_use(
    kept: Pictures, ground: Ground, store: SqlJobStore, clock: FakeClock
) -> None:
    picture = await taken(kept)
    clock.move_to(NOON + A_DAY)
    assert await kept.used_again(picture, BOB)
    assert await pruned(ground) == 0
    assert await rows(store) == (1, 1)
    later = replace(ground, now=ground.now + A_DAY)
    assert await pruned(replace(later, dry_run=True)) == 1
    assert await kept.bytes_of(picture.digest) is not None
    assert await pruned(later) == 1
    assert await rows(store) == (0, 0)
    assert not await kept.used_again(picture, BOB)
    assert await rows(store) == (0, 0)


async def test_it_is_kept_no_longer_than_the_prompts(kept: Pictures, ground: Ground) -> None:
    await taken(kept)
    short = replace(ground, prompts_kept_for=A_DAY)
    assert await pruned(replace(short, now=NOON + A_DAY - timedelta(seconds=1))) == 0
    assert await pruned(replace(short, now=NOON + A_DAY)) == 1


async def test_what_an_unfinished_job_needs_stays_however_long_it_waits(
    kept: Pictures, ground: Ground, store: SqlJobStore
) -> None:
    picture = await taken(kept)
    waiting = a_job_with(picture, state=State.IN_REVIEW)
    await store.add(waiting)
    much_later = replace(ground, now=NOON + timedelta(days=60))
    assert await pruned(much_later) == 0
    assert await rows(store) == (1, 1)
    over = {"state": State.FAILED.value, "told": True}
    await store.database.write(update(jobs).where(jobs.c.id == waiting.id).values(over))
    assert await pruned(much_later) == 1


async def test_a_job_that_ended_lately_keeps_its_picture_for_again(
    kept: Pictures, ground: Ground, store: SqlJobStore
) -> None:
    picture = await taken(kept)
    ended_at = NOON + timedelta(days=3)
    await store.add(a_job_with(picture).model_copy(update={"state_since": ended_at}))
    assert await pruned(replace(ground, now=ended_at + A_WEEK - timedelta(seconds=1))) == 0
    assert await pruned(replace(ground, now=ended_at + A_WEEK)) == 1


async def test_a_question_and_a_draft_keep_theirs(
    kept: Pictures, ground: Ground, store: SqlJobStore
) -> None:
    picture, other = await taken(kept), await taken(kept, data=saved(a_picture((400, 400))))
    asked_at = ground.now - timedelta(minutes=1)
    await WaitingOrders(database=store.database, clock=FakeClock(asked_at)).keep(
        WaitingOrder(
            interaction_id=1,
            requester_id=ALICE,
            request=a_job_with(picture).request,
            private=False,
            asked_at=asked_at,
        )
    )
    board = Storyboard(start_frame=other)
    draft = Draft(id="d1", owner_id=ALICE, board=board, touched_at=asked_at)
    await DraftRows(database=store.database).add(draft)
    assert await pruned(ground) == 0
    assert await pruned(replace(ground, now=ground.now + A_DAY)) == 2


async def test_erasing_one_member_takes_nothing_from_another(
    kept: Pictures, store: SqlJobStore
) -> None:
    picture = await taken(kept)
    await taken(kept, BOB)
    people = PrivacyRows(database=store.database)
    await people.forget_person(ALICE)
    assert await kept.bytes_of(picture.digest) is not None
    (of_bob,) = (await people.rows_of(BOB))["pictures"]
    assert json.loads(of_bob)["digest"] == picture.digest
    assert not (await people.rows_of(ALICE))["pictures"]
    await people.forget_person(BOB)
    assert await rows(store) == (0, 0)


async def test_an_erased_members_unfinished_job_is_still_made_and_then_its_picture_goes(
    kept: Pictures, store: SqlJobStore, ground: Ground
) -> None:
    picture = await taken(kept)
    live = a_job_with(picture, state=State.WAITING)
    await store.add(live)
    await PrivacyRows(database=store.database).forget_person(ALICE)
    assert await rows(store) == (1, 0)
    assert await pruned(replace(ground, now=NOON)) == 0
    over = {"state": State.FAILED.value, "told": True}
    await store.database.write(update(jobs).where(jobs.c.id == live.id).values(over))
    assert await pruned(replace(ground, now=NOON)) == 1


async def test_a_deleted_job_lets_go_of_what_it_alone_showed(
    kept: Pictures, store: SqlJobStore
) -> None:
    shared, own = await taken(kept), await taken(kept, data=saved(a_picture((400, 400))))
    first = a_job_with(own)
    both = first.request.model_copy(update={"prompt": f"{own.digest} {shared.digest}"})
    await store.add(first.model_copy(update={"request": both}))
    await store.add(a_job_with(shared, 2))
    await kept.let_go("job-1", ALICE)
    assert await kept.bytes_of(own.digest) is None
    assert await kept.bytes_of(shared.digest) is not None
    await kept.let_go("job-2", BOB)
    assert await rows(store) == (1, 1)


async def test_many_at_once_are_in_memory_one_at_a_time(kept: Pictures, store: SqlJobStore) -> None:
    reading = most = 0

    async def read() -> bytes:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        await asyncio.sleep(0)
        reading -= 1
        return DATA

    asked = [kept.fetch(read, declared_bytes=1, user_id=number) for number in range(4)]
    assert len(set(await asyncio.gather(*asked))) == 1
    assert (most, await rows(store)) == (1, (1, 4))


async def test_without_the_database_a_picture_is_not_said_to_be_kept(database_url: str) -> None:
    async with open_store(database_url) as store:
        kept = Pictures(database=store.database, clock=FakeClock(NOON))
        picture = await taken(kept)
    with pytest.raises(StoreUnavailable):
        await kept.take(DATA, user_id=ALICE)
    with pytest.raises(StoreUnavailable):
        await kept.bytes_of(picture.digest)
    with pytest.raises(StoreUnavailable):
        await kept.used_again(picture, ALICE)


async def test_two_processes_that_keep_the_same_picture_keep_one(database_url: str) -> None:
    async with open_store(database_url) as first, open_store(database_url) as second:
        both = [Pictures(database=one.database, clock=FakeClock(NOON)) for one in (first, second)]
        await asyncio.gather(taken(both[0]), taken(both[1], BOB), taken(both[1]))
        assert await rows(first) == (1, 2)


async def test_nothing_of_an_erased_picture_stays_in_sqlites_files(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    async with open_store(f"sqlite:///{file}") as store:
        kept = Pictures(database=store.database, clock=FakeClock(NOON))
        data = await kept.bytes_of((await taken(kept)).digest)
        assert data is not None
        canary = data[-200:-100]
        files = (file, file.with_name(f"{file.name}-wal"))
        assert any(canary in one.read_bytes() for one in files)
        await PrivacyRows(database=store.database).forget_person(ALICE)
        assert not any(canary in one.read_bytes() for one in files)
