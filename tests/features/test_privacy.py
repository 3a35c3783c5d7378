"""A person's data is put together beside the event loop, however much there is of it."""

import json
import threading
from collections.abc import AsyncGenerator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import RowMapping, insert, update

from bot.domain.erasure import by_age, by_wish
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import Job, State
from bot.domain.lifecycle import Erased, PromptErased
from bot.features.privacy import Eraser, Privacy, PrivacyRows
from bot.runner.files.keeper import FileKeeper
from bot.storage import SqlJobStore, open_store
from bot.storage.database import ROWS_AT_A_TIME
from bot.storage.rows import row_of
from bot.storage.tables.jobs import cooldowns, jobs
from bot.storage.unreadable import UnreadableRows
from tests.clocks import FakeClock
from tests.domain.samples import NOON, a_job

T = TypeVar("T")


class WatchedReading(UnreadableRows):
    """Remembers in which threads rows were read, and written as a part of that."""

    def __init__(self) -> None:
        super().__init__()
        self.read_in: set[int] = set()

    def left_out(self, rows: Iterable[RowMapping], read: Callable[[RowMapping], T]) -> list[T]:
        self.read_in.add(threading.get_ident())
        return super().left_out(rows, read)


class WatchedMoment(datetime):
    """A time that remembers in which threads it was written."""

    written_in: set[int]

    def isoformat(self, *how: Any, **more: Any) -> str:  # noqa: ANN401 - as it is handed on
        self.written_in.add(threading.get_ident())
        return super().isoformat(*how, **more)


def data_of(store: SqlJobStore, folder: Path, clock: FakeClock | None = None) -> Privacy:
    clock, rows = clock or FakeClock(), PrivacyRows(database=store.database)
    files = FileKeeper(spool_dir=folder / "spool", archive=None)
    eraser = Eraser(store=store, rows=rows, files=files, clock=clock)
    return Privacy(
        rows=rows,
        eraser=eraser,
        forget_choices=lambda _: None,
        take_from_showcases=nothing_shown,
        clock=clock,
    )


async def nothing_shown(user_id: int) -> None:
    """There is no showcase here."""
    del user_id


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(sqlite_url) as opened:
        yield opened


@pytest.mark.parametrize("erasure", [by_wish, by_age])
def test_what_determined_the_price_stays_and_pictures_go(
    erasure: Callable[[Job], Erased | PromptErased | None],
) -> None:
    picture = Picture(digest="0" * 64, media_type="image/jpeg", width_px=300, height_px=300)
    request = GenerationRequest(
        prompt="it flies", quality="4k", duration_s=15, sound=False, start_frame=picture
    )
    job = a_job(state=State.DELIVERED).model_copy(update={"request": request})
    erased = erasure(job)
    assert erased is not None
    left = erased.request
    assert (left.quality, left.duration_s, left.sound) == ("4k", 15, False)
    assert left.frames == {}


async def test_an_export_of_several_batches_has_every_job_once_oldest_first(
    store: SqlJobStore, tmp_path: Path
) -> None:
    many = 2 * ROWS_AT_A_TIME + 1
    asked = [
        row_of(a_job(n).model_copy(update={"created_at": NOON - timedelta(seconds=n)}))
        for n in range(many)
    ]
    await store.database.transact(lambda connection: connection.execute(insert(jobs), asked))
    # One that cannot be read, alone in its batch.
    oldest_first = [f"job-{n}" for n in reversed(range(many))]
    await store.database.write(update(jobs).where(jobs.c.id == "job-0").values(request="{"))
    document = json.loads(await data_of(store, tmp_path).export(a_job().requester_id))
    assert [video["id"] for video in document["videos"]] == oldest_first[:-1]
    assert document["videos_that_cannot_be_read"] == ["job-0"]


async def test_an_export_is_written_and_put_together_in_threads(
    store: SqlJobStore, tmp_path: Path
) -> None:
    now = WatchedMoment(2026, 1, 1, tzinfo=UTC)
    now.written_in = set()
    privacy = data_of(store, tmp_path, clock=FakeClock(now))
    job = a_job()
    await store.add(job)
    await store.database.write(insert(cooldowns).values(user_id=job.requester_id, again_at=NOON))
    store.database.unreadable = reading = WatchedReading()
    document = json.loads(await privacy.export(job.requester_id))
    assert [video["id"] for video in document["videos"]] == [job.id]
    (cooldown,) = document["cooldowns"]
    assert cooldown["user_id"] == str(job.requester_id)
    assert len(now.written_in) == 1
    assert reading.read_in
    assert threading.get_ident() not in reading.read_in | now.written_in
