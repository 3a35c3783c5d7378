"""Jobs from the terminal: told apart from Discord's, saved whole, over no other file."""

import logging
from pathlib import Path
from random import SystemRandom

import pytest

from bot.domain.job import Job, State
from bot.domain.ports import LocalFile, NotPresented, Presented, Trouble
from bot.features.terminal_jobs import (
    OPERATOR_ID,
    TERMINAL,
    AnnouncerByPlace,
    FolderAnnouncer,
    asker,
    is_from_terminal,
    question_id,
    save,
)
from tests.domain.samples import A_VIDEO, AN_IMAGE, a_job
from tests.runner.stand_ins import RecordingAnnouncer, none_other


@pytest.fixture
def file(tmp_path: Path) -> LocalFile:
    path = tmp_path / "original-1.mp4"
    path.write_bytes(b"video")
    return LocalFile(path=path, name="kling-j1-1.mp4", size_bytes=5, media=A_VIDEO)


def finished() -> Job:
    done = a_job(1, state=State.RENDERED)
    return done.model_copy(update={"place": TERMINAL, "media": (A_VIDEO, AN_IMAGE)})


def test_its_ids_are_none_of_discords() -> None:
    ids = {question_id(SystemRandom()) for _ in range(100)}
    assert len(ids) == 100
    assert all(-(2**63) <= number < 0 for number in ids)


def test_it_is_known_by_its_place() -> None:
    assert is_from_terminal(a_job(1).model_copy(update={"place": TERMINAL}))
    assert not is_from_terminal(a_job(1))


def test_who_asked_is_said_for_a_list() -> None:
    assert [asker(OPERATOR_ID), asker(77), asker(None)] == [
        "the terminal",
        "77",
        "an erased member",
    ]


def a_file(folder: Path, name: str = "kling-j1-1.mp4", content: bytes = b"video") -> LocalFile:
    (folder / "spool").mkdir(exist_ok=True)
    path = folder / "spool" / name
    path.write_bytes(content)
    return LocalFile(path=path, name=name, size_bytes=len(content), media=A_VIDEO)


async def test_without_a_wish_it_lies_in_the_folder_under_its_own_name(tmp_path: Path) -> None:
    (saved,) = await save([a_file(tmp_path)], None, folder=tmp_path / "new")
    assert saved == tmp_path / "new" / "kling-j1-1.mp4"
    assert saved.read_bytes() == b"video"


async def test_a_wish_is_a_file_or_a_folder(tmp_path: Path) -> None:
    wanted = [tmp_path / "kite.mp4", tmp_path / "bare", tmp_path]
    saved = [(await save([a_file(tmp_path)], wish, folder=tmp_path))[0] for wish in wanted]
    assert [path.name for path in saved] == ["kite.mp4", "bare.mp4", "kling-j1-1.mp4"]


async def test_several_files_get_numbers(tmp_path: Path) -> None:
    files = [a_file(tmp_path, f"kling-j1-{n}.mp4", bytes([n])) for n in (1, 2, 3)]
    saved = await save(files, tmp_path / "kite.mp4", folder=tmp_path)
    assert [path.name for path in saved] == ["kite.mp4", "kite-2.mp4", "kite-3.mp4"]


async def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "kite.mp4").write_bytes(b"another")
    (tmp_path / "kite (2).mp4").write_bytes(b"one more")
    (saved,) = await save([a_file(tmp_path)], tmp_path / "kite.mp4", folder=tmp_path)
    assert saved.name == "kite (3).mp4"
    assert (tmp_path / "kite.mp4").read_bytes() == b"another"


async def test_the_same_once_more_is_there_once(tmp_path: Path) -> None:
    saved = [
        await save([a_file(tmp_path)], tmp_path / "kite.mp4", folder=tmp_path) for _ in range(2)
    ]
    assert saved[0] == saved[1]
    assert [path.name for path in tmp_path.glob("*.mp4")] == ["kite.mp4"]


async def test_half_a_file_is_not_left(tmp_path: Path) -> None:
    # It opens and cannot be read, as on a disk that fails in the middle.
    broken = Path("/proc/self/mem")
    file = LocalFile(path=broken, name="kite.mp4", size_bytes=5, media=A_VIDEO)
    with pytest.raises(OSError, match="Input/output error"):
        await save([file], tmp_path / "kite.mp4", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_a_bot_saves_what_was_left_and_says_where(
    file: LocalFile, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    folder = tmp_path / "generated"
    folder.mkdir(mode=0o755)
    announcer = FolderAnnouncer(folder=folder)
    assert await announcer.show(finished()) == Presented()
    assert await announcer.deliver(finished(), [file], within=none_other) == Presented(files=[file])
    assert await announcer.ping(finished()) == Presented()

    assert (folder / "kling-j1-1.mp4").read_bytes() == b"video"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert "job job-1: saved 1 file in " in caplog.text


async def test_a_bot_whose_disk_is_full_keeps_it_for_later(
    file: LocalFile, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "generated").write_text("no folder")
    announcer = FolderAnnouncer(folder=tmp_path / "generated")
    assert await announcer.deliver(finished(), [file], within=none_other) == NotPresented(
        Trouble.PASSING
    )
    assert "job job-1: couldn't save its video: " in caplog.text


async def test_each_job_is_told_where_it_was_asked_for(file: LocalFile, tmp_path: Path) -> None:
    discord = RecordingAnnouncer()
    both = AnnouncerByPlace(
        terminal=FolderAnnouncer(folder=tmp_path / "generated"), otherwise=discord
    )
    for job in (finished(), a_job(2, state=State.RENDERED)):
        await both.show(job)
        await both.deliver(job, [file], within=none_other)
        await both.ping(job)

    assert [job.id for job in discord.shown] == ["job-2"]
    assert [path.name for path in (tmp_path / "generated").iterdir()] == ["kling-j1-1.mp4"]
