"""Members' data: exported, and erased on request or with age."""

import asyncio
import json
import logging
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, delete, false, insert, select, true, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.erasure import UNSETTLED_STATES, by_age, by_wish
from bot.domain.job import Job, JobId, State
from bot.domain.lifecycle import Erased, PromptErased
from bot.domain.ports import Clock, JobStore, StoreUnavailable
from bot.domain.servers import EVERYWHERE, ServerSettings
from bot.features.people import NAMINGS, VIDEOS, Fate
from bot.features.pictures import is_unused
from bot.features.servers.server_keys import take_from_servers
from bot.features.servers.servers import settings_of
from bot.features.showcase.showcase_rows import IS_UNFINISHED, give_up_in
from bot.runner.files.keeper import FileKeeper
from bot.storage.database import Database, in_batches
from bot.storage.rows import job_of
from bot.storage.tables.jobs import (
    audit_entries,
    instant_or_none,
    jobs,
    pictures,
    server_settings,
    styles,
)
from bot.storage.tables.keys import server_keys
from bot.storage.tables.showcase import showcase_posts
from bot.storage.upserts import insert_unless_there

logger = logging.getLogger(__name__)

LEFT_SERVER_KEPT_FOR: Final = timedelta(days=30)
"""How long a server's decisions are kept in case the bot is invited back."""
IsIn = Callable[[int], bool | None]
"""Whether the bot is in a server, by its id; None if this process cannot know."""
_KEYS = {"interaction_token", "interaction_token_until"}
_TOLD_OR_DELIVERED = (jobs.c.told == true()) | (jobs.c.state == State.DELIVERED.value)
_OVER = (
    jobs.c.state.in_([State.DELIVERED.value, State.FAILED.value, State.CANCELLED.value])
    & _TOLD_OR_DELIVERED
)
_UNSETTLED = jobs.c.state.in_(sorted(state.value for state in UNSETTLED_STATES))
_BLOCK_ALONE = ServerSettings(blocked_by_operator=True).model_dump_json(exclude_defaults=True)
"""What is kept of a server that the operator blocked."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much of a person's data was erased, and how much was not."""

    videos: int
    still_under_way: int
    """Unfinished jobs: they cannot be erased before they end."""
    prompts_alone: int = 0
    """Jobs whose video may still be brought: only their prompts are erased."""
    unread: int = 0
    """Jobs that this version cannot read: they are unchanged, and the operator was told."""


def is_old(limit_at: datetime) -> ColumnElement[bool]:
    """Jobs that were asked for before `limit_at` and have something left to erase.

    A job that lost its prompt before its video was brought still has its links afterwards.
    """
    has_its_prompt = (jobs.c.erased == false()) & (_OVER | _UNSETTLED)
    has_its_links = (jobs.c.erased == true()) & jobs.c.request_id.is_not(None) & _OVER
    return (jobs.c.created_at < limit_at) & (has_its_prompt | has_its_links)


