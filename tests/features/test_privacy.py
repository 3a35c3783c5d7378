"""A person's data is put together beside the event loop, however much there is of it."""

import json
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.domain.erasure import by_age, by_wish
from bot.domain.job import Job, State
from bot.domain.lifecycle import Erased, PromptErased
from bot.domain.picture import Picture
from bot.domain.request import GenerationRequest
from bot.features.privacy import Eraser, Privacy, PrivacyRows
from bot.runner.files.keeper import FileKeeper
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import a_job


class WatchedRow(Mapping[str, object]):
    """A row that remembers in which threads it was read."""

    def __init__(self) -> None:
        self.read_in: set[int] = set()

    def __getitem__(self, name: str) -> object:
        return {"name": "noir"}[name]

    def __iter__(self) -> Iterator[str]:
        self.read_in.add(threading.get_ident())
        return iter(("name",))

    def __len__(self) -> int:
        return 1


class WithWatchedRow(PrivacyRows):
    """The real rows, and one more."""

    def __init__(self, store: SqlJobStore) -> None:
        super().__init__(database=store.database)
        self.row = WatchedRow()

    async def rows_of(self, user_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {**await super().rows_of(user_id), "styles": [self.row]}


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


async def test_an_export_is_written_in_a_thread(store: SqlJobStore, tmp_path: Path) -> None:
    clock, rows = FakeClock(), WithWatchedRow(store)
    files = FileKeeper(spool_dir=tmp_path / "spool", archive=None)
    eraser = Eraser(store=store, rows=rows, files=files, clock=clock)
    forgotten = list[int]()
    data = Privacy(rows=rows, eraser=eraser, forget_choices=forgotten.append, clock=clock)
    await store.add(a_job())
    document = json.loads(await data.export(a_job().requester_id))
    assert ([video["id"] for video in document["videos"]], document["styles"]) == (
        [a_job().id],
        [{"name": "noir"}],
    )
    assert len(rows.row.read_in) == 1
    assert threading.get_ident() not in rows.row.read_in
