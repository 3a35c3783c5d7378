"""Servers' decisions and their trail, in the database of the jobs."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.servers import (
    BY_OPERATORS,
    EVERYWHERE,
    NEWS,
    NOTHING_DECIDED,
    AuditEntry,
    Changes,
    ServerSettings,
)
from bot.storage.database import Database
from bot.storage.settings_text import document_of, settings_in, text_of
from bot.storage.tables import audit_entries, read_instant, server_settings
from bot.storage.trail import write_down
from bot.storage.unreadable import reading
from bot.storage.upserts import insert_unless_there

SHOWN_MAX_CHARS = 1_000
"""How much of a value stands in the trail: many words may be added at once."""


class SqlServers:
    """The ServerStore port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def of(self, guild_id: int) -> ServerSettings:
        """One server's decisions."""
        theirs = select(server_settings).where(server_settings.c.guild_id == guild_id)
        rows = await self._database.rows(theirs)
        return self._said(rows[0]) if rows else NOTHING_DECIDED

    async def everywhere(self) -> Mapping[int, ServerSettings]:
        """Those of all servers that ever decided anything, by their ids."""
        rows = await self._database.rows(select(server_settings))
        return {row["guild_id"]: self._said(row) for row in rows}

    async def change(
        self, guild_id: int, changes: Changes, *, by_user_id: int, at: datetime
    ) -> ServerSettings:
        """Write only what `changes` names, in one transaction with the trail."""

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
                    await write_down(connection, entry)
            if connection.dialect.name == "postgresql":
                # Heard once this is committed, and not at all if it never is.
                await connection.execute(select(func.pg_notify(NEWS, str(guild_id))))
            return after

        return await self._database.transact(write)

    async def audit(self, guild_id: int, *, limit: int) -> Sequence[AuditEntry]:
        """The latest decisions, newest first; under EVERYWHERE also BY_OPERATORS of any server."""
        theirs = audit_entries.c.guild_id == guild_id
        if guild_id == EVERYWHERE:
            theirs |= audit_entries.c.what.in_(sorted(BY_OPERATORS))
        latest = (
            select(audit_entries).where(theirs).order_by(audit_entries.c.seq.desc()).limit(limit)
        )
        return await self._database.readable(latest, _entry_of)

    async def note(self, entry: AuditEntry) -> None:
        """Write a decision that changed no setting to the trail."""
        await self._database.transact(lambda connection: write_down(connection, entry))

    def _said(self, row: RowMapping) -> ServerSettings:
        settings = settings_of(row)
        if settings.unread:
            names = ", ".join(sorted(settings.unread))
            self._database.unreadable.say(f"of server {row['guild_id']} the settings {names}")
        return settings


def settings_of(row: RowMapping) -> ServerSettings:
    """The decisions that a row tells of, with the names of those that cannot be read."""
    return settings_in(document_of(row["settings"]))


def _entry_of(row: RowMapping) -> AuditEntry:
    with reading(f"entry {row['seq']} of the trail"):
        told: dict[str, Any] = {name: row[name] for name in row if name != "seq"}
        told["at"] = read_instant(row["at"])
        return AuditEntry(**told)


async def _locked(connection: AsyncConnection, guild_id: int) -> dict[str, Any]:
    """A server's decisions, with its row there and locked until the transaction ends."""
    await connection.execute(
        insert_unless_there(connection.dialect.name, server_settings).values(
            guild_id=guild_id, settings="{}"
        )
    )
    row = select(server_settings).where(server_settings.c.guild_id == guild_id).with_for_update()
    return document_of((await connection.execute(row)).mappings().one()["settings"])


def differing(before: JsonValue, after: JsonValue) -> tuple[JsonValue, JsonValue]:
    """What is different in two values: of lists and mappings only that."""
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
    # What every rule has anyway is left out: there may be many.
    is_rules = name == "role_rules"
    plain = settings.model_dump(mode="json", include={name}, exclude_defaults=is_rules)
    return plain.get(name, {})


def _shown(value: JsonValue) -> str:
    text = json.dumps(value)
    return text if len(text) <= SHOWN_MAX_CHARS else text[: SHOWN_MAX_CHARS - 1] + "…"
