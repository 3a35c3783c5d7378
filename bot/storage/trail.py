"""The trail of decisions: written in the transaction of what it tells of."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.servers import AuditEntry
from bot.storage.tables import audit_entries


async def write_down(connection: AsyncConnection, entry: AuditEntry) -> None:
    """Add an entry."""
    row = {name: getattr(entry, name) for name in entry.__slots__}
    await connection.execute(insert(audit_entries), row)
