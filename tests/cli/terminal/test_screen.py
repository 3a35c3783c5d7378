"""The line lives on a terminal, and is a line for each change where there is none."""

from collections.abc import Sequence
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli.terminal.screen import BAR_WIDTH, ExpectedTime, Screen, TerminalAnnouncer
from bot.domain.denied import Denied
from bot.domain.forecast import SAMPLE_MIN, Forecast, Forecasts
from bot.domain.job import Job, State
from bot.domain.ports import LocalFile, NotPresented, Presented, Trouble
from bot.features.ordering import CancelRefusal
from bot.features.terminal_jobs import TERMINAL
from tests.clocks import FakeClock
from tests.domain.samples import A_VIDEO, AN_IMAGE, NOON, a_job
from tests.domain.test_forecast import CountedTimings
from tests.runner.stand_ins import none_other

USUALLY = Forecast(median_s=60, most_s=120)


def expected_by(clock: FakeClock) -> ExpectedTime:
    return ExpectedTime(clock=clock, usual=lambda forecast: f"usually {forecast.median_s:g} s")


def screen_on(
    paper: StringIO, *, is_terminal: bool, expected: ExpectedTime | None = None
) -> Screen:
    return Screen(
        expected=expected or expected_by(FakeClock()),
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


def forecasts_of(took_s: Sequence[float]) -> Forecasts:
    return Forecasts(last_times=CountedTimings(took_s).last, clock=FakeClock())


def sent_job(state: State) -> Job:
    return a_job(1, state=state).model_copy(update={"sent_at": NOON})


def seen(expected: ExpectedTime) -> str:
    paper = StringIO()
    Console(file=paper, width=80).print(*expected.drawn())
    return paper.getvalue().rstrip()


def test_the_bar_goes_by_the_time_that_such_videos_took_and_is_full_when_it_is_late() -> None:
    clock = FakeClock()
    expected = expected_by(clock)
    assert seen(expected) == ""

    expected.follow(sent_job(State.RENDERING), USUALLY)
    filled: list[int] = []
    for elapsed_s in (0, 30, 60, 119):
        clock.move_to(NOON + timedelta(seconds=elapsed_s))
        assert seen(expected).endswith("usually 60 s")
        filled.append(seen(expected).count("━"))
    assert filled == [0, BAR_WIDTH // 4, BAR_WIDTH // 2, BAR_WIDTH - 1]

    clock.move_to(NOON + timedelta(seconds=120))
    assert seen(expected).endswith("longer than usual")

    slow_clock = expected_by(FakeClock())
    ahead = sent_job(State.RENDERING).model_copy(update={"sent_at": NOON + timedelta(hours=1)})
    slow_clock.follow(ahead, USUALLY)
    assert "━" not in seen(slow_clock), "a clock that was set back is no progress"


def test_no_bar_without_enough_videos_to_go_by_or_after_the_end() -> None:
    expected = expected_by(FakeClock())
    assert expected.follow(sent_job(State.QUEUED), None) is None
    assert seen(expected) == ""
    assert expected.follow(sent_job(State.RENDERING), USUALLY) is not None
    assert expected.follow(sent_job(State.RENDERED), None) is None
    assert seen(expected) == ""


@pytest.mark.parametrize("is_terminal", [True, False])
async def test_what_the_bar_goes_by_is_said_once_and_to_a_person_alone(
    tmp_path: Path, *, is_terminal: bool
) -> None:
    paper, clock = StringIO(), FakeClock()
    screen = screen_on(paper, is_terminal=is_terminal, expected=expected_by(clock))
    announcer = TerminalAnnouncer(
        screen=screen,
        output=None,
        folder=tmp_path,
        forecasts=forecasts_of([60.0] * SAMPLE_MIN),
        clock=clock,
    )
    for state in (State.WAITING, State.QUEUED, State.RENDERING, State.RENDERING):
        await announcer.show(sent_job(state))
    screen.close()

    told = paper.getvalue().count("The bar goes by how long the latest videos like this took")
    assert told == int(is_terminal)
    assert paper.getvalue().count("RunComfy doesn't tell how far it is.") <= 1
    assert ("usually 60 s" in paper.getvalue()) is is_terminal


async def test_the_line_is_drawn_again_when_it_becomes_late(tmp_path: Path) -> None:
    clock = FakeClock()
    announcer = TerminalAnnouncer(
        screen=screen_on(StringIO(), is_terminal=False),
        output=None,
        folder=tmp_path,
        forecasts=forecasts_of([60.0] * SAMPLE_MIN),
        clock=clock,
    )
    clock.move_to(NOON + timedelta(seconds=1))
    shown = await announcer.show(sent_job(State.QUEUED))
    assert shown == Presented(stale_at=NOON + timedelta(seconds=60))


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
        screen=screen_on(paper, is_terminal=False),
        output=None,
        folder=tmp_path / "here",
        forecasts=forecasts_of([]),
        clock=FakeClock(),
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
        screen=screen_on(paper, is_terminal=False),
        output=output,
        folder=tmp_path,
        forecasts=forecasts_of([]),
        clock=FakeClock(),
    )

    assert await announcer.deliver(finished(), [file], within=none_other) == NotPresented(
        Trouble.PASSING
    )
    assert paper.getvalue().splitlines() == [
        "The video cannot be saved yet: File exists. I keep trying."
    ]
    assert announcer.saved is None
