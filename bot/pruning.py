"""Finds what has had its time and takes it away: files, drafts and questions, one step each.

Nothing that a job still needs is among it, so it may be done beside a bot that runs.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.files.keeper import Archive, FileKeeper, Kept, beyond_limits, kept_in, remove
from bot.privacy import PersonalData
from bot.storage import SqlJobStore
from bot.storage.expired import (
    Expired,
    count_of,
    delete_all,
    expired_drafts,
    expired_questions,
)
from bot.storage.privacy import SqlPrivacy, is_old
from bot.storage.tables import jobs

STILL_IN_USE: Final = timedelta(hours=1)
"""What was written to so lately may be in a running bot's hands: a video that is sent again."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where to look, and what time it is."""

    store: SqlJobStore
    spool_dir: Path
    archive: Archive | None
    now: datetime
    prompts_kept_for: timedelta
    dry_run: bool
    """Whether it is only asked what would go."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a step found: gone by now, unless it was only asked to look."""

    what: str
    count: int
    size_bytes: int | None = None
    """None where it is no files."""


Step = Callable[[Ground], Awaitable[Pruned]]


async def prune(ground: Ground) -> Sequence[Pruned]:
    """Take every step in turn.

    Raises:
        StoreUnavailable: the database cannot be reached; the steps before it are done.
        OSError: a folder cannot be read; the steps before it are done.
    """
    return [await step(ground) for step in STEPS]


async def _spool(ground: Ground) -> Pruned:
    # First the folders, then the jobs: a folder is only made for a job whose row stands.
    folders = await asyncio.to_thread(_kept_in, ground.spool_dir)
    needed = {job.id for job in await ground.store.unfinished()}
    idle_since = (ground.now - STILL_IN_USE).timestamp()
    leftovers = [
        kept for kept in folders if kept.folder.name not in needed and kept.written_at <= idle_since
    ]
    return await _files("left-overs of ended jobs", ground, leftovers)


async def _archive(ground: Ground) -> Pruned:
    archive, leaving = ground.archive, list[Kept]()
    if archive is not None and archive.folder.is_dir():
        leaving = await asyncio.to_thread(beyond_limits, archive, ground.now)
    return await _files("originals beyond the archive's limits", ground, leaving)


async def _drafts(ground: Ground) -> Pruned:
    return await _rows("drafts of storyboards", ground, expired_drafts(ground.now))


async def _questions(ground: Ground) -> Pruned:
    return await _rows("questions that nobody answered", ground, expired_questions(ground.now))


async def _prompts(ground: Ground) -> Pruned:
    limit_at = ground.now - ground.prompts_kept_for
    database = ground.store.database
    if ground.dry_run:
        count = await count_of(database, Expired(jobs, is_old(limit_at)))
    else:
        at_that_time = _At(ground.now)
        count = await PersonalData(
            store=ground.store,
            people=SqlPrivacy(database=database),
            files=FileKeeper(
                spool_dir=ground.spool_dir, archive=ground.archive, clock=at_that_time
            ),
            clock=at_that_time,
            prompts_kept_for=ground.prompts_kept_for,
        ).forget_old_prompts()
    return Pruned("prompts that are too old", count)


STEPS: Final[tuple[Step, ...]] = (_spool, _archive, _drafts, _questions, _prompts)
"""Another kind of thing that has its time is another step here."""


@dataclass(frozen=True, slots=True)
class _At:
    """The clock of a moment: all steps of one run mean the same one."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        raise AssertionError(f"nothing is waited for: {seconds} s, {wake}")


async def _files(what: str, ground: Ground, kept: Sequence[Kept]) -> Pruned:
    if not ground.dry_run:
        await asyncio.to_thread(remove, kept)
    return Pruned(what, len(kept), sum(entry.size_bytes for entry in kept))


async def _rows(what: str, ground: Ground, expired: Expired) -> Pruned:
    take = count_of if ground.dry_run else delete_all
    return Pruned(what, await take(ground.store.database, expired))


def _kept_in(folder: Path) -> list[Kept]:
    return kept_in(folder) if folder.is_dir() else []
