"""Whether a database takes writes, tried with one that is real and changes nothing."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.revisions import VERSION_TABLE

_AS_IT_IS: Final = text(f"UPDATE {VERSION_TABLE} SET version_num = version_num")  # noqa: S608 - our own name
"""Its row is written anew: on a full disk SQLite refuses it, and it takes the rights of a write."""
_LITTLE_MEMORY: Final = text("SET LOCAL work_mem = '64kB'")
_ON_THE_DISK: Final = text("SELECT count(*) FROM generate_series(1, 10000)")
"""So many rows are put into a temporary file, which needs room as new rows of a table do.

PostgreSQL writes an old row anew where it finds room left in its files, on a full disk as well.
"""


async def write_nothing_new(connection: AsyncConnection) -> None:
    """Within a transaction that is to be committed: only then it was a write."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LITTLE_MEMORY)
        await connection.execute(_ON_THE_DISK)
    await connection.execute(_AS_IT_IS)
