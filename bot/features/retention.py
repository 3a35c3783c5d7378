"""Deletes expired data, one kind per step: daily, and by `prune`.

It deletes nothing that a job still needs, so it may run beside a bot.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, Table, delete, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.clock import JUMP
from bot.domain.forecast import SAMPLE_MAX
from bot.domain.generation.storyboard import DRAFT_LIFE
from bot.domain.money.ledger import Scope
from bot.domain.ports import Clock
from bot.domain.showcase import ENDED
from bot.features.pictures import has_had_its_time, is_unused
from bot.features.privacy import Eraser, PrivacyRows, is_old
from bot.runner.files.keeper import Archive, FileKeeper, Kept, beyond_limits, kept_in, remove
from bot.storage import SqlJobStore
from bot.storage.database import Database
from bot.storage.tables.jobs import (
    account_balances,
    cooldowns,
    instant_or_none,
    jobs,
    ledger,
    ledger_accounts,
    ledger_adjustments,
    owner_troubles,
    pending_wishes,
    picture_uses,
    pictures,
    render_times,
    storyboard_drafts,
)
from bot.storage.tables.showcase import showcase_posts, stars

logger = logging.getLogger(__name__)

_EVERY: Final = timedelta(days=1)
_AGAIN_AFTER: Final = timedelta(hours=1)
"""When to retry after the disk failed to delete something."""
_IDLE_AT_MOST: Final = timedelta(days=2)
"""If the bot wrote nothing for longer, it may have been off, or its clock may be ahead."""
COUNTS_KEPT_FOR: Final = timedelta(days=62)
"""How long the counts of a person's limits are kept: this month and the previous one."""
OWNER_NEWS_KEPT_FOR: Final = timedelta(days=30)
"""How long it is kept what the owner was told of; the same trouble again within a day is one."""
_PERSONAL = (Scope.MEMBER.value, Scope.OPERATOR_USER.value)
STILL_IN_USE: Final = timedelta(hours=1)
"""A file written this recently may be in use by a running bot: a video that is sent again."""


@dataclass(frozen=True, slots=True)
class Expired:
    """Rows of one table that are not needed any more."""

    table: Table
    where: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where to look, and the current time."""

    store: SqlJobStore
    spool_dir: Path
    archive: Archive | None
    now: datetime
    prompts_kept_for: timedelta
    pictures_kept_for: timedelta
    dry_run: bool
    """Whether to report only what would be deleted."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a step found; deleted by now, unless it was a dry run."""

    what: str
    count: int
    size_bytes: int | None = None
    """None if it is not files."""


Step = Callable[[Ground], Awaitable[Pruned]]


async def prune(ground: Ground) -> Sequence[Pruned]:
    """Run every step in turn.

    Raises:
        StoreUnavailable: the database cannot be reached; the steps before it are done.
        OSError: a folder cannot be read; the steps before it are done.
    """
    return [await step(ground) for step in STEPS]


async def _spool(ground: Ground) -> Pruned:
    # List the folders before the jobs: a folder is only made for a job whose row exists.
    folders = await asyncio.to_thread(_kept_in, ground.spool_dir)
    needed = frozenset(await ground.store.unfinished_ids())
    idle_since = (ground.now - STILL_IN_USE).timestamp()
    leftovers = [
        kept for kept in folders if kept.folder.name not in needed and kept.written_at <= idle_since
    ]
    return await _files("leftovers of ended jobs", ground, leftovers)


async def _archive(ground: Ground) -> Pruned:
    archive, leaving = ground.archive, list[Kept]()
    if archive is not None and archive.folder.is_dir():
        leaving = await asyncio.to_thread(beyond_limits, archive, ground.now)
    return await _files("originals beyond the archive's limits", ground, leaving)


async def _drafts(ground: Ground) -> Pruned:
    return await _rows(
        "drafts of storyboards",
        ground,
        Expired(storyboard_drafts, storyboard_drafts.c.touched_at <= ground.now - DRAFT_LIFE),
    )


