"""All that is kept of people, found by their ids, given out and taken away."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, false, insert, select, true, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import Job, JobId, State
from bot.domain.servers import EVERYWHERE, ServerSettings
from bot.features.people import NAMINGS, VIDEOS, Fate
from bot.features.privacy_ports import UNSETTLED_STATES
from bot.features.server_keys_store import take_from_servers
from bot.features.server_settings_store import settings_of
from bot.storage.database import Database
from bot.storage.rows import job_of
from bot.storage.tables import (
    audit_entries,
    instant_or_none,
    jobs,
    server_settings,
    styles,
)
from bot.storage.tables_keys import server_keys
from bot.storage.upserts import insert_unless_there

_TOLD_OR_DELIVERED = (jobs.c.told == true()) | (jobs.c.state == State.DELIVERED.value)
_OVER = (
    jobs.c.state.in_([State.DELIVERED.value, State.FAILED.value, State.CANCELLED.value])
    & _TOLD_OR_DELIVERED
)
_UNSETTLED = jobs.c.state.in_(sorted(state.value for state in UNSETTLED_STATES))

_BLOCK_ALONE = ServerSettings(blocked_by_operator=True).model_dump_json(exclude_defaults=True)
"""What stays of a server that the operator blocked."""


def is_old(limit_at: datetime) -> ColumnElement[bool]:
    """Which jobs were asked for before and have something that can be forgotten.

    A job that lost its prompt before its video was brought still has its links afterwards.
    """
    has_its_prompt = (jobs.c.erased == false()) & (_OVER | _UNSETTLED)
    has_its_links = (jobs.c.erased == true()) & jobs.c.request_id.is_not(None) & _OVER
    return (jobs.c.created_at < limit_at) & (has_its_prompt | has_its_links)


class SqlPrivacy:
    """The PrivacyStore port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def jobs_of(self, user_id: int) -> tuple[Sequence[Job], Sequence[JobId]]:
        """All jobs of a person that were not erased at their wish, oldest first.

        With them the ids of those that cannot be read.
        """
        theirs = (
            select(jobs)
            .where(jobs.c.requester_id == user_id)
            .order_by(jobs.c.created_at, jobs.c.id)
        )
        rows = await self._database.many_rows(theirs)
        # Of thousands the checks take seconds.
        found = await asyncio.to_thread(self._database.unreadable.left_out, rows, job_of)
        read = {job.id for job in found}
        return found, [row["id"] for row in rows if row["id"] not in read]

    async def older_than(
        self, limit_at: datetime, *, at_once: int = 200
    ) -> AsyncGenerator[Sequence[Job]]:
        """Jobs asked for before of which something can be forgotten with age, some at a time.

        Each comes once, whatever becomes of it: one that cannot be erased is in nobody's way.
        """
        last: JobId = ""
        old = select(jobs).where(is_old(limit_at)).order_by(jobs.c.id).limit(at_once)
        while rows := await self._database.rows(old.where(jobs.c.id > last)):
            yield self._database.unreadable.left_out(rows, job_of)
            last = rows[-1]["id"]

    async def rows_of(self, user_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """What is kept of a person beside their jobs, by the name of what it is."""
        found: dict[str, Sequence[Mapping[str, Any]]] = {}
        for naming in NAMINGS:
            if naming is not VIDEOS:
                shown = [naming.table.c[name] for name in naming.shown or naming.table.c.keys()]
                rows = await self._database.many_rows(select(*shown).where(naming.of(user_id)))
                found[naming.name] = await asyncio.to_thread(_as_dicts, rows)
        return found

    async def forget_person(self, user_id: int) -> None:
        """Delete their choices, drafts and questions, and take their name off the ledger.

        The ledger's only change ever: its sums stay, and nobody can tell whose they are. A job
        that is still theirs keeps its name there: what it will cost is entered under it, too.
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

        await self._database.transact(forget)
        await self._database.scrub()

    async def left(self, guild_id: int, at: datetime | None) -> None:
        """Take note that the bot left a server, or with None that it is back."""

        async def note(connection: AsyncConnection) -> None:
            first = insert_unless_there(connection.dialect.name, server_settings)
            if at is not None:
                await connection.execute(first.values(guild_id=guild_id, settings="{}"))
            row = server_settings.c.guild_id == guild_id
            await connection.execute(update(server_settings).where(row).values(left_at=at))

        await self._database.transact(note)

    async def servers(self) -> Mapping[int, datetime | None]:
        """All servers of which something is kept, and when each was left."""
        present_keys = server_keys.c.removed_at.is_(None)
        without_a_row = union(
            select(styles.c.guild_id),
            select(audit_entries.c.guild_id),
            select(server_keys.c.guild_id).where(present_keys),
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
        """Delete all that these servers decided, if left before then; how many servers.

        That the operator blocked one stays: it is no decision of theirs.
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
            # Else whoever is blocked would kick the bot, wait, and invite it anew.
            blocked = [
                {**row, "settings": _BLOCK_ALONE} for row in rows if settings_of(row).is_blocked
            ]
            if blocked:
                await connection.execute(insert(server_settings), blocked)
            return sum(row["settings"] != _BLOCK_ALONE for row in rows)

        return await self._database.transact(forget)


def _as_dicts(rows: Sequence[RowMapping]) -> Sequence[Mapping[str, Any]]:
    return [dict(row) for row in rows]
