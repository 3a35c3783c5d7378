"""Tests whether a database takes writes, by a real write that changes nothing."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.revisions import VERSION_TABLE

_AS_IT_IS: Final = text(f"UPDATE {VERSION_TABLE} SET version_num = version_num")  # noqa: S608 - our own name
"""Rewrites its row: SQLite refuses that on a full disk, and it needs the rights of a write."""
_LITTLE_MEMORY: Final = text("SET LOCAL work_mem = '64kB'")
_ON_THE_DISK: Final = text("SELECT count(*) FROM generate_series(1, 10000)")
"""So many rows go into a temporary file, which needs room as new rows of a table do.

PostgreSQL can rewrite an old row where its files have room left, even on a full disk.
"""


async def write_nothing_new(connection: AsyncConnection) -> None:
    """Run within a transaction that is then committed: only then it was a write."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LITTLE_MEMORY)
        await connection.execute(_ON_THE_DISK)
    await connection.execute(_AS_IT_IS)