async def _questions(ground: Ground) -> Pruned:
    return await _rows(
        "unanswered questions",
        ground,
        Expired(pending_wishes, pending_wishes.c.expires_at <= ground.now),
    )


async def _prompts(ground: Ground) -> Pruned:
    limit_at = ground.now - ground.prompts_kept_for
    database = ground.store.database
    if ground.dry_run:
        count = await count_of(database, Expired(jobs, is_old(limit_at)))
    else:
        at_that_time = _At(ground.now)
        count = await Eraser(
            store=ground.store,
            rows=PrivacyRows(database=database),
            files=FileKeeper(spool_dir=ground.spool_dir, archive=ground.archive),
            clock=at_that_time,
        ).erase_older(limit_at)
        if count:
            await database.scrub()
    return Pruned("prompts that are too old", count)


async def _pauses(ground: Ground) -> Pruned:
    return await _rows(
        "pauses between two requests",
        ground,
        Expired(cooldowns, cooldowns.c.again_at <= ground.now),
    )


async def _counts(ground: Ground) -> Pruned:
    # Both the balances and their entries, so that the balances remain sums of the entries.
    before = f"{ground.now - COUNTS_KEPT_FOR:%Y-%m}"
    expired = [
        Expired(table, table.c.scope.in_(_PERSONAL) & (table.c.period < before))
        for table in (account_balances, ledger_accounts, ledger_adjustments)
    ]
    return await _rows("counts of people's past months", ground, *expired)


async def _pictures(ground: Ground) -> Pruned:
    # After the drafts and questions that name them, and no longer than the prompts beside them.
    limit_at = ground.now - min(ground.pictures_kept_for, ground.prompts_kept_for)
    old = has_had_its_time(pictures.c.digest, pictures.c.used_at, limit_at) | is_unused()
    gone = await _rows("pictures", ground, Expired(pictures, old))
    if not ground.dry_run:
        old_use = has_had_its_time(picture_uses.c.digest, picture_uses.c.used_at, limit_at)
        await delete_all(ground.store.database, Expired(picture_uses, old_use))
        if gone.count:
            await ground.store.database.scrub()
    return gone


async def _render_times(ground: Ground) -> Pruned:
    of_one_length = (render_times.c.model_id, render_times.c.duration_s)
    newest_first = (render_times.c.rendered_at.desc(), render_times.c.job_id)
    place = func.row_number().over(partition_by=of_one_length, order_by=newest_first)
    placed = select(render_times.c.job_id, place.label("place")).subquery()
    unread = select(placed.c.job_id).where(placed.c.place > SAMPLE_MAX)
    return await _rows(
        "old timings of videos",
        ground,
        Expired(render_times, render_times.c.job_id.in_(unread)),
    )


async def _owner_news(ground: Ground) -> Pruned:
    old = owner_troubles.c.ended_at < ground.now - OWNER_NEWS_KEPT_FOR
    return await _rows("messages to the owner", ground, Expired(owner_troubles, old))


async def _stars(ground: Ground) -> Pruned:
    # After the prompts: of what is erased nothing is counted any more. What is shown may be taken
    # back, so where it is stays known.
    over = select(jobs.c.id).where((jobs.c.erased == true()) | (jobs.c.deleted == true()))
    ended = showcase_posts.c.state.in_([state.value for state in ENDED])
    return await _rows(
        "stars and ended showcase posts of erased videos",
        ground,
        Expired(stars, stars.c.job_id.in_(over)),
        Expired(showcase_posts, showcase_posts.c.job_id.in_(over) & ended),
    )


STEPS: Final[tuple[Step, ...]] = (
    _spool,
    _archive,
    _drafts,
    _questions,
    _prompts,
    _pauses,
    _counts,
    _pictures,
    _render_times,
    _owner_news,
    _stars,
)
"""Each kind of data that expires is one step here."""


