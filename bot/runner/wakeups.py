"""Wakes between processes: a change in one process wakes the job's watch in another."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import psycopg
from psycopg import sql

from bot.domain.job import JobId
from bot.domain.ports import Clock
from bot.runner.tasks import going_on

CHANNEL: Final = "kling_nudges"
_AGAIN_AFTER_S: Final = 2.0
TELL_WITHIN_S: Final = 5.0
"""Longest wait for a server that does not answer; the next poll finds the change instead."""


class Nudges:
    """PostgreSQL's LISTEN and NOTIFY. The next poll makes up for a wake that is lost."""

    def __init__(
        self,
        *,
        conninfo: str,
        clock: Clock,
        heard: Mapping[str, Callable[[str], object]],
        tell_within_s: float = TELL_WITHIN_S,
    ) -> None:
        self._tell_within_s = tell_within_s
        self._conninfo = conninfo
        self._clock = clock
        self._heard = heard
        self._telling: psycopg.AsyncConnection | None = None

    async def tell(self, job_id: JobId) -> None:
        """Wake the job's watch in its process.

        Raises:
            psycopg.Error, OSError: the database is down, or does not answer in time.
        """
        async with asyncio.timeout(self._tell_within_s):
            if self._telling is not None:
                # A kept connection shows that it is dead only when used, as after every restart.
                with suppress(psycopg.Error, OSError):
                    await self._tell_by(self._telling, job_id)
                    return
            await self._tell_by(await self._connect(), job_id)

    async def listen(self) -> None:
        """Pass on notifications until cancelled; a lost connection is opened again."""
        try:
            while True:
                with going_on("couldn't hear other processes", expected=(psycopg.Error, OSError)):
                    async with await self._connect() as connection:
                        for channel in self._heard:
                            await connection.execute(
                                sql.SQL("LISTEN {}").format(sql.Identifier(channel))
                            )
                        async for nudge in connection.notifies():
                            self._heard[nudge.channel](nudge.payload)
                await self._clock.sleep(_AGAIN_AFTER_S)
        finally:
            await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._telling is not None:
            await self._telling.close()

    async def _tell_by(self, connection: psycopg.AsyncConnection, job_id: JobId) -> None:
        self._telling = None
        try:
            await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, job_id))
        except BaseException:
            await connection.close()
            raise
        self._telling = connection

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
