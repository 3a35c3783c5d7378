"""The audit log: who decided what, written in the same transaction as the decision."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.servers import BY_OPERATORS, EVERYWHERE, AuditEntry
from bot.storage.database import Database
from bot.storage.tables.jobs import audit_entries, read_instant
from bot.storage.unreadable import reading


async def write_entry(connection: AsyncConnection, entry: AuditEntry) -> None:
    """Add an entry."""
    row = {name: getattr(entry, name) for name in entry.__slots__}
    await connection.execute(insert(audit_entries), row)


async def latest_entries(database: Database, guild_id: int, *, limit: int) -> Sequence[AuditEntry]:
    """The latest decisions, newest first; under EVERYWHERE also BY_OPERATORS of any server.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    theirs = audit_entries.c.guild_id == guild_id
    if guild_id == EVERYWHERE:
        theirs |= audit_entries.c.what.in_(sorted(BY_OPERATORS))
    latest = select(audit_entries).where(theirs).order_by(audit_entries.c.seq.desc()).limit(limit)
    return await database.readable(latest, _entry_of)


def _entry_of(row: RowMapping) -> AuditEntry:
    with reading(f"entry {row['seq']} of the trail"):
        told: dict[str, Any] = {name: row[name] for name in row if name != "seq"}
        told["at"] = read_instant(row["at"])
        return AuditEntry(**told)