Heard = Callable[[datetime], datetime | None]
"""The time that the services tell, nearest to the one given; None until one of them told it."""


async def is_believed(store: SqlJobStore, now: datetime, heard: Heard) -> bool:
    """Whether data may be deleted because `now` says that it expired.

    With a clock that is ahead all of it would be deleted. So the services' time is compared; until
    one of them tells it, the last write has to be recent.

    Raises:
        StoreUnavailable: the database cannot be reached.
    """
    said = heard(now)
    if said is not None:
        return abs(now - said) <= JUMP
    (row,) = await store.database.rows(select(func.max(ledger.c.at).label("newest")))
    newest = instant_or_none(row["newest"])
    return newest is None or now - newest <= _IDLE_AT_MOST


class DailyRun:
    """Runs every step once a day beside the bot."""

    def __init__(
        self,
        *,
        ground: Ground,
        clock: Clock,
        heard: Heard | None = None,
        steps: Sequence[Step] = STEPS,
    ) -> None:
        """Without `heard` the caller vouches for the clock."""
        self._ground = ground
        self._clock = clock
        self._heard = heard
        self._steps = steps
        self._next_at = clock.now()

    async def run(self) -> None:
        """Run them, unless done within a day; retry in an hour what the disk did not delete.

        Raises:
            StoreUnavailable: the database cannot be reached; the next call tries again.
        """
        now = self._clock.now()
        # The next run is more than a day away only after a clock that was ahead.
        if now < self._next_at <= now + _EVERY:
            return
        if self._heard and not await is_believed(self._ground.store, now, self._heard):
            logger.error("deleted nothing: this machine's clock says %s. Is that right?", now)
            self._next_at = now + _AGAIN_AFTER
            return
        ground, taken, next_at = replace(self._ground, now=now), list[Pruned](), now + _EVERY
        for step in self._steps:
            try:
                taken.append(await step(ground))
            except OSError as error:
                # The operator has to know: prompts may be kept for longer than promised. And what
                # cannot be read or deleted must not keep everything else from being erased.
                logger.error("couldn't delete everything that had expired (%s)", error.strerror)  # noqa: TRY400 - the traceback would say no more
                next_at = now + _AGAIN_AFTER
        self._next_at = next_at
        if told := ", ".join(f"{step.count} {step.what}" for step in taken if step.count):
            logger.info("deleted what had expired: %s", told)


@dataclass(frozen=True, slots=True)
class _At:
    """A fixed clock: all steps of one run use the same time."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        raise AssertionError(f"nothing is waited for: {seconds} s, {wake}")


async def _files(what: str, ground: Ground, kept: Sequence[Kept]) -> Pruned:
    if not ground.dry_run:
        await asyncio.to_thread(remove, kept)
    return Pruned(what, len(kept), sum(entry.size_bytes for entry in kept))


async def _rows(what: str, ground: Ground, *expired: Expired) -> Pruned:
    take = count_of if ground.dry_run else delete_all
    return Pruned(what, await take(ground.store.database, *expired))


def _kept_in(folder: Path) -> list[Kept]:
    return kept_in(folder) if folder.is_dir() else []


async def count_of(database: Database, *expired: Expired) -> int:
    """The number of rows.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    number = 0
    for kind in expired:
        query = select(func.count().label("number")).select_from(kind.table).where(kind.where)
        (row,) = await database.rows(query)
        number += int(row["number"])
    return number


async def delete_all(database: Database, *expired: Expired) -> int:
    """Delete them; returns how many there were.

    Raises:
        StoreUnavailable: the database cannot be written now; nothing was deleted.
    """

    async def delete_each(connection: AsyncConnection) -> int:
        deleted = [
            await connection.execute(delete(kind.table).where(kind.where)) for kind in expired
        ]
        return sum(result.rowcount for result in deleted)

    return await database.transact(delete_each)
