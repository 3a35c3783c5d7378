"""The line that lives: where the job stands, for how long, and what stays beneath it."""

from collections.abc import Callable

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from bot.domain.answers import CancelRefusal, NotCancelled
from bot.domain.job import Job
from bot.domain.line import InLine

Describe = Callable[[Job, bool, InLine | None], str]
"""Where a job stands, in words; the flag says that the service has not answered for a while."""


class RichScreen:
    """Fulfils `Screen` and `Questioning`: one line that moves, or on no terminal a line a change.

    All goes to standard error: standard output is for the result alone.
    """

    def __init__(
        self, *, describe: Describe, refusal: Callable[[CancelRefusal], str], console: Console
    ) -> None:
        self._describe = describe
        self._refusal = refusal
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
        """Let the line say where the job stands."""
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
        """Add a sentence that stays."""
        self._console.print(Text(sentence))

    def ask(self, question: str) -> None:
        """Let the line rest, and put a question."""
        self.close()
        self.say(question)

    def go_on(self) -> None:
        """Let the line go on."""
        if self._line is not None:
            self._progress.start()

    def refuse(self, answer: NotCancelled) -> None:
        """Say why it was not cancelled."""
        self.say(self._refusal(answer.refusal))

    def close(self) -> None:
        """Take the line away."""
        if self._line is not None:
            self._progress.stop()
