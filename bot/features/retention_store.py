"""Rows that have had their time: each kind is counted, or deleted in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ledger import Scope
from bot.domain.storyboard import DRAFT_LIFE
from bot.features.privacy_ports import COUNTS_KEPT_FOR
from bot.storage.database import Database
from bot.storage.tables import (
    account_balances,
    cooldowns,
    ledger_accounts,
    ledger_adjustments,
    pending_wishes,
    storyboard_drafts,
)

_PERSONAL = (Scope.MEMBER.value, Scope.OPERATOR_USER.value)


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


def expired_pauses(now: datetime) -> Expired:
    """Pauses between two requests of one person that are over."""
    return Expired(cooldowns, cooldowns.c.again_at <= now)


def expired_counts(now: datetime) -> Sequence[Expired]:
    """What single people's limits counted in days and months that nobody looks at any more.

    Both the balances and what they were made of, so that the ones stay sums of the others.
    """
    before = f"{now - COUNTS_KEPT_FOR:%Y-%m}"
    return [
        Expired(table, table.c.scope.in_(_PERSONAL) & (table.c.period < before))
        for table in (account_balances, ledger_accounts, ledger_adjustments)
    ]


async def count_of(database: Database, *expired: Expired) -> int:
    """How many rows there are.

    Raises:
        StoreUnavailable: the database cannot be read now.
    """
    number = 0
    for kind in expired:
        query = select(func.count().label("number")).select_from(kind.table).where(kind.where)
        (row,) = await database.rows(query)
        number += int(row["number"])
    return number


async def delete_all(database: Database, *expired: Expired) -> int:
    """Delete them; how many there were.

    Raises:
        StoreUnavailable: the database cannot be written now; nothing was deleted.
    """

    async def delete_each(connection: AsyncConnection) -> int:
        deleted = [
            await connection.execute(delete(kind.table).where(kind.where)) for kind in expired
        ]
        return sum(result.rowcount for result in deleted)

    return await database.transact(delete_each)
