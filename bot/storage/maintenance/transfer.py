"""Copies everything from one database into another, empty one, of any two kinds."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Integer, LargeBinary, Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.errors import DatabaseUnusable
from bot.storage.maintenance.inspection import existing_store
from bot.storage.open import open_store
from bot.storage.tables.jobs import metadata, reports
from bot.storage.tables.keys import server_keys
from bot.storage.tables.showcase import stars

BATCH: Final = 500
LARGE_BATCH: Final = 5
"""Of rows with files in them: a picture has 4 MiB."""
_SILENT_S: Final = 20
"""A process that gives no sign of life for so long counts as dead."""
ALL_TABLES: Final = tuple(metadata.sorted_tables)
"""Every table, those that others refer to first."""
assert {server_keys, reports, stars} <= set(ALL_TABLES), "a table is declared in its own module"  # noqa: S101 - at import, where it cannot be missed


@dataclass(frozen=True, slots=True)
class Transferred:
    """Everything is copied, with the same numbers of rows."""

    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NotTransferred:
    """The target is unchanged; the text says why and what to do."""

    why: str


TransferOutcome = Transferred | NotTransferred


async def transfer(source_url: str, target_url: str) -> TransferOutcome:
    """Copy everything in one transaction of the target. No process may write to the source.

    A source of an older version is not migrated, and so not copied.

    Raises:
        DatabaseUnusable, DatabaseTooNew: the target cannot be used.
        StoreUnavailable: one of the two cannot be reached; nothing was copied.
    """
    async with AsyncExitStack() as stack:
        try:
            source = await stack.enter_async_context(existing_store(source_url))
        except DatabaseUnusable as why:
            return NotTransferred(f"The source can't be used: {why}.")
        target = await stack.enter_async_context(open_store(target_url))
        for database, name in ((source.database, "source"), (target.database, "target")):
            if await database.transact(_is_worked_on):
                return NotTransferred(
                    f"A bot works on the {name}, or did until some seconds ago: stop every bot on "
                    f"it, wait {_SILENT_S} s, and try again."
                )
        if any((await _counts(target.database)).values()):
            return NotTransferred("The target has data already: name an empty database.")
        await target.database.transact(lambda connection: _copied(source.database, connection))
        before, after = await _counts(source.database), await _counts(target.database)
        if before != after:
            return NotTransferred(
                "The source was written to meanwhile: stop every bot on it, empty the target, "
                "and try again."
            )
        return Transferred(after)


async def _is_worked_on(connection: AsyncConnection) -> bool:
    """Whether a bot over PostgreSQL is alive. On SQLite a bot holds the file's lock."""
    if connection.dialect.name != "postgresql":
        return False
    if await connection.scalar(text("SELECT to_regclass('procrastinate_workers')")) is None:
        return False
    lately = text(
        "SELECT count(*) FROM procrastinate_workers"
        " WHERE last_heartbeat > now() - make_interval(secs => :silent_s)"
    )
    return bool(await connection.scalar(lately, {"silent_s": _SILENT_S}))


async def _copied(source: Database, target: AsyncConnection) -> None:
    for table in ALL_TABLES:
        keys = list(table.primary_key)
        has_files = any(isinstance(column.type, LargeBinary) for column in table.c)
        batch = select(table).order_by(*keys).limit(LARGE_BATCH if has_files else BATCH)
        offset = 0
        while rows := await source.rows(batch.offset(offset)):
            await target.execute(insert(table), [dict(row) for row in rows])
            offset += len(rows)
        await _count_on(table, target)


async def _count_on(table: Table, target: AsyncConnection) -> None:
    """Set PostgreSQL's counter past the copied rows, whose numbers it did not give itself."""
    counted = table.autoincrement_column
    if target.dialect.name != "postgresql" or counted is None:
        return
    highest = await target.scalar(select(func.max(counted)))
    if highest is not None:
        await target.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"),
            {"table": table.name, "column": counted.name, "highest": highest},
        )


async def _counts(database: Database) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for table in ALL_TABLES:
        (row,) = await database.rows(
            select(func.count().cast(Integer).label("number")).select_from(table)
        )
        found[table.name] = row["number"]
    return found
