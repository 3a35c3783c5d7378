"""Pictures that videos begin or end with: checked, kept once for the same bytes, and let go."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Column, ColumnElement, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.denied import Denied
from bot.domain.generation.picture import (
    ATTACHMENT_MAX_BYTES,
    Picture,
    PictureFault,
    PictureRefusal,
)
from bot.domain.job import JobId
from bot.domain.ports import Clock
from bot.runner.picture_reader import ReadPicture, read_picture
from bot.storage.database import Database
from bot.storage.store import NEEDS_WORK
from bot.storage.tables.jobs import jobs, pending_wishes, picture_uses, pictures, storyboard_drafts
from bot.storage.upserts import insert_unless_there

logger = logging.getLogger(__name__)

FETCH_MAX_S: Final = 30.0
"""How long Discord may take to hand over an attachment."""

Fetch = Callable[[], Awaitable[bytes | None]]
"""Reads an attachment; None if it cannot be had."""
Taken = Picture | Denied[PictureRefusal]


class Pictures:
    """Takes in members' pictures, one at a time, and keeps their bytes.

    Raises, in every method:
        StoreUnavailable: the database cannot be reached or written now.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        # However many come at once, one is in memory: its bytes, and the process that decodes it.
        self._turn = asyncio.Semaphore()

    async def take(self, data: bytes, *, user_id: int, link: str | None = None) -> Taken:
        """Check a picture, keep what is sent of it, and note that this member uses it."""
        async with self._turn:
            return await self._taken(data, user_id=user_id, link=link)

    async def fetch(
        self, fetch: Fetch, *, declared_bytes: int, user_id: int, link: str | None = None
    ) -> Taken:
        """Like `take`, for an attachment that is not read yet: a large one is refused unread.

        It is read when its turn comes, so that the pictures that wait take no memory.
        """
        if declared_bytes > ATTACHMENT_MAX_BYTES:
            return Denied(PictureRefusal(PictureFault.TOO_LARGE))
        async with self._turn:
            try:
                async with asyncio.timeout(FETCH_MAX_S):
                    data = await fetch()
            except TimeoutError:
                data = None
            if data is None:
                return Denied(PictureRefusal(PictureFault.NOT_FETCHED))
            return await self._taken(data, user_id=user_id, link=link)

    async def _taken(self, data: bytes, *, user_id: int, link: str | None) -> Taken:
        read = await read_picture(data, link=link)
        if isinstance(read, Denied):
            logger.info("refused a picture: %s", read.why.fault)
            return read
        await self._keep(read, user_id)
        return read.picture

    async def _keep(self, read: ReadPicture, user_id: int) -> None:
        now, digest = self._clock.now(), read.picture.digest

        async def keep(connection: AsyncConnection) -> None:
            if not await _used(connection, digest, user_id, now):
                first = insert_unless_there(connection.dialect.name, pictures)
                row = {"digest": digest, "media_type": read.picture.media_type, "data": read.data}
                await connection.execute(first.values(row | {"used_at": now}))
                await _note_use(connection, digest, user_id, now)

        await self._database.transact(keep)

    async def bytes_of(self, digest: str) -> bytes | None:
        """The bytes that are sent; None if they are not kept any more."""
        rows = await self._database.rows(select(pictures.c.data).where(pictures.c.digest == digest))
        return bytes(rows[0]["data"]) if rows else None

    async def used_again(self, picture: Picture, user_id: int) -> bool:
        """Note that a member uses a kept picture again; False if it is not kept any more."""
        now = self._clock.now()
        return await self._database.transact(
            lambda connection: _used(connection, picture.digest, user_id, now)
        )

    async def let_go(self, job_id: JobId, user_id: int) -> None:
        """Forget the pictures of a deleted job, unless another job of this member shows them."""

        def shown_by(one: ColumnElement[bool]) -> ColumnElement[bool]:
            return exists().where(one, jobs.c.request.contains(picture_uses.c.digest))

        of_others = (jobs.c.requester_id == user_id) & (jobs.c.id != job_id) & ~jobs.c.deleted
        only_there = shown_by(jobs.c.id == job_id) & ~shown_by(of_others)

        async def forget(connection: AsyncConnection) -> None:
            theirs = picture_uses.c.user_id == user_id
            await connection.execute(delete(picture_uses).where(theirs, only_there))
            await connection.execute(delete(pictures).where(is_unused()))

        await self._database.transact(forget)


async def _used(connection: AsyncConnection, digest: str, user_id: int, now: datetime) -> bool:
    # First: a prune that runs at the same time then waits for this row, and sees that it is used.
    touched = update(pictures).where(pictures.c.digest == digest).values(used_at=now)
    is_kept = (await connection.execute(touched)).rowcount == 1
    if is_kept:
        await _note_use(connection, digest, user_id, now)
    return is_kept


async def _note_use(connection: AsyncConnection, digest: str, user_id: int, now: datetime) -> None:
    same = (picture_uses.c.digest == digest) & (picture_uses.c.user_id == user_id)
    await connection.execute(delete(picture_uses).where(same))
    await connection.execute(
        insert(picture_uses).values(digest=digest, user_id=user_id, used_at=now)
    )


def has_had_its_time(
    digest: Column[str], used_at: Column[datetime], limit_at: datetime
) -> ColumnElement[bool]:
    """Whether a picture was last used before the limit, and nothing needs or needed it since."""
    needed_since = _named(digest, jobs.c.state_since > limit_at)
    return (used_at <= limit_at) & ~_needed(digest) & ~needed_since


def is_unused() -> ColumnElement[bool]:
    """Pictures that no member uses any more and nothing needs."""
    used = exists().where(picture_uses.c.digest == pictures.c.digest)
    return ~used & ~_needed(pictures.c.digest)


def _needed(digest: Column[str]) -> ColumnElement[bool]:
    """Whether a job that is not over, a question or a draft names this picture.

    It is looked for in their text: so it is found in rows that this version cannot read as well.
    """
    return (
        _named(digest, NEEDS_WORK)
        | exists().where(pending_wishes.c.request.contains(digest))
        | exists().where(storyboard_drafts.c.board.contains(digest))
    )


def _named(digest: Column[str], by: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(by, jobs.c.request.contains(digest))
