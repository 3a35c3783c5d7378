"""The queue: reads who waits and who is under way; of two decisions at once, one waits."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Executable, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import State
from bot.domain.line import UNDER_WAY_STATES, Standing
from bot.storage.database import ROWS_AT_A_TIME
from bot.storage.tables.jobs import UNREADABLE, jobs

LINE_LOCK = 0x6B6C696E67
"""The advisory lock of PostgreSQL for the queue; any number that is used for nothing else."""

_A_LINE = 2
_LATELY = timedelta(hours=1)
"""Jobs this much older than the oldest waiting one are ignored: few were sent since it came."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_UNDER_WAY = sorted(state.value for state in UNDER_WAY_STATES)


async def lock_the_line(connection: AsyncConnection) -> None:
    """Lock the queue until the transaction ends. On SQLite it has the only write lock already."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(LINE_LOCK)))


async def standings(connection: AsyncConnection) -> Sequence[Standing]:
    """All queue entries: jobs that wait and jobs that are under way.

    Of those under way only each person's number in each server matters, so the same entry is
    repeated, without id and time: with a thousand jobs this takes a quarter of the time.
    """
    return [*await _under_way(connection), *await _waiting(connection)]


async def _waiting(connection: AsyncConnection) -> Sequence[Standing]:
    columns = (
        *(jobs.c.id, jobs.c.server_id, jobs.c.requester_id),
        *(jobs.c.created_at, jobs.c.held_until, jobs.c.key_id),
    )
    is_waiting = jobs.c.state == State.WAITING.value
    rows = await _rows_of(connection, select(*columns).where(is_waiting))
    waiting = await asyncio.to_thread(_standings_of, rows)
    # A job that waits alone is the next, whatever was sent before.
    return waiting if len(waiting) < _A_LINE else await _with_last_turns(connection, waiting)


def _standings_of(rows: Sequence[Sequence[Any]]) -> Sequence[Standing]:
    return [
        Standing(
            job_id=job_id,
            guild_id=guild_id,
            user_id=user_id,
            created_at=created_at,
            is_under_way=False,
            held_until=held_until,
            operator_pays=key_id is None,
        )
        for job_id, guild_id, user_id, created_at, held_until, key_id in rows
        # An unreadable job is never sent, and so blocks no other.
        if UNREADABLE not in (created_at, held_until)
    ]


async def _rows_of(connection: AsyncConnection, query: Executable) -> Sequence[Sequence[Any]]:
    """All rows; large results in batches, since SQLite lets no other thread run meanwhile."""
    found: list[Sequence[Any]] = []
    async for some in (await connection.stream(query)).partitions(ROWS_AT_A_TIME):
        found += some
    return found


async def _with_last_turns(
    connection: AsyncConnection, waiting: Sequence[Standing]
) -> Sequence[Standing]:
    """The same, each with when its server's and its person's last job was sent."""
    guilds = {one.guild_id for one in waiting if one.guild_id is not None}
    people = {one.user_id for one in waiting if one.guild_id is None}
    # The indexes on server or person and time find them.
    lately = jobs.c.created_at >= min(one.created_at for one in waiting) - _LATELY
    theirs = jobs.c.server_id.in_(sorted(guilds)) | (
        jobs.c.server_id.is_(None) & jobs.c.requester_id.in_(sorted(people))
    )
    last_sent = (
        select(jobs.c.server_id, jobs.c.requester_id, func.max(jobs.c.sent_at))
        .where(lately, theirs, jobs.c.sent_at.is_not(None))
        .group_by(jobs.c.server_id, jobs.c.requester_id)
    )
    return await asyncio.to_thread(_told_apart, waiting, await _rows_of(connection, last_sent))


def _told_apart(waiting: Sequence[Standing], rows: Sequence[Sequence[Any]]) -> Sequence[Standing]:
    of_user: dict[tuple[int | None, int], datetime] = {}
    of_server: dict[int | None, datetime] = {}
    for guild_id, user_id, sent_at in rows:
        if sent_at == UNREADABLE:
            continue
        of_user[guild_id, user_id] = sent_at
        of_server[guild_id] = max(sent_at, of_server.get(guild_id, sent_at))
    found: list[Standing] = []
    for one in waiting:
        own = of_user.get((one.guild_id, one.user_id))
        server = own if one.guild_id is None else of_server.get(one.guild_id)
        found.append(replace(one, server_sent_at=server, user_sent_at=own))
    return found


async def _under_way(connection: AsyncConnection) -> Sequence[Standing]:
    counted = (
        select(jobs.c.server_id, jobs.c.requester_id, func.count())
        .where(jobs.c.state.in_(_UNDER_WAY))
        .group_by(jobs.c.server_id, jobs.c.requester_id)
    )
    rows = await _rows_of(connection, counted)
    found: list[Standing] = []
    for guild_id, user_id, many in rows:
        found += many * [
            Standing(
                job_id="",
                guild_id=guild_id,
                user_id=user_id,
                created_at=_LONG_AGO,
                is_under_way=True,
            )
        ]
    return found
