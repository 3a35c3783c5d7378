"""Who waits and who is under way, read so that of two who decide by it at once one waits."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Executable, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.generation.job import State
from bot.generation.line import UNDER_WAY_STATES, Standing
from bot.storage.tables import UNREADABLE, jobs

LINE_LOCK = 0x6B6C696E67
"""The advisory lock of PostgreSQL that stands for the line; the number only has to be its own."""

_A_LINE = 2
_LATELY = timedelta(hours=1)
"""A job that was sent after the oldest one came, and that had come so long before, is rare."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_AT_ONCE = 200
"""How many rows are taken out of an answer of the database at once: some milliseconds' work."""
_UNDER_WAY = (
    select(jobs.c.server_id, jobs.c.requester_id, func.count())
    .where(jobs.c.state.in_(sorted(state.value for state in UNDER_WAY_STATES)))
    .group_by(jobs.c.server_id, jobs.c.requester_id)
)
_WAITING = select(
    *(jobs.c.id, jobs.c.server_id, jobs.c.requester_id),
    *(jobs.c.created_at, jobs.c.held_until, jobs.c.key_id),
).where(jobs.c.state == State.WAITING.value)


async def lock_the_line(connection: AsyncConnection) -> None:
    """Decide alone until the transaction ends. On SQLite it has the only write lock already."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(LINE_LOCK)))


async def standings(connection: AsyncConnection) -> Sequence[Standing]:
    """All who wait and all who are under way.

    Of those under way it only counts how many each person has in each server, so they come as so
    many times the same one, without an id or a time: of a thousand that takes a quarter as long.

    However many there are, the event loop never stands still for them: rows come by the few
    hundred, and what is made of them is made in a thread.
    """
    under_way = await _rows(connection, _UNDER_WAY)
    waiting = await _rows(connection, _WAITING)
    # Who waits alone is the next, whoever was sent before.
    last_turns: Sequence[Any] = ()
    if len(waiting) >= _A_LINE:
        last_turns = await _last_turns(connection, waiting)
    return await asyncio.to_thread(_standings_of, under_way, waiting, last_turns)


async def _rows(connection: AsyncConnection, query: Executable) -> list[Any]:
    found: list[Any] = []
    async with connection.stream(query, execution_options={"yield_per": _AT_ONCE}) as result:
        async for some in result.partitions():
            found += some
            await asyncio.sleep(0)
    return found


async def _last_turns(connection: AsyncConnection, waiting: Sequence[Any]) -> Sequence[Any]:
    """When each server and person that waits was last sent: server, person and time."""
    guilds, people, since = await asyncio.to_thread(_who_waits, waiting)
    # The indexes on server or person and time find them.
    theirs = jobs.c.server_id.in_(guilds) | (
        jobs.c.server_id.is_(None) & jobs.c.requester_id.in_(people)
    )
    return await _rows(
        connection,
        select(jobs.c.server_id, jobs.c.requester_id, func.max(jobs.c.sent_at))
        .where(jobs.c.created_at >= since - _LATELY, theirs, jobs.c.sent_at.is_not(None))
        .group_by(jobs.c.server_id, jobs.c.requester_id),
    )


def _who_waits(waiting: Sequence[Any]) -> tuple[list[int], list[int], datetime]:
    """The servers, the people in direct messages, and since when the oldest waits."""
    guilds = {one.server_id for one in waiting if one.server_id is not None}
    people = {one.requester_id for one in waiting if one.server_id is None}
    since = [one.created_at for one in waiting if one.created_at != UNREADABLE]
    return sorted(guilds), sorted(people), min(since, default=_LONG_AGO + _LATELY)


def _standings_of(
    under_way: Sequence[Any], waiting: Sequence[Any], last_turns: Sequence[Any]
) -> Sequence[Standing]:
    found: list[Standing] = []
    for guild_id, user_id, many in under_way:
        one = Standing(
            job_id="",
            guild_id=guild_id,
            user_id=user_id,
            created_at=_LONG_AGO,
            is_under_way=True,
        )
        found += many * [one]
    of_user: dict[tuple[int | None, int], datetime] = {}
    of_server: dict[int | None, datetime] = {}
    for guild_id, user_id, sent_at in last_turns:
        if sent_at == UNREADABLE:
            continue
        of_user[guild_id, user_id] = sent_at
        of_server[guild_id] = max(sent_at, of_server.get(guild_id, sent_at))
    for job_id, guild_id, user_id, created_at, held_until, key_id in waiting:
        # One that cannot be read is never sent, and so stands in nobody's way.
        if UNREADABLE in (created_at, held_until):
            continue
        own = of_user.get((guild_id, user_id))
        found.append(
            Standing(
                job_id=job_id,
                guild_id=guild_id,
                user_id=user_id,
                created_at=created_at,
                is_under_way=False,
                server_sent_at=own if guild_id is None else of_server.get(guild_id),
                user_sent_at=own,
                held_until=held_until,
                operator_pays=key_id is None,
            )
        )
    return found
