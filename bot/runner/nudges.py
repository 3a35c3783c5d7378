"""Nudges between processes: what one of them changed, whoever watches it looks at at once."""

import logging
from collections.abc import Callable, Mapping
from typing import Final

import psycopg
from psycopg import sql

from bot.generation.job import JobId
from bot.generation.ports import Clock

logger = logging.getLogger(__name__)

CHANNEL: Final = "kling_nudges"
_AGAIN_AFTER_S: Final = 2.0


class Nudges:
    """PostgreSQL's LISTEN and NOTIFY. One that is lost is made up for by the next look."""

    def __init__(
        self, *, conninfo: str, clock: Clock, heard: Mapping[str, Callable[[str], object]]
    ) -> None:
        self._conninfo = conninfo
        self._clock = clock
        self._heard = heard
        self._telling: psycopg.AsyncConnection | None = None

    async def tell(self, job_id: JobId) -> None:
        """Nudge whoever watches this job.

        Raises:
            psycopg.Error: the database is away.
        """
        if self._telling is None or self._telling.closed:
            self._telling = await self._connect()
        await self._telling.execute("SELECT pg_notify(%s, %s)", (CHANNEL, job_id))

    async def listen(self) -> None:
        """Pass on what is heard until cancelled; a lost connection is made anew."""
        try:
            while True:
                try:
                    async with await self._connect() as connection:
                        for channel in self._heard:
                            await connection.execute(
                                sql.SQL("LISTEN {}").format(sql.Identifier(channel))
                            )
                        async for nudge in connection.notifies():
                            self._heard[nudge.channel](nudge.payload)
                except (psycopg.Error, OSError) as error:
                    logger.warning("nudges are not heard (%s)", type(error).__name__)
                await self._clock.sleep(_AGAIN_AFTER_S)
        finally:
            if self._telling is not None:
                await self._telling.close()

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True, connect_timeout=10
        )
