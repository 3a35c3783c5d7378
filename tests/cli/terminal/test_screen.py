"""The line lives on a terminal, and is a line for each change where there is none."""

from io import StringIO

from rich.console import Console

from bot.cli.terminal.screen import RichScreen
from bot.domain.answers import CancelRefusal, NotCancelled
from bot.domain.job import State
from tests.domain.samples import a_job


def screen_on(paper: StringIO, *, is_terminal: bool) -> RichScreen:
    return RichScreen(
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
    screen.refuse(NotCancelled(CancelRefusal.TOO_LATE))
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
