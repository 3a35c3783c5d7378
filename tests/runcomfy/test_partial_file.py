"""A file is there whole or not at all."""

import asyncio
from pathlib import Path

import pytest

from bot.runcomfy.download import DiskTroubleError, partial_file
from tests.runcomfy.stand_in import left_in


async def test_a_file_that_is_kept_lies_whole_in_its_place(tmp_path: Path) -> None:
    async with partial_file(tmp_path / "kite.mp4") as file:
        await file.write(b"red ")
        await file.write(b"kite")
        assert list(left_in(tmp_path)) == ["kite.mp4.part"]
        await file.keep()

    assert file.size_bytes == 8
    assert left_in(tmp_path) == {"kite.mp4": b"red kite"}


async def test_what_was_left_by_a_crash_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "kite.mp4.part").write_bytes(b"a longer leftover")
    (tmp_path / "kite.mp4").write_bytes(b"an older one")

    async with partial_file(tmp_path / "kite.mp4") as file:
        await file.write(b"new")
        await file.keep()

    assert left_in(tmp_path) == {"kite.mp4": b"new"}


async def test_a_file_without_content_is_a_file_too(tmp_path: Path) -> None:
    async with partial_file(tmp_path / "kite.mp4") as file:
        await file.keep()

    assert left_in(tmp_path) == {"kite.mp4": b""}


async def test_a_file_that_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    async with partial_file(tmp_path / "kite.mp4") as file:
        await file.write(b"red")

    assert not left_in(tmp_path)


async def test_an_error_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    async def stumble() -> None:
        async with partial_file(tmp_path / "kite.mp4") as file:
            await file.write(b"red")
            raise RuntimeError("oops")

    with pytest.raises(RuntimeError, match="oops"):
        await stumble()

    assert not left_in(tmp_path)


async def test_a_cancellation_in_the_middle_of_a_write_leaves_nothing(tmp_path: Path) -> None:
    began = asyncio.Event()

    async def write_for_ever() -> None:
        async with partial_file(tmp_path / "kite.mp4") as file:
            while True:
                began.set()
                await file.write(bytes(8 * 1024 * 1024))

    task = asyncio.create_task(write_for_ever())
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not left_in(tmp_path)


async def test_a_full_disk_is_told_and_the_part_removed(tmp_path: Path) -> None:
    # The one device that is always full: what is written through this name fails as on a disk.
    (tmp_path / "kite.mp4.part").symlink_to("/dev/full")

    async with partial_file(tmp_path / "kite.mp4") as file:
        with pytest.raises(DiskTroubleError):
            await file.write(bytes(1024 * 1024))

    assert not left_in(tmp_path)


async def test_a_disk_that_is_full_at_the_very_end_is_told_as_well(tmp_path: Path) -> None:
    (tmp_path / "kite.mp4.part").symlink_to("/dev/full")

    async with partial_file(tmp_path / "kite.mp4") as file:
        await file.write(b"so little that it waits in memory")
        with pytest.raises(DiskTroubleError):
            await file.keep()

    assert not left_in(tmp_path)


async def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    async with partial_file(tmp_path / "nowhere" / "kite.mp4") as file:
        with pytest.raises(DiskTroubleError):
            await file.write(b"red")


async def test_a_place_that_is_taken_by_a_folder_is_told_and_the_part_removed(
    tmp_path: Path,
) -> None:
    (tmp_path / "kite.mp4").mkdir()

    async with partial_file(tmp_path / "kite.mp4") as file:
        await file.write(b"red")
        with pytest.raises(DiskTroubleError):
            await file.keep()

    assert list(left_in(tmp_path)) == ["kite.mp4"]