class PrivacyRows:
    """What is kept of people. Every method raises StoreUnavailable if the database is away."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def jobs_of(self, user_id: int) -> AsyncGenerator[tuple[Sequence[Job], Sequence[JobId]]]:
        """All jobs of a person that they have not erased, oldest first, in batches.

        Each with the ids of those in it that cannot be read.
        """
        theirs = jobs.c.requester_id == user_id
        oldest_first = (jobs.c.created_at, jobs.c.id)
        ids = await self._database.many_readable(
            select(jobs.c.id).where(theirs).order_by(*oldest_first), lambda row: row["id"]
        )
        for some in in_batches(ids):
            found = await self._database.many_readable(
                select(jobs).where(theirs, jobs.c.id.in_(some)).order_by(*oldest_first), job_of
            )
            read = {job.id for job in found}
            yield found, [job_id for job_id in some if job_id not in read]

    async def older_than(
        self, limit_at: datetime, *, at_once: int = 200
    ) -> AsyncGenerator[Sequence[Job]]:
        """Jobs asked for before the limit that have something left to erase, in batches.

        Each comes once, whatever the outcome: one that cannot be erased delays no other.
        """
        last: JobId = ""
        old = select(jobs).where(is_old(limit_at)).order_by(jobs.c.id).limit(at_once)
        while rows := await self._database.rows(old.where(jobs.c.id > last)):
            yield self._database.unreadable.left_out(rows, job_of)
            last = rows[-1]["id"]

    async def rows_of(self, user_id: int) -> Mapping[str, list[bytes]]:
        """What is kept of a person besides their jobs, by its name, each row as JSON.

        They are written off the event loop, and not kept: even freeing thousands would hold it up.
        """
        found: dict[str, list[bytes]] = {}
        for naming in NAMINGS:
            if naming is not VIDEOS:
                shown = [naming.table.c[name] for name in naming.shown or naming.table.c.keys()]
                theirs = select(*shown).where(naming.of(user_id))
                found[naming.name] = await self._database.many_readable(theirs, _written)
        return found

    async def forget_person(self, user_id: int) -> None:
        """Delete their choices, drafts, questions and pictures; take their name off the ledger.

        A picture that another member uses too, or an unfinished job needs, stays without them.
        The only change ever made to the ledger: its sums stay, without a name. A job that is still
        theirs keeps its name there: its cost will be entered under it, too.
        """
        still_theirs = select(jobs.c.id).where(jobs.c.requester_id == user_id)

        async def forget(connection: AsyncConnection) -> None:
            for naming in NAMINGS:
                theirs = naming.of(user_id)
                if naming.fate is Fate.GOES:
                    await connection.execute(delete(naming.table).where(theirs))
                elif naming.fate is Fate.UNNAMED:
                    without = {column.name: None for column in naming.columns}
                    of_others = naming.table.c.job_id.not_in(still_theirs)
                    unnamed = update(naming.table).where(theirs, of_others).values(without)
                    await connection.execute(unnamed)
            await connection.execute(delete(pictures).where(is_unused()))

        await self._database.transact(forget)
        await self._database.scrub()

    async def left(self, guild_id: int, at: datetime | None) -> None:
        """Record that the bot left a server, or with None that it is back."""

        async def note(connection: AsyncConnection) -> None:
            first = insert_unless_there(connection.dialect.name, server_settings)
            if at is not None:
                await connection.execute(first.values(guild_id=guild_id, settings="{}"))
            row = server_settings.c.guild_id == guild_id
            await connection.execute(update(server_settings).where(row).values(left_at=at))

        await self._database.transact(note)

    async def servers(self) -> Mapping[int, datetime | None]:
        """All servers of which data is kept, and when the bot left each; None if it did not."""
        present_keys = server_keys.c.removed_at.is_(None)
        without_a_row = union(
            select(styles.c.guild_id),
            select(audit_entries.c.guild_id),
            select(server_keys.c.guild_id).where(present_keys),
            select(showcase_posts.c.guild_id).where(IS_UNFINISHED),
        )
        noted = select(server_settings.c.guild_id, server_settings.c.left_at)
        found: dict[int, datetime | None] = {
            row["guild_id"]: None for row in await self._database.rows(without_a_row)
        }
        found |= {
            row["guild_id"]: instant_or_none(row["left_at"])
            for row in await self._database.rows(noted)
        }
        found.pop(EVERYWHERE, None)
        return found

    async def forget_servers(self, guild_ids: Collection[int], left_before: datetime) -> int:
        """Delete these servers' decisions, if left before then; returns the number of servers.

        An operator's block stays: the server did not decide it.
        """

        async def forget(connection: AsyncConnection) -> int:
            left = select(server_settings).where(
                server_settings.c.guild_id.in_(guild_ids)
                & (server_settings.c.left_at < left_before)
            )
            rows = (await connection.execute(left)).mappings().all()
            gone = [row["guild_id"] for row in rows]
            for table in (styles, audit_entries, server_settings):
                await connection.execute(delete(table).where(table.c.guild_id.in_(gone)))
            await take_from_servers(connection, gone, left_before)
            await give_up_in(connection, gone)
            # Otherwise a blocked server could kick the bot, wait, and invite it again.
            blocked = [
                {**row, "settings": _BLOCK_ALONE} for row in rows if settings_of(row).is_blocked
            ]
            if blocked:
                await connection.execute(insert(server_settings), blocked)
            return sum(row["settings"] != _BLOCK_ALONE for row in rows)

        return await self._database.transact(forget)


class Eraser:
    """Erases what jobs showed and said, one by one. The rows stay, because of the money.

    After a failure what is erased stays erased, and the next call continues.
    """

    def __init__(
        self, *, store: JobStore, rows: PrivacyRows, files: FileKeeper, clock: Clock
    ) -> None:
        self._store = store
        self._rows = rows
        self._files = files
        self._clock = clock

    async def erase(self, job: Job, how: Erased | PromptErased) -> bool:
        """Erase it, the copy first: after a crash in between it is erased again.

        A video that is not brought yet keeps its copy. False if the job was written meanwhile.

        Raises:
            OSError: the copy could not be deleted; the row stands as it was.
            StoreUnavailable: the row could not be written.
        """
        if isinstance(how, Erased):
            await self._files.forget(job.id)
        return await self._store.move(job, how, self._clock.now()) is not None

    async def erase_older(self, limit_at: datetime) -> int:
        """Erase jobs asked for before the limit, as far as possible; returns how many.

        Raises:
            StoreUnavailable: the database cannot be reached; what is erased stays erased.
            OSError: the copies of some could not be deleted; the others are erased.
        """
        erased = 0
        failure: OSError | None = None
        async for some in self._rows.older_than(limit_at):
            for job in some:
                how = by_age(job)
                try:
                    erased += how is not None and await self.erase(job, how)
                except OSError as error:
                    failure = error
        if failure is not None:
            raise failure
        return erased


class Privacy:
    """Members' requests about their data, and how long servers' data is kept."""

    def __init__(
        self,
        *,
        rows: PrivacyRows,
        eraser: Eraser,
        forget_choices: Callable[[int], None],
        take_from_showcases: Callable[[int], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._eraser = eraser
        self._forget_choices = forget_choices
        self._take_from_showcases = take_from_showcases
        self._clock = clock

    async def export(self, user_id: int) -> bytes:
        """Everything kept of a person, as a JSON document.

        It is written batch by batch: a text of many thousands of rows that is made at once, or all
        their objects at once in memory, would hold up the event loop even from a thread.

        Raises:
            StoreUnavailable: it cannot be read now.
        """
        unread: list[JobId] = []
        lists: dict[str, list[bytes]] = {"videos": []}
        async for found, not_read in self._rows.jobs_of(user_id):
            written = (_written(_told(job)) for job in found)
            lists["videos"] += await asyncio.to_thread(list, written)
            unread += not_read
        lists |= await self._rows.rows_of(user_id)
        of_whom: dict[str, object] = {"exported_at": self._clock.now(), "user_id": user_id}
        if unread:
            of_whom["videos_that_cannot_be_read"] = unread
        return await asyncio.to_thread(_document, of_whom, lists)

    async def forget(self, user_id: int) -> Forgotten | None:
        """Erase a person's finished jobs and the rest; None if that failed and may be retried."""
        try:
            done: list[type[Erased | PromptErased] | None] = []
            unread = 0
            await self._take_from_showcases(user_id)
            async for found, not_read in self._rows.jobs_of(user_id):
                done += [await self._erased(job) for job in found]
                unread += len(not_read)
            await self._rows.forget_person(user_id)
            self._forget_choices(user_id)
        except (StoreUnavailable, OSError):
            logger.exception("couldn't erase a member's data")
            return None
        return Forgotten(
            videos=done.count(Erased),
            still_under_way=done.count(None),
            prompts_alone=done.count(PromptErased),
            unread=unread,
        )

    async def server_left(self, guild_id: int) -> None:
        """Record it: a server's decisions are kept for a while, in case it was a mistake."""
        await self._rows.left(guild_id, self._clock.now())

    async def server_joined(self, guild_id: int) -> None:
        """Let its decisions apply again."""
        await self._rows.left(guild_id, None)

    async def servers_seen(self, is_in: IsIn) -> int:
        """Record servers that were joined or left unseen; erase those left for too long.

        Both only if `is_in` knows: a process never erases a server if it cannot see whether the
        bot is back in it.

        Raises:
            StoreUnavailable: the database cannot be reached; the next call continues.
        """
        limit_at = self._clock.now() - LEFT_SERVER_KEPT_FOR
        old: list[int] = []
        for guild_id, left_at in (await self._rows.servers()).items():
            is_there = is_in(guild_id)
            if is_there and left_at is not None:
                await self.server_joined(guild_id)
            elif is_there is False and left_at is None:
                await self.server_left(guild_id)
            elif is_there is False and left_at is not None and left_at < limit_at:
                old.append(guild_id)
        return await self._rows.forget_servers(old, limit_at) if old else 0

    async def _erased(self, job: Job) -> type[Erased | PromptErased] | None:
        how = by_wish(job)
        return type(how) if how is not None and await self._eraser.erase(job, how) else None


