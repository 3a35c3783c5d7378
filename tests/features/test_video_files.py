"""The video of a job for what shows it elsewhere or joins it: as it is kept, or not at all."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.denied import Denied
from bot.features.library.library import LibraryRefusal
from bot.storage import SqlJobStore, open_store
from tests.domain.samples import A_VIDEO
from tests.features.test_library import AN_IMAGE, MIB, Reading


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(sqlite_url) as opened:
        yield opened


async def test_what_is_shown_elsewhere_and_joined_is_the_first_video_as_it_is_kept(
    store: SqlJobStore, tmp_path: Path
) -> None:
    reading = Reading(store, tmp_path)
    job = await reading.keep(media=(AN_IMAGE, A_VIDEO))
    kept = await reading.archive(job)
    other = kept.rename(kept.with_name("original-1.png"))
    video = other.with_name("original-2.mp4")
    video.write_bytes(b"video")
    async with reading.finder.video_of(job) as path:
        assert path == video
    async with reading.finder.showable(job, MIB) as file:
        assert file is not None
        assert file.path == video
    async with reading.finder.showable(job, 4) as file:
        assert file is None


async def test_without_a_video_nothing_is_shown_elsewhere_or_joined(
    store: SqlJobStore, tmp_path: Path
) -> None:
    reading = Reading(store, tmp_path)
    job = await reading.keep(media=(AN_IMAGE,))
    async with reading.finder.video_of(job) as path:
        assert path == Denied(LibraryRefusal.NO_VIDEO)
    async with reading.finder.showable(job, MIB) as file:
        assert file is None
