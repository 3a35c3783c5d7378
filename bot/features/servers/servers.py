"""Servers' decisions: stored with an audit log, cached in memory, re-read when they matter."""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Final

from pydantic import JsonValue
from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outages import promptly, unless_away
from bot.domain.ports import Clock
from bot.domain.servers import (
    EVERYWHERE,
    NEWS,
    NOTHING_DECIDED,
    AuditEntry,
    Changes,
    ServerSettings,
)
from bot.storage.audit_log import latest_entries, write_entry
from bot.storage.database import Database
from bot.storage.settings_text import document_of, settings_in, text_of
from bot.storage.tables.jobs import server_settings
from bot.storage.upserts import insert_unless_there

logger = logging.getLogger(__name__)

SHOWN_MAX_CHARS: Final = 1_000
"""The most of a value that the audit log shows: many words may be added at once."""


class ServerRows:
    """Servers' decisions, with their audit log.

    Raises, in every method:
        StoreUnavailable: the database cannot be reached or written now.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def of(self, guild_id: int) -> ServerSettings:
        """One server's decisions."""
        theirs = select(server_settings).where(server_settings.c.guild_id == guild_id)
        rows = await self._database.rows(theirs)
        return self._said(rows[0]) if rows else NOTHING_DECIDED

    async def everywhere(self) -> Mapping[int, ServerSettings]:
        """Those of all servers that ever decided anything, by their ids."""
        read = await self._database.many_readable(
            select(server_settings), lambda row: (row["guild_id"], self._said(row))
        )
        return dict[int, ServerSettings](read)

    async def change(
        self, guild_id: int, changes: Changes, *, by_user_id: int, at: datetime
    ) -> ServerSettings:
        """Write only what `changes` names, and its audit log; returns all current settings.

        Concurrent changes follow each other, so none works on an outdated value.

        Raises:
            pydantic.ValidationError: there is no such setting, or not with such a value.
        """

        async def write(connection: AsyncConnection) -> ServerSettings:
            document = await _locked(connection, guild_id)
            before = settings_in(document)
            wanted = dict(changes(before) if callable(changes) else changes)
            unread = frozenset[str](wanted.get("unread", before.unread)) - wanted.keys()
            after = ServerSettings.model_validate(before.model_dump() | wanted | {"unread": unread})
            if wanted:
                row = server_settings.c.guild_id == guild_id
                text = text_of(document, before, after, changed=wanted)
                await connection.execute(update(server_settings).where(row).values(settings=text))
            for name in wanted:
                former, later = differing(_plain(before, name), _plain(after, name))
                entry = AuditEntry(
                    guild_id=guild_id,
                    at=at,
                    by_user_id=by_user_id,
                    what=name,
                    before=_shown(former),
                    after=_shown(later),
                )
                if former != later:
                    await write_entry(connection, entry)
            if connection.dialect.name == "postgresql":
                # Sent when this is committed, and not at all if it never is.
                await connection.execute(select(func.pg_notify(NEWS, str(guild_id))))
            return after

        return await self._database.transact(write)

    async def audit(self, guild_id: int, *, limit: int) -> Sequence[AuditEntry]:
        """The latest decisions, newest first; under EVERYWHERE also BY_OPERATORS of any server."""
        return await latest_entries(self._database, guild_id, limit=limit)

    async def note(self, entry: AuditEntry) -> None:
        """Add a decision that changed no setting to the audit log."""
        await self._database.transact(lambda connection: write_entry(connection, entry))

    def _said(self, row: RowMapping) -> ServerSettings:
        settings = settings_of(row)
        if settings.unread:
            names = ", ".join(sorted(settings.unread))
            self._database.unreadable.say(f"of server {row['guild_id']} the settings {names}")
        return settings


@dataclass(frozen=True, slots=True)
class _Seen:
    settings: ServerSettings
    as_of: int
    """Their age, by a counter: what began later is newer."""


