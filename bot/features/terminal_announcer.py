"""Announcers for jobs from the terminal: one for its own line, one for when a bot finishes them."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.domain.job import Job
from bot.domain.line import InLine
from bot.domain.ports import (
    Announcer,
    FilesWithin,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)
from bot.features.terminal_place import is_from_terminal
from bot.features.terminal_saving import save

logger = logging.getLogger(__name__)


class Screen(Protocol):
    """What a person at a terminal sees of their job."""

    def show(self, job: Job, *, service_silent: bool, in_line: InLine | None) -> None:
        """Let the line say where the job stands."""
        ...

    def say(self, sentence: str) -> None:
        """Add a sentence that stays."""
        ...


class TerminalAnnouncer:
    """Fulfils `Announcer` for the one job that somebody at a terminal waits for."""

    def __init__(self, *, screen: Screen, output: Path | None, folder: Path) -> None:
        self.saved: list[Path] | None = None
        """Where the result is, once it was brought here; empty where only addresses were told."""
        self._screen = screen
        self._output = output
        self._folder = folder

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Draw the line anew."""
        self._screen.show(job, service_silent=service_silent, in_line=in_line)
        return Presented()

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        """Save the files; what could not be fetched is told by its address."""
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
        """Nothing to do: whoever waits sees it."""
        del job
        return Presented()


class FolderAnnouncer:
    """Fulfils `Announcer` for jobs whose terminal was left: a running bot saves their videos."""

    def __init__(self, *, folder: Path) -> None:
        self._folder = folder

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Nobody looks."""
        del job, service_silent, in_line
        return Presented()

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        """Save the files into the folder."""
        del within
        try:
            await asyncio.to_thread(self._make_private)
            saved = await save(files, None, folder=self._folder)
        except OSError as error:
            logger.error("job %s: its video cannot be saved: %s", job.id, error.strerror)  # noqa: TRY400 - the traceback would say no more
            return NotPresented(Trouble.PASSING)
        logger.info("job %s: %d file(s) of it are in %s", job.id, len(saved), self._folder)
        return Presented(files=files)

    def _make_private(self) -> None:
        # Nobody else on this machine may look, also into one that was there already.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)

    async def ping(self, job: Job) -> PresentOutcome:
        """Nobody is to be told."""
        del job
        return Presented()


class AnnouncerByPlace:
    """Fulfils `Announcer` in a bot: each job is told where it was asked for."""

    def __init__(self, *, terminal: Announcer, otherwise: Announcer) -> None:
        self._terminal = terminal
        self._otherwise = otherwise

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Show it there."""
        there = self._of(job)
        return await there.show(job, service_silent=service_silent, in_line=in_line)

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        """Deliver it there."""
        return await self._of(job).deliver(job, files, within=within)

    async def ping(self, job: Job) -> PresentOutcome:
        """Tell it there."""
        return await self._of(job).ping(job)

    def _of(self, job: Job) -> Announcer:
        return self._terminal if is_from_terminal(job) else self._otherwise
