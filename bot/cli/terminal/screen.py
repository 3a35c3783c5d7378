"""Shows a person at a terminal their job: one live line, sentences, and the saved files."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.domain.denied import Denied
from bot.domain.forecast import Forecast, Forecasts, changes_at
from bot.domain.job import Job
from bot.domain.line import InLine
from bot.domain.ports import (
    Clock,
    FilesWithin,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)
from bot.features.ordering import CancelRefusal
from bot.features.terminal_jobs import save

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console, RenderableType
    from rich.progress import TaskID
    from rich.table import Table

Describe = Callable[[Job, bool, InLine | None], str]
"""A job's state in words; the flag says that the service has not answered for a while."""


BAR_WIDTH: Final = 24


class ExpectedTime:
    """A bar that goes by the time such jobs took. The job's real progress is not known."""

    def __init__(self, *, clock: Clock, usual: Callable[[Forecast], str]) -> None:
        self._clock = clock
        self._usual = usual
        self._span: tuple[datetime, datetime] | None = None
        self._text = ""

    def follow(self, job: Job, forecast: Forecast | None) -> str | None:
        """Begin where the job was sent, and be full when it is late; what that is by, once known.

        Without a forecast nothing is drawn.
        """
        late_from = None if forecast is None else forecast.late_from(job)
        if forecast is None or job.sent_at is None or late_from is None:
            self._span = None
            return None
        self._span, self._text = (job.sent_at, late_from), self._usual(forecast)
        return (
            f"The bar goes by how long the latest videos like this took: {self._text}. RunComfy "
            "doesn't tell how far it is."
        )

    def drawn(self) -> "Sequence[Table]":
        """The bar and its words, as of now; empty where nothing is known."""
        from rich.progress_bar import ProgressBar  # noqa: PLC0415 - see `bot.cli.generate`
        from rich.table import Table  # noqa: PLC0415 - see above
        from rich.text import Text  # noqa: PLC0415 - see above

        if self._span is None:
            return ()
        begun, late_from = self._span
        whole_s = (late_from - begun).total_seconds()
        gone_s = max((self._clock.now() - begun).total_seconds(), 0.0)
        is_late = gone_s >= whole_s
        bar = ProgressBar(
            total=whole_s, completed=min(gone_s, whole_s), width=BAR_WIDTH, pulse=is_late
        )
        grid = Table.grid(padding=(0, 1))
        grid.add_row(bar, Text("longer than usual" if is_late else self._text, style="dim"))
        return (grid,)


class Screen:
    """One live line; where the output is no terminal, a line for each change.

    All goes to standard error: standard output is for the result alone.
    """

    def __init__(
        self,
        *,
        describe: Describe,
        refusal: Callable[[CancelRefusal], str],
        expected: ExpectedTime,
        console: "Console",
    ) -> None:
        self._describe = describe
        self._refusal = refusal
        from rich.progress import (  # noqa: PLC0415 - see `bot.cli.generate`
            Progress,
            RenderableColumn,
            SpinnerColumn,
            TimeElapsedColumn,
        )

        self._expected = expected
        self._is_bar_explained = False
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            RenderableColumn(self),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._line: TaskID | None = None
        self._described = ""

    def show(
        self,
        job: Job,
        *,
        service_silent: bool,
        in_line: InLine | None,
        forecast: Forecast | None = None,
    ) -> None:
        """Show the job's state on the line, and on a terminal how long it may take."""
        goes_by = self._expected.follow(job, forecast)
        if goes_by is not None and self._console.is_terminal and not self._is_bar_explained:
            self._is_bar_explained = True
            self.say(goes_by)
        described = self._describe(job, service_silent, in_line)
        if described == self._described:
            return
        self._described = described
        if not self._console.is_terminal:
            self.say(described)
        elif self._line is None:
            self._line = self._progress.add_task("", total=None)
            self._progress.start()
        else:
            self._progress.refresh()

    def __rich__(self) -> "RenderableType":
        """The state, and below it the bar."""
        from rich.console import Group  # noqa: PLC0415 - see `bot.cli.generate`
        from rich.text import Text  # noqa: PLC0415 - see above

        return Group(Text(self._described), *self._expected.drawn())

    def say(self, sentence: str) -> None:
        """Print a sentence above the line."""
        self._console.print(sentence, markup=False, highlight=False, emoji=False)

    def ask(self, question: str) -> None:
        """Pause the line, and ask a question."""
        self.close()
        self.say(question)

    def go_on(self) -> None:
        """Resume the line."""
        if self._line is not None:
            self._progress.start()

    def refuse(self, answer: Denied[CancelRefusal]) -> None:
        """Say why the job was not cancelled."""
        self.say(self._refusal(answer.why))

    def close(self) -> None:
        """Remove the line."""
        if self._line is not None:
            self._progress.stop()


class TerminalAnnouncer:
    """The `Announcer` of the one job that a person at a terminal waits for."""

    def __init__(
        self,
        *,
        screen: Screen,
        output: Path | None,
        folder: Path,
        forecasts: Forecasts,
        clock: Clock,
    ) -> None:
        self.saved: list[Path] | None = None
        """The saved files, once the result was delivered; empty if only addresses were shown."""
        self._screen = screen
        self._output = output
        self._folder = folder
        self._forecasts = forecasts
        self._clock = clock

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Redraw the line."""
        forecast = await self._forecasts.of(job)
        self._screen.show(job, service_silent=service_silent, in_line=in_line, forecast=forecast)
        return Presented(stale_at=changes_at(job, forecast, self._clock.now()))

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        """Save the files; print the address of each that could not be fetched."""
        del within  # a disk has no limit for a file
        try:
            self.saved = await save(files, self._output, folder=self._folder)
        except OSError as error:
            self._screen.say(f"The video cannot be saved yet: {error.strerror}. I keep trying.")
            return NotPresented(Trouble.PASSING)
        fetched = [file.media for file in files]
        for media in job.media:
            if media not in fetched:
                self._screen.say(f"Not fetched; while RunComfy keeps it, it is at {media.url}")
        return Presented(files=files)

    async def ping(self, job: Job) -> PresentOutcome:
        """Do nothing: the person who waits sees the line."""
        del job
        return Presented()