def _document(single: Mapping[str, object], lists: Mapping[str, Sequence[bytes]]) -> bytes:
    """A JSON object of some values, and of lists whose entries are written already."""
    values = {name: [_json(_plain(value, name))] for name, value in single.items()}
    for name, some in lists.items():
        entries = [piece for one in some for piece in (b",\n", one)]
        values[name] = [b"[", *entries[1:], b"]"]
    named = [piece for name in values for piece in (b",\n", _json(name), b": ", *values[name])]
    # While large pieces are joined, and only then, Python lets other threads run.
    return b"".join([b"{\n", *named[1:], b"\n}\n"])


def _written(row: Mapping[Any, Any]) -> bytes:
    return _json(_plain(row))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def _told(job: Job) -> dict[str, Any]:
    """A job as its requester may read it: without the keys that only the bot may use."""
    return job.model_dump(exclude={"place": _KEYS, "version": True})


def _plain(value: object, name: str = "") -> object:
    """A value for JSON. Ids become texts: as numbers, many readers would round them."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        return {key: _plain(inner, key) for key, inner in entries.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in cast("Sequence[object]", value)]
    if isinstance(value, datetime):
        return value.isoformat()
    is_id = name == "id" or name.endswith(("_id", "_by"))
    return str(value) if is_id and isinstance(value, int) else value
