"""Tells the bot's owner of troubles: once when one begins, once when it ends.

Any number of processes look, each at what it can see. Of each trouble there is one row; who
changes it first tells it. It is told, and then marked as told: what a crash interrupts is told
again under the name of the first message, by which Discord knows it.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.owner_trouble import (
    CLAIMED_FOR,
    QUIET_FOR,
    Episode,
    OwnerMessage,
    OwnerTrouble,
    TroublePhase,
    key_of,
    messages_due,
)
from bot.domain.ports import Clock
from bot.runner.tasks import going_on
from bot.storage.database import Database
from bot.storage.tables.jobs import owner_troubles as table
from bot.storage.tables.jobs import read_instant
from bot.storage.unreadable import reading
from bot.storage.upserts import insert_unless_there

logger = logging.getLogger(__name__)

_TROUBLE: Final = TypeAdapter[OwnerTrouble](OwnerTrouble)

Seen = Mapping[str, Sequence[OwnerTrouble]]
"""The troubles there are now, by their kinds; a kind that is left out is not known now."""
Look = Callable[[], Awaitable[Seen]]
"""Looks at some kinds. It may raise anything: then its kinds are not known now."""
Tell = Callable[[OwnerMessage], Awaitable[bool]]
"""Tells the owner; False if that has to be tried again."""


class _ChangedElsewhere(Exception):  # noqa: N818 - says what is so, not what went wrong
    """Another process changed a row first."""


class OwnerNews:
    """Compares what there is with what was told. Run once a minute."""

    def __init__(
        self, *, database: Database, looks: Sequence[Look], tell: Tell, clock: Clock
    ) -> None:
        self._database = database
        self._looks = looks
        self._tell = tell
        self._clock = clock

    async def run(self) -> None:
        """Look at everything, and tell what is new.

        Raises:
            StoreUnavailable: the database cannot be reached; the next round goes on.
        """
        seen: dict[str, Sequence[OwnerTrouble]] = {}
        for look in self._looks:
            with going_on("couldn't check for troubles that the owner should know about"):
                seen |= await look()
        now = self._clock.now()
        await self._note(seen, now)
        for message in messages_due(await self._episodes(), now):
            await self._tell_once(message)

    async def happened(self, trouble: OwnerTrouble) -> None:
        """Note what happens once; the next round of any process tells it.

        Raises:
            StoreUnavailable: it could not be noted.
        """
        now = self._clock.now()
        key = key_of(trouble)
        again = _set(
            key, began_at=now, seen_at=now, ended_at=None, trouble=trouble.model_dump_json()
        ).where(table.c.ended_at.is_not(None) & (table.c.told_at <= now - QUIET_FOR))

        async def write(connection: AsyncConnection) -> None:
            await _insert(connection, trouble, now)
            await connection.execute(again)

        await self._database.transact(write)

    async def _episodes(self) -> Sequence[Episode]:
        return await self._database.readable(select(table), _episode_of)

    async def _note(self, seen: Seen, now: datetime) -> None:
        """Write what began, what is still there, and what is over."""
        current = {key_of(one): one for troubles in seen.values() for one in troubles}
        known = {key_of(one.trouble): one for one in await self._episodes()}

        async def write(connection: AsyncConnection) -> None:
            for key, trouble in current.items():
                if key not in known:
                    await _insert(connection, trouble, now)
                else:
                    await connection.execute(_seen_again(known[key], trouble, now))
            for key, episode in known.items():
                is_watched = episode.trouble.kind in seen and key not in current
                is_open = episode.ended_at is None and episode.trouble.has_end
                if is_watched and is_open and episode.is_over(now):
                    await connection.execute(_changed(episode, ended_at=now))

        if current or any(one.ended_at is None for one in known.values()):
            await self._database.transact(write)

    async def _tell_once(self, message: OwnerMessage) -> None:
        """Take the word, tell, and mark it as told."""
        if not await self._claimed(message):
            return
        kinds = ", ".join(sorted({key_of(one.trouble).rstrip(":") for one in message.episodes}))
        is_trouble = any(one.trouble.has_end for one in message.episodes)
        level = logging.WARNING if is_trouble else logging.INFO
        logger.log(level, "telling the owner about %s (%s)", kinds, message.phase)
        if not await self._tell(message):
            return
        now = self._clock.now()
        what: dict[str, Any] = {"message": None, "claimed_until": None}
        what["told_at" if message.phase is TroublePhase.BEGAN else "end_told_at"] = now

        async def mark(connection: AsyncConnection) -> None:
            for episode in message.episodes:
                values = what if episode.trouble.has_end else what | {"ended_at": now}
                mine = table.c.message == message.name
                await connection.execute(_set(key_of(episode.trouble), **values).where(mine))

        await self._database.transact(mark)

    async def _claimed(self, message: OwnerMessage) -> bool:
        until = self._clock.now() + CLAIMED_FOR

        async def claim(connection: AsyncConnection) -> None:
            for episode in message.episodes:
                taking = _changed(episode, message=message.name, claimed_until=until)
                if (await connection.execute(taking)).rowcount != 1:
                    raise _ChangedElsewhere

        try:
            await self._database.transact(claim)
        except _ChangedElsewhere:
            return False
        return True


async def _insert(connection: AsyncConnection, trouble: OwnerTrouble, now: datetime) -> None:
    row = {
        "key": key_of(trouble),
        "trouble": trouble.model_dump_json(),
        "began_at": now,
        "seen_at": now,
        "version": 0,
    }
    await connection.execute(insert_unless_there(connection.dialect.name, table).values(row))


def _seen_again(episode: Episode, trouble: OwnerTrouble, now: datetime) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    """It is still there; or it is back, and begins again once its end was told."""
    if episode.ended_at is None:
        mine = and_(table.c.key == key_of(trouble), table.c.ended_at.is_(None))
        return update(table).where(mine).values(seen_at=now)
    back: dict[str, Any] = {
        "seen_at": now,
        "ended_at": None,
        "end_told_at": None,
        "trouble": trouble.model_dump_json(),
    }
    was_told = episode.end_told_at is not None or episode.told_at is None
    return _changed(episode, **(back | ({"began_at": now} if was_told else {})))


def _changed(episode: Episode, **values: Any) -> Any:  # noqa: ANN401 - any column
    """Change a row that is still as it was read."""
    as_read = table.c.version == episode.version
    return _set(key_of(episode.trouble), **values).where(as_read)


def _set(key: str, **values: Any) -> Any:  # noqa: ANN401 - any column
    changed = {"version": table.c.version + 1, **values}
    return update(table).where(table.c.key == key).values(changed)


def _episode_of(row: RowMapping) -> Episode:
    """The row; raises RowUnreadable."""
    with reading("a message to the owner"):
        names: Iterable[str] = ("ended_at", "told_at", "end_told_at", "claimed_until")
        optional = {name: None if row[name] is None else read_instant(row[name]) for name in names}
        return replace(
            Episode(
                trouble=_TROUBLE.validate_json(row["trouble"]),
                began_at=read_instant(row["began_at"]),
                seen_at=read_instant(row["seen_at"]),
                message=row["message"],
                version=row["version"],
            ),
            **optional,
        )
