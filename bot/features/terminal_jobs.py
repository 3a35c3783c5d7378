"""Jobs from the terminal: their place, how their results are saved, and how they are announced."""

import asyncio
import filecmp
import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

from bot.domain.figures import said_number
from bot.domain.job import Job, Place, Reach
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

logger = logging.getLogger(__name__)

GENERATED: Final = "generated"
"""The folder in the data folder where a bot saves videos that no terminal waits for any more."""
OPERATOR_ID: Final = 0
"""The requester at the terminal: the operator."""
# Not on Discord, so with ids that Discord never gives.
TERMINAL: Final = Place(
    channel_id=0,
    message_id=0,
    guild_id=None,
    reach=Reach.BOT,
    upload_limit_bytes=2**62,
)
"""A file may have any size there."""


def is_from_terminal(job: Job) -> bool:
    """Whether it was asked for at a terminal, not on Discord."""
    return job.place.channel_id == TERMINAL.channel_id


def asker(user_id: int | None) -> str:
    """The requester, for a list: the terminal, a Discord id, or a member who was erased."""
    if user_id is None:
        return "an erased member"
    return "the terminal" if user_id == OPERATOR_ID else str(user_id)


def question_id(random: Random) -> int:
    """An id for the request, below all that Discord gives to interactions."""
    return -1 - random.getrandbits(62)


async def save(files: Sequence[LocalFile], wanted: Path | None, *, folder: Path) -> list[Path]:
    """Copy the files to `wanted`, a file or a folder; without it into `folder`, by their names.

    A name that is taken gets a number, unless the file there is identical: a file that is saved
    again after a crash is there once.

    Raises:
        OSError: a file could not be written; no partial file is left.
    """
    return [
        await asyncio.to_thread(_save, file, wanted, folder, number)
        for number, file in enumerate(files, start=1)
    ]


def _save(file: LocalFile, wanted: Path | None, folder: Path, number: int) -> Path:
    if wanted is None or wanted.is_dir():
        target = (wanted or folder) / file.name
    else:
        stem = wanted.stem if number == 1 else f"{wanted.stem}-{number}"
        target = wanted.with_name(stem + (wanted.suffix or file.path.suffix))
    target.parent.mkdir(parents=True, exist_ok=True)
    names = _names(target)
    while True:
        name = next(names)
        if name.exists() and filecmp.cmp(file.path, name, shallow=False):
            return name
        with suppress(FileExistsError):
            _copy(file.path, name)
            return name


def _names(target: Path) -> Iterator[Path]:
    yield target
    yield from (target.with_name(f"{target.stem} ({n}){target.suffix}") for n in count(2))


def _copy(source: Path, target: Path) -> None:
    # Exclusive: of two processes that save at once neither overwrites the other's file.
    with source.open("rb") as original, target.open("xb") as copy:
        try:
            shutil.copyfileobj(original, copy)
            copy.flush()
            os.fsync(copy.fileno())
        except OSError:
            target.unlink(missing_ok=True)
            raise


class FolderAnnouncer:
    """`Announcer` of jobs whose terminal was closed: a running bot saves their videos."""

    def __init__(self, *, folder: Path) -> None:
        self._folder = folder

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Show nothing: the terminal was closed."""
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
            logger.error("job %s: couldn't save its video: %s", job.id, error.strerror)  # noqa: TRY400 - the traceback would say no more
            return NotPresented(Trouble.PASSING)
        logger.info("job %s: saved %s in %s", job.id, said_number(len(saved), "file"), self._folder)
        return Presented(files=files)

    def _make_private(self) -> None:
        # No other user of this machine may look into it, even if the folder existed already.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)

    async def ping(self, job: Job) -> PresentOutcome:
        """Notify no one: the terminal was closed."""
        del job
        return Presented()


class AnnouncerByPlace:
    """`Announcer` in a bot: each job is announced where it was asked for."""

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
        """Notify there."""
        return await self._of(job).ping(job)

    def _of(self, job: Job) -> Announcer:
        return self._terminal if is_from_terminal(job) else self._otherwise
