"""Which servers were greeted: each once, and only a few within a short time."""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ports import Clock
from bot.storage.database import Database
from bot.storage.tables.jobs import server_settings
from bot.storage.upserts import insert_unless_there

STORM_SPAN: Final = timedelta(minutes=10)
MOST_IN_A_STORM: Final = 5
"""How many servers are greeted within `STORM_SPAN`; the bot joins all others silently."""


class Greetings:
    """Decides by the server's row, so that of any number of processes one greets."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self.clock = clock
        """The clock by which a greeting that Discord did not take is repeated."""

    async def claim(self, guild_id: int) -> bool:
        """Whether the caller is to greet this server: true once, until the server is forgotten.

        A server is forgotten a month after the bot left it, with all its rows.

        Raises:
            StoreUnavailable: it cannot be decided now.
        """
        now = self.clock.now()
        others = server_settings.alias()
        lately = (
            select(func.count())
            .select_from(others)
            .where(others.c.greeted_at > now - STORM_SPAN)
            .scalar_subquery()
        )
        ungreeted = (
            (server_settings.c.guild_id == guild_id)
            & server_settings.c.greeted_at.is_(None)
            & (lately < MOST_IN_A_STORM)
        )

        async def write(connection: AsyncConnection) -> bool:
            first = insert_unless_there(connection.dialect.name, server_settings)
            await connection.execute(first.values(guild_id=guild_id, settings="{}"))
            greeted = update(server_settings).where(ungreeted).values(greeted_at=now)
            return (await connection.execute(greeted)).rowcount == 1

        return await self._database.transact(write)
