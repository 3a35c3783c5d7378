"""Rows that have had their time: each kind is counted, or deleted in one statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, select

from bot.generation.storyboard import DRAFT_LIFE
from bot.storage.database import Database
from bot.storage.tables import pending_wishes, storyboard_drafts


@dataclass(frozen=True, slots=True)
class Expired:
    """Rows of one table that nobody will read any more."""

    table: Table
    where: ColumnElement[bool]


def expired_drafts(now: datetime) -> Expired:
    """Storyboards in the making that nobody has touched for as long as a draft lives."""
    return Expired(storyboard_drafts, storyboard_drafts.c.touched_at <= now - DRAFT_LIFE)


def expired_questions(now: datetime) -> Expired:
    """Questions about a price that nobody answered in time: nothing was bought."""
    return Expired(pending_wishes, pending_wishes.c.expires_at <= now)


async def count_of(database: Database, expired: Expired) -> int:
    """How many rows there are.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    query = select(func.count().label("number")).select_from(expired.table).where(expired.where)
    (row,) = await database.rows(query)
    return int(row["number"])


async def delete_all(database: Database, expired: Expired) -> int:
    """Delete them; how many there were.

    Raises:
        StoreUnavailable: the database cannot be written now; nothing was deleted.
    """
    return await database.write(delete(expired.table).where(expired.where))
