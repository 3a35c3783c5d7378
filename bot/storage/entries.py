"""Reads the ledger back: its newest entries, and what they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, func, select

from bot.generation.entries import Entry, EntryKind
from bot.generation.job import JobId
from bot.storage.database import Database
from bot.storage.tables import ledger


@dataclass(frozen=True, slots=True)
class Total:
    """The plain sum of all entries that one key pays for."""

    key_id: int | None
    """A server's own key; None is the operator's."""
    held_microusd: int
    spent_microusd: int
    videos: int


async def newest_entries(
    database: Database, *, job_id: JobId | None, limit: int
) -> Sequence[Entry]:
    """At most `limit` entries, the newest first; of one job alone where it is named.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    newest_first = select(ledger).order_by(ledger.c.seq.desc()).limit(limit)
    if job_id is not None:
        newest_first = newest_first.where(ledger.c.job_id == job_id)
    return [_entry_of(row) for row in await database.rows(newest_first)]


async def totals(database: Database) -> Sequence[Total]:
    """What is held and spent since the beginning, by who pays; the operator first.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    sums = (
        select(
            ledger.c.key_id,
            func.sum(ledger.c.held_change_microusd).label("held_microusd"),
            func.sum(ledger.c.spent_change_microusd).label("spent_microusd"),
            func.sum(ledger.c.videos_change).label("videos"),
        )
        .group_by(ledger.c.key_id)
        .order_by(func.coalesce(ledger.c.key_id, 0))
    )
    return [
        Total(
            key_id=row["key_id"],
            # PostgreSQL adds up whole numbers to a decimal.
            held_microusd=int(row["held_microusd"]),
            spent_microusd=int(row["spent_microusd"]),
            videos=int(row["videos"]),
        )
        for row in await database.rows(sums)
    ]


def _entry_of(row: RowMapping) -> Entry:
    fields: dict[str, Any] = {name: row[name] for name in Entry.__slots__}
    fields["kind"] = EntryKind(row["kind"])
    return Entry(**fields)
