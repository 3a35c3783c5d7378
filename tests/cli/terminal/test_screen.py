"""The line lives on a terminal, and is a line for each change where there is none."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli.terminal.screen import Screen, TerminalAnnouncer
from bot.domain.denied import Denied
from bot.domain.job import Job, State
from bot.domain.ports import LocalFile, NotPresented, Presented, Trouble
from bot.features.ordering import CancelRefusal
from bot.features.terminal_jobs import TERMINAL
from tests.domain.samples import A_VIDEO, AN_IMAGE, a_job
from tests.runner.stand_ins import none_other


def screen_on(paper: StringIO, *, is_terminal: bool) -> Screen:
    return Screen(
        describe=lambda job, silent, in_line: f"{job.state.value} [bold]{silent} {in_line}",
        refusal=lambda refusal: f"not cancelled: {refusal.value}",
        console=Console(file=paper, force_terminal=is_terminal, width=80, legacy_windows=False),
    )


def test_without_a_terminal_each_change_is_a_line() -> None:
    paper = StringIO()
    screen = screen_on(paper, is_terminal=False)
    for state in (State.QUEUED, State.QUEUED, State.RENDERING):
        screen.show(a_job(1, state=state), service_silent=False, in_line=None)
    screen.ask("Cancel it?")
    screen.go_on()
    screen.refuse(Denied(CancelRefusal.TOO_LATE))
    screen.close()

    assert paper.getvalue().splitlines() == [
        "queued [bold]False None",
        "rendering [bold]False None",
        "Cancel it?",
        "not cancelled: too_late",
    ]


def test_on_a_terminal_one_line_moves_and_goes_away() -> None:
    paper = StringIO()
    screen = screen_on(paper, is_terminal=True)
    screen.say("Job 1.")
    for state in (State.QUEUED, State.RENDERING):
        screen.show(a_job(1, state=state), service_silent=False, in_line=None)
    screen.ask("Cancel it?")
    asked_at = len(paper.getvalue())
    screen.go_on()
    screen.close()

    before, after = paper.getvalue()[:asked_at], paper.getvalue()[asked_at:]
    assert before.index("Job 1.") < before.index("queued") < before.index("Cancel it?")
    assert "rendering [bold]False None" in after
    # The cursor goes up to the line and erases it.
    assert after.rstrip("\n").endswith(("\x1b[2K", "\x1b[?25h"))


@pytest.fixture
def file(tmp_path: Path) -> LocalFile:
    path = tmp_path / "original-1.mp4"
    path.write_bytes(b"video")
    return LocalFile(path=path, name="kling-j1-1.mp4", size_bytes=5, media=A_VIDEO)


def finished() -> Job:
    done = a_job(1, state=State.RENDERED)
    return done.model_copy(update={"place": TERMINAL, "media": (A_VIDEO, AN_IMAGE)})


async def test_the_line_is_drawn_and_the_files_are_saved(file: LocalFile, tmp_path: Path) -> None:
    paper = StringIO()
    announcer = TerminalAnnouncer(
        screen=screen_on(paper, is_terminal=False), output=None, folder=tmp_path / "here"
    )
    assert announcer.saved is None
    delivered = await announcer.deliver(finished(), [file], within=none_other)
    assert delivered == Presented(files=[file])
    for outcome in (await announcer.show(finished()), await announcer.ping(finished())):
        assert outcome == Presented()

    assert announcer.saved == [tmp_path / "here" / "kling-j1-1.mp4"]
    assert paper.getvalue().splitlines() == [
        f"Not fetched; while RunComfy keeps it, it is at {AN_IMAGE.url}",
        "rendered [bold]False None",
    ]


async def test_a_disk_that_does_not_take_it_is_tried_again(file: LocalFile, tmp_path: Path) -> None:
    paper = StringIO()
    (tmp_path / "file").write_text("no folder")
    output = tmp_path / "file" / "kite.mp4"
    announcer = TerminalAnnouncer(
        screen=screen_on(paper, is_terminal=False), output=output, folder=tmp_path
    )

    assert await announcer.deliver(finished(), [file], within=none_other) == NotPresented(
        Trouble.PASSING
    )
    assert paper.getvalue().splitlines() == [
        "The video cannot be saved yet: File exists. I keep trying."
    ]
    assert announcer.saved is None
