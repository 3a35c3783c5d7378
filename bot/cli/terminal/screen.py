"""Shows a person at a terminal their job: one live line, sentences, and the saved files."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.denied import Denied
from bot.domain.job import Job
from bot.domain.line import InLine
from bot.domain.ports import (
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
    from rich.console import Console
    from rich.progress import TaskID

Describe = Callable[[Job, bool, InLine | None], str]
"""A job's state in words; the flag says that the service has not answered for a while."""


class Screen:
    """One live line; where the output is no terminal, a line for each change.

    All goes to standard error: standard output is for the result alone.
    """

    def __init__(
        self, *, describe: Describe, refusal: Callable[[CancelRefusal], str], console: "Console"
    ) -> None:
        self._describe = describe
        self._refusal = refusal
        from rich.progress import (  # noqa: PLC0415 - see `bot.cli.generate`
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._line: TaskID | None = None
        self._described = ""

    def show(self, job: Job, *, service_silent: bool, in_line: InLine | None) -> None:
        """Show the job's state on the line."""
        described = self._describe(job, service_silent, in_line)
        if described == self._described:
            return
        self._described = described
        if not self._console.is_terminal:
            self.say(described)
        elif self._line is None:
            self._line = self._progress.add_task(described, total=None)
            self._progress.start()
        else:
            self._progress.update(self._line, description=described)

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

    def __init__(self, *, screen: Screen, output: Path | None, folder: Path) -> None:
        self.saved: list[Path] | None = None
        """The saved files, once the result was delivered; empty if only addresses were shown."""
        self._screen = screen
        self._output = output
        self._folder = folder

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Redraw the line."""
        self._screen.show(job, service_silent=service_silent, in_line=in_line)
        return Presented()

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
