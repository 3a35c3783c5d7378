"""A job from the terminal is told there, or saved by a bot; all others are told on Discord."""

import logging
from pathlib import Path

import pytest

from bot.domain.job import Job, State
from bot.domain.line import InLine
from bot.domain.ports import LocalFile, NotPresented, Presented, Trouble
from bot.features.terminal_announcer import AnnouncerByPlace, FolderAnnouncer, TerminalAnnouncer
from bot.features.terminal_place import TERMINAL
from tests.domain.samples import A_VIDEO, AN_IMAGE, a_job
from tests.runner.stand_ins import RecordingAnnouncer, none_other


class Paper:
    """A screen that keeps what it showed and said."""

    def __init__(self) -> None:
        self.shown: list[State] = []
        self.said: list[str] = []

    def show(self, job: Job, *, service_silent: bool, in_line: InLine | None) -> None:
        assert not service_silent
        assert in_line is None
        self.shown.append(job.state)

    def say(self, sentence: str) -> None:
        self.said.append(sentence)


@pytest.fixture
def file(tmp_path: Path) -> LocalFile:
    path = tmp_path / "original-1.mp4"
    path.write_bytes(b"video")
    return LocalFile(path=path, name="kling-j1-1.mp4", size_bytes=5, media=A_VIDEO)


def finished() -> Job:
    done = a_job(1, state=State.RENDERED)
    return done.model_copy(update={"place": TERMINAL, "media": (A_VIDEO, AN_IMAGE)})


async def test_the_line_is_drawn_and_the_files_are_saved(file: LocalFile, tmp_path: Path) -> None:
    paper = Paper()
    announcer = TerminalAnnouncer(screen=paper, output=None, folder=tmp_path / "here")
    assert announcer.saved is None
    delivered = await announcer.deliver(finished(), [file], within=none_other)
    assert delivered == Presented(files=[file])
    for outcome in (await announcer.show(finished()), await announcer.ping(finished())):
        assert outcome == Presented()

    assert paper.shown == [State.RENDERED]
    assert announcer.saved == [tmp_path / "here" / "kling-j1-1.mp4"]
    assert paper.said == [f"Not fetched; while RunComfy keeps it, it is at {AN_IMAGE.url}"]


async def test_a_disk_that_does_not_take_it_is_tried_again(file: LocalFile, tmp_path: Path) -> None:
    paper = Paper()
    (tmp_path / "file").write_text("no folder")
    output = tmp_path / "file" / "kite.mp4"
    announcer = TerminalAnnouncer(screen=paper, output=output, folder=tmp_path)

    assert await announcer.deliver(finished(), [file], within=none_other) == NotPresented(
        Trouble.PASSING
    )
    assert paper.said == ["The video cannot be saved yet: File exists. I keep trying."]
    assert announcer.saved is None


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
    assert "job job-1: 1 file(s) of it are in " in caplog.text


async def test_a_bot_whose_disk_is_full_keeps_it_for_later(
    file: LocalFile, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "generated").write_text("no folder")
    announcer = FolderAnnouncer(folder=tmp_path / "generated")
    assert await announcer.deliver(finished(), [file], within=none_other) == NotPresented(
        Trouble.PASSING
    )
    assert "job job-1: its video cannot be saved: " in caplog.text


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
