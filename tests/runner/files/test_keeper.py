"""Files stay until their job is delivered, and then only as long as the archive may keep them."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.runner.files.keeper import Archive, FileKeeper, beyond_limits
from tests.clocks import FakeClock

DAY = timedelta(days=1)
NOBODY = 65_534


@contextmanager
def as_nobody(folder: Path) -> Generator[None]:
    """Take away this process's right to read the folder, root's as well."""
    user_id = os.geteuid()
    folder.chmod(0)
    if user_id == 0:
        # glibc changes all threads, also those that work off the loop.
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user_id)
        folder.chmod(0o700)


async def spooled(keeper: FileKeeper, job_id: str, content: bytes = b"video") -> Path:
    folder = await keeper.folder(job_id)
    (folder / "original-1.mp4").write_bytes(content)
    (folder / "copy-original-1.mp4").write_bytes(b"copy")
    return folder


async def test_without_an_archive_a_delivered_job_leaves_nothing(tmp_path: Path) -> None:
    keeper = FileKeeper(spool_dir=tmp_path / "spool", archive=None)
    folder = await spooled(keeper, "a1")
    await keeper.delivered("a1")
    assert not folder.exists()
    assert await keeper.archived("a1") == []


async def test_the_archive_keeps_the_original_and_not_the_copy(tmp_path: Path) -> None:
    archive = Archive(folder=tmp_path / "kept", max_bytes=1_000, max_age=30 * DAY)
    keeper = FileKeeper(spool_dir=tmp_path / "spool", archive=archive)
    folder = await spooled(keeper, "a1")
    await keeper.delivered("a1")
    assert not folder.exists()
    (kept,) = await keeper.archived("a1")
    assert kept.read_bytes() == b"video"
    assert await keeper.archived("b2") == []


async def test_the_oldest_leave_first_when_the_archive_is_full(tmp_path: Path) -> None:
    archive = Archive(folder=tmp_path / "kept", max_bytes=25, max_age=30 * DAY)
    clock = FakeClock()
    keeper = FileKeeper(spool_dir=tmp_path / "spool", archive=archive)
    for number in range(5):
        begun = clock.now().timestamp()
        await spooled(keeper, f"job{number}", b"0123456789")
        await keeper.delivered(f"job{number}")
        os.utime(archive.folder / f"job{number}", (begun + number, begun + number))
    await spooled(keeper, "last", b"0123456789")
    await keeper.delivered("last")
    assert sorted(folder.name for folder in archive.folder.iterdir()) == ["job4", "last"]


async def test_what_is_too_old_leaves_by_the_daily_run_alone(tmp_path: Path) -> None:
    now = FakeClock().now()
    archive = Archive(folder=tmp_path / "kept", max_bytes=10**9, max_age=30 * DAY)
    keeper = FileKeeper(spool_dir=tmp_path / "spool", archive=archive)
    for name, age in (("old", 31 * DAY), ("young", 29 * DAY)):
        await spooled(keeper, name)
        await keeper.delivered(name)
        then = (now - age).timestamp()
        os.utime(archive.folder / name, (then, then))
    await spooled(keeper, "new")
    await keeper.delivered("new")
    assert {folder.name for folder in archive.folder.iterdir()} == {"new", "old", "young"}
    assert [kept.folder.name for kept in beyond_limits(archive, now)] == ["old"]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("is_there", [False, True])
async def test_nobody_else_may_look_into_the_spool(tmp_path: Path, *, is_there: bool) -> None:
    spool = tmp_path / "spool"
    keeper = FileKeeper(spool_dir=spool, archive=None)
    if is_there:
        (spool / "live").mkdir(parents=True)
        for folder in (spool, spool / "live"):
            folder.chmod(0o755)
        await keeper.clear(keep=["live"])
        assert mode(spool) == 0o700
        spool.chmod(0o755)
    folder = await spooled(keeper, "a1")
    assert (mode(spool), mode(folder)) == (0o700, 0o700)


async def test_what_is_not_delivered_is_never_deleted_by_the_limits(tmp_path: Path) -> None:
    archive = Archive(folder=tmp_path / "kept", max_bytes=1, max_age=DAY)
    keeper = FileKeeper(spool_dir=tmp_path / "spool", archive=archive)
    waiting = await spooled(keeper, "waiting", b"x" * 1_000)
    await spooled(keeper, "done")
    await keeper.delivered("done")
    assert (waiting / "original-1.mp4").exists()
    assert list(archive.folder.iterdir()) == []


async def test_left_overs_of_a_crash_are_cleared_and_live_jobs_are_not(tmp_path: Path) -> None:
    keeper = FileKeeper(spool_dir=tmp_path / "spool", archive=None)
    await keeper.clear(keep=["live"])
    live, dead = await spooled(keeper, "live"), await spooled(keeper, "dead")
    await keeper.clear(keep=["live"])
    assert live.exists()
    assert not dead.exists()


async def test_an_archive_that_takes_nothing_is_told_and_costs_no_job(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").write_text("no folder")
    archive = Archive(folder=tmp_path / "kept", max_bytes=1_000, max_age=DAY)
    keeper = FileKeeper(spool_dir=tmp_path / "spool", archive=archive)
    folder = await spooled(keeper, "a1")
    await keeper.delivered("a1")
    assert "couldn't put its files away" in caplog.text
    assert not folder.exists()


async def test_what_is_forgotten_leaves_the_spool_and_the_archive(tmp_path: Path) -> None:
    archive = Archive(folder=tmp_path / "kept", max_bytes=1_000, max_age=30 * DAY)
    keeper = FileKeeper(spool_dir=tmp_path / "spool", archive=archive)
    await spooled(keeper, "a1")
    await keeper.delivered("a1")
    spool = await spooled(keeper, "a1")
    await keeper.forget("a1")
    assert not spool.exists()
    assert await keeper.archived("a1") == []
    await keeper.forget("a1")
    without_archive = FileKeeper(spool_dir=tmp_path / "spool", archive=None)
    await without_archive.forget("a1")


async def test_what_cannot_be_forgotten_is_said(tmp_path: Path) -> None:
    keeper = FileKeeper(spool_dir=tmp_path / "spool", archive=None)
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "a1").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="a1"):
        await keeper.forget("a1")


async def test_a_spool_that_cannot_be_read_costs_files_and_no_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    # What another owner's folder is to us, also where the tests run as root.
    with as_nobody(spool):
        keeper = FileKeeper(spool_dir=spool, archive=None)
        await keeper.clear(keep=())

    assert f"{spool} " in caplog.text
    assert "cannot" in caplog.text
    assert spool.exists()
