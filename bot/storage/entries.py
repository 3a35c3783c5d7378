"""Reads the ledger: its newest entries, and their totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, select, true

from bot.domain.job import JobId
from bot.domain.money.entries import Adjustment, Entry, EntryKind
from bot.storage.database import Database
from bot.storage.ledger import account_of
from bot.storage.tables.jobs import jobs, ledger, ledger_adjustments, read_instant
from bot.storage.unreadable import reading


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of all entries that one key pays for."""

    key_id: int | None
    """A server's own key; None is the operator's."""
    held_microusd: int
    spent_microusd: int
    videos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """Whose entries; None means all."""

    job_id: JobId | None = None
    guild_id: int | None = None
    user_id: int | None = None


async def newest_entries(database: Database, of: Of, *, limit: int) -> Sequence[Entry]:
    """At most `limit` entries, the newest first.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    newest_first = select(ledger).where(_among(of)).order_by(ledger.c.seq.desc()).limit(limit)
    return await database.readable(newest_first, _entry_of)


async def models_of(database: Database, of: Of, *, limit: int) -> Mapping[JobId, str]:
    """The ids of the models of the jobs that the newest entries are about.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    newest = select(ledger.c.job_id).where(_among(of)).order_by(ledger.c.seq.desc()).limit(limit)
    made = select(jobs.c.id, jobs.c.model_id).where(jobs.c.id.in_(newest))
    return {row["id"]: row["model_id"] for row in await database.rows(made)}


async def newest_adjustments(database: Database, of: Of, *, limit: int) -> Sequence[Adjustment]:
    """At most `limit` corrections of limits, the newest first; none of them is a job's.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    if of.job_id is not None:
        return ()
    adjusted = ledger_adjustments.c
    newest_first = select(ledger_adjustments).order_by(adjusted.seq.desc()).limit(limit)
    if of.guild_id is not None:
        newest_first = newest_first.where(adjusted.owner_id == of.guild_id)
    if of.user_id is not None:
        newest_first = newest_first.where(adjusted.subject_id == of.user_id)
    return await database.readable(newest_first, _adjustment_of)


async def totals(database: Database, of: Of) -> Sequence[Total]:
    """What is held and spent since the beginning, by payer; the operator first.

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
        .where(_among(of))
        .group_by(ledger.c.key_id)
        .order_by(func.coalesce(ledger.c.key_id, 0))
    )
    return [
        Total(
            key_id=row["key_id"],
            # PostgreSQL returns the sum of integers as a decimal.
            held_microusd=int(row["held_microusd"]),
            spent_microusd=int(row["spent_microusd"]),
            videos=int(row["videos"]),
        )
        for row in await database.rows(sums)
    ]


def _among(of: Of) -> ColumnElement[bool]:
    wanted = {
        ledger.c.job_id: of.job_id,
        ledger.c.guild_id: of.guild_id,
        ledger.c.user_id: of.user_id,
    }
    named = (column == value for column, value in wanted.items() if value is not None)
    return and_(true(), *named)


def _adjustment_of(row: RowMapping) -> Adjustment:
    with reading(f"correction {row['seq']} of a limit"):
        return Adjustment(
            account=account_of(row),
            at=read_instant(row["at"]),
            by_user_id=row["by_user_id"],
            why=row["why"],
            spent_change_microusd=row["spent_change_microusd"],
            videos_change=row["videos_change"],
        )


def _entry_of(row: RowMapping) -> Entry:
    fields: dict[str, Any] = {name: row[name] for name in Entry.__slots__}
    with reading(f"entry {row['seq']} of the ledger"):
        fields |= {"kind": EntryKind(row["kind"]), "at": read_instant(row["at"])}
        return Entry(**fields)