class Servers:
    """Servers' decisions in memory as last seen; those that matter are read again.

    Of two overlapping answers the newer one stays: a read is as old as its beginning, and a change
    as its write.
    """

    def __init__(self, *, rows: ServerRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock
        self._known: dict[int, _Seen] = {}
        self._moments = count(1)
        self._changing = asyncio.Lock()
        self._readings: set[asyncio.Task[ServerSettings]] = set()

    async def load(self) -> None:
        """Read every server's decisions.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        as_of = next(self._moments)
        read = await self._rows.everywhere()
        newer = {guild_id: seen for guild_id, seen in self._known.items() if seen.as_of > as_of}
        self._known = {guild_id: _Seen(one, as_of) for guild_id, one in read.items()} | newer

    def known(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions as last seen; never waits. None means no server: no decisions."""
        seen = None if guild_id is None else self._known.get(guild_id)
        return NOTHING_DECIDED if seen is None else seen.settings

    async def current(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions, read again if the database answers soon, else as last seen."""
        if guild_id is None:
            return NOTHING_DECIDED
        as_of = next(self._moments)
        said = f"couldn't read server {guild_id}'s settings; using them as last seen"
        read = await unless_away(promptly(self._rows.of(guild_id)), None, said)
        if read is not None:
            self._learn(guild_id, _Seen(read, as_of))
        return self.known(guild_id)

    def blocking(self, user_id: int) -> frozenset[int]:
        """The servers whose managers blocked this person, as last seen."""
        return frozenset(
            guild_id
            for guild_id, seen in self._known.items()
            if user_id in seen.settings.blocked_user_ids
        )

    async def change(self, guild_id: int, changes: Changes, *, by_user_id: int) -> ServerSettings:
        """Change a server's decisions, one change at a time; returns all of them.

        Raises:
            StoreUnavailable: it was not written, or that could not be confirmed.
            pydantic.ValidationError: there is no such setting, or not with such a value.
        """
        # One at a time, so that memory takes them in the order in which they were written.
        async with self._changing:
            changed = await self._rows.change(
                guild_id, changes, by_user_id=by_user_id, at=self._clock.now()
            )
            self._learn(guild_id, _Seen(changed, next(self._moments)))
        return changed

    async def audit(self, guild_id: int, *, limit: int = 20) -> Sequence[AuditEntry]:
        """The latest decisions, newest first.

        Under EVERYWHERE: what operators decided, including about single servers.

        Raises:
            StoreUnavailable: they cannot be read now.
        """
        return await self._rows.audit(guild_id, limit=limit)

    async def note(
        self, guild_id: int, what: str, *, by_user_id: int, before: str = "", after: str = ""
    ) -> None:
        """Add a decision that changed no setting to the audit log; an outage is only logged."""
        entry = AuditEntry(
            guild_id=guild_id,
            at=self._clock.now(),
            by_user_id=by_user_id,
            what=what,
            before=before,
            after=after,
        )
        said = f"server {guild_id}'s audit log lacks {what}"
        await unless_away(self._rows.note(entry), None, said, level=logging.ERROR)

    def unread(self) -> Mapping[int, ServerSettings]:
        """The servers that are paused because their decisions cannot be read, as last seen."""
        return {
            guild_id: seen.settings
            for guild_id, seen in self._known.items()
            if seen.settings.is_unread and guild_id != EVERYWHERE
        }

    def heard_of(self, guild_id: str) -> None:
        """Re-read a server's decisions, which another process changed, before they are needed."""
        reading = asyncio.create_task(self.current(int(guild_id)), name=f"news of {guild_id}")
        self._readings.add(reading)
        reading.add_done_callback(self._readings.discard)

    def _learn(self, guild_id: int, seen: _Seen) -> None:
        known = self._known.get(guild_id)
        if known is None or known.as_of < seen.as_of:
            self._known[guild_id] = seen


def settings_of(row: RowMapping) -> ServerSettings:
    """The decisions in a row, with the names of those that cannot be read."""
    return settings_in(document_of(row["settings"]))


async def _locked(connection: AsyncConnection, guild_id: int) -> dict[str, Any]:
    """A server's decisions; its row exists and is locked until the transaction ends."""
    await connection.execute(
        insert_unless_there(connection.dialect.name, server_settings).values(
            guild_id=guild_id, settings="{}"
        )
    )
    row = select(server_settings).where(server_settings.c.guild_id == guild_id).with_for_update()
    return document_of((await connection.execute(row)).mappings().one()["settings"])


def differing(before: JsonValue, after: JsonValue) -> tuple[JsonValue, JsonValue]:
    """The difference between two values; of lists and mappings only what differs."""
    if isinstance(before, list) and isinstance(after, list):
        taken_out = [one for one in before if one not in after]
        return taken_out, [one for one in after if one not in before]
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        return _only(before, keys), _only(after, keys)
    return before, after


def _only(values: dict[str, JsonValue], keys: list[str]) -> JsonValue:
    return {key: values[key] for key in keys if key in values}


def _plain(settings: ServerSettings, name: str) -> JsonValue:
    # What every rule has anyway is left out: there may be many rules.
    is_rules = name == "role_rules"
    plain = settings.model_dump(mode="json", include={name}, exclude_defaults=is_rules)
    return plain.get(name, {})


def _shown(value: JsonValue) -> str:
    text = json.dumps(value)
    return text if len(text) <= SHOWN_MAX_CHARS else text[: SHOWN_MAX_CHARS - 1] + "…"
