"""Orders that wait for the member to confirm the price; nothing is reserved or bought."""

import json
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.generation.request import GenerationRequest
from bot.domain.job import JobId
from bot.domain.ports import Clock
from bot.storage.database import Database
from bot.storage.tables.jobs import pending_wishes as table
from bot.storage.unreadable import reading

QUESTION_LIFE: Final = timedelta(minutes=15)
"""How long the price may be confirmed: as long as Discord lets us delete the question."""

_TRIES: Final = 20
_BETWEEN_TRIES_S: Final = 0.5


class WaitingOrder(BaseModel):
    """A checked request whose price is not confirmed yet."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    interaction_id: int
    """The command's own id: the resulting job carries it, so it can be bought once only."""
    requester_id: int
    request: GenerationRequest
    private: bool
    spoiler: bool = False
    continues: JobId | None = None
    inspired_by: JobId | None = None
    asked_at: datetime

    @property
    def expires_at(self) -> datetime:
        """The time after which it cannot be confirmed any more."""
        return self.asked_at + QUESTION_LIFE


class WaitingOrders:
    """Stores them, also over restarts.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, order: WaitingOrder) -> None:
        """Store one in place of its earlier version."""
        former = table.c.interaction_id == order.interaction_id
        row = order.model_dump(exclude={"request"})
        row |= {"request": order.request.as_text(), "expires_at": order.expires_at}

        async def write(connection: AsyncConnection) -> None:
            await connection.execute(delete(table).where(former))
            await connection.execute(insert(table).values(row))

        await self._database.transact(write)

    async def find(self, interaction_id: int, by_user_id: int) -> WaitingOrder | None:
        """An order of theirs that can still be confirmed."""
        rows = await self._database.rows(
            select(table).where(
                (table.c.interaction_id == interaction_id) & (table.c.requester_id == by_user_id)
            )
        )
        order = order_of(rows[0]) if rows else None
        return order if order is not None and self._clock.now() < order.expires_at else None

    async def find_soon(self, interaction_id: int, by_user_id: int) -> WaitingOrder | None:
        """The same, for one that may just be about to be kept: it waits for ten seconds."""
        for _ in range(_TRIES):
            if (order := await self.find(interaction_id, by_user_id)) is not None:
                return order
            await self._clock.sleep(_BETWEEN_TRIES_S)
        return None

    async def take(self, order: WaitingOrder) -> bool:
        """Delete one that has not expired; of all callers, one gets True."""
        in_time = table.c.expires_at > self._clock.now()
        same = table.c.interaction_id == order.interaction_id
        return await self._database.write(delete(table).where(same & in_time)) == 1


def order_of(row: RowMapping) -> WaitingOrder:
    """The order in a row.

    Raises:
        RowUnreadable: the row was not written by this program, or by another version of it.
    """
    with reading(f"the question about the price of interaction {row['interaction_id']}"):
        fields = {name: row[name] for name in WaitingOrder.model_fields}
        return WaitingOrder.model_validate({**fields, "request": json.loads(row["request"])})
