"""Reports: members tell a server's moderators about a video, once each and at a limited rate."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from weakref import WeakValueDictionary

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job, JobId
from bot.domain.outages import unless_away
from bot.domain.ports import (
    Clock,
    JobStore,
    NotPresented,
    PresentOutcome,
    Trouble,
)
from bot.domain.visible import is_blank, without_hidden
from bot.features.servers.servers import Servers
from bot.storage.database import Database
from bot.storage.tables.jobs import instant_or_none
from bot.storage.tables.jobs import reports as table
from bot.storage.upserts import insert_unless_there

logger = logging.getLogger(__name__)

REPORT_GAP: Final = timedelta(minutes=1)
"""The least time between two reports of one person."""
REPORT_REASON_MAX_CHARS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Who reports which job, and the reason if they give one."""

    job: Job
    by_user_id: int
    because: str
    at: datetime


class ReportRefusal(StrEnum):
    """Why a report was not passed on: each has its own message."""

    NOT_MINE = "not_mine"
    """The message is not the card of a known job."""
    NOT_IN_A_SERVER = "not_in_a_server"
    NO_LOG_CHANNEL = "no_log_channel"
    NOT_ALLOWED = "not_allowed"
    """Bots, blocked users, and members who have not accepted the rules yet."""
    ALREADY = "already"
    TOO_SOON = "too_soon"
    CLOSED = "closed"
    """Discord does not let the bot write in the log channel."""
    NOT_NOW = "not_now"
    """Discord is away."""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Discord confirmed that the moderators can read it."""


PassOn = Callable[[Report], Awaitable[PresentOutcome]]
"""Shows a report to the server's moderators; a repeated report is shown once."""


class Reports:
    """A report is shown to the moderators first, and only then recorded."""

    def __init__(
        self,
        *,
        database: Database,
        jobs: JobStore,
        pass_on: PassOn,
        servers: Servers,
        is_shown_as: Callable[[JobId, int], Awaitable[bool]],
        clock: Clock,
    ) -> None:
        """`is_shown_as` says whether a message is a job's post in a showcase."""
        self._is_shown_as = is_shown_as
        self._database = database
        self._jobs = jobs
        self._pass_on = pass_on
        self._servers = servers
        self._clock = clock
        self._turns = WeakValueDictionary[int, asyncio.Lock]()
        """One lock for each person who is reporting something now."""

    async def reportable(
        self, job_id: JobId, message_id: int, asker: Actor
    ) -> Job | Denied[ReportRefusal]:
        """The job whose card this message is, if this person may report it now.

        Raises:
            StoreUnavailable: the database cannot be reached now.
        """
        if asker.guild_id is None:
            return Denied(ReportRefusal.NOT_IN_A_SERVER)
        server = await self._servers.current(asker.guild_id)
        if asker.is_bot or asker.is_pending or asker.user_id in server.blocked_user_ids:
            return Denied(ReportRefusal.NOT_ALLOWED)
        if server.log_channel_id is None:
            return Denied(ReportRefusal.NO_LOG_CHANNEL)
        return await self._found(job_id, message_id, asker)

    async def report(
        self, job_id: JobId, message_id: int, asker: Actor, *, because: str
    ) -> PassedOn | Denied[ReportRefusal]:
        """Pass it on to the moderators; a second report at once waits, and finds the first."""
        async with self._turns.setdefault(asker.user_id, asyncio.Lock()):
            return await self._report(job_id, message_id, asker, because)

    async def _report(
        self, job_id: JobId, message_id: int, asker: Actor, because: str
    ) -> PassedOn | Denied[ReportRefusal]:
        job = await self.reportable(job_id, message_id, asker)
        if isinstance(job, Denied):
            return job
        given = without_hidden(because).strip()[:REPORT_REASON_MAX_CHARS]
        reason = "" if is_blank(given) else given
        report = Report(job=job, by_user_id=asker.user_id, because=reason, at=self._clock.now())
        outcome = await self._pass_on(report)
        if isinstance(outcome, NotPresented):
            logger.warning("job %s: couldn't pass on a report (%s)", job.id, outcome.trouble.value)
            passing = outcome.trouble is Trouble.PASSING
            return Denied(ReportRefusal.NOT_NOW if passing else ReportRefusal.CLOSED)
        # The moderators have it: that it may be reported again is the smaller harm.
        said = f"job {job.id}: couldn't write down a report"
        await unless_away(self._write_down(report), None, said, level=logging.ERROR)
        return PassedOn()

    async def _found(
        self, job_id: JobId, message_id: int, asker: Actor
    ) -> Job | Denied[ReportRefusal]:
        job = await self._jobs.get(job_id)
        if job is None or job.place.guild_id != asker.guild_id:
            return Denied(ReportRefusal.NOT_MINE)
        is_card = job.place.message_id == message_id
        if not is_card and not await self._is_shown_as(job_id, message_id):
            return Denied(ReportRefusal.NOT_MINE)
        if await self._is_reported(job_id, asker.user_id):
            return Denied(ReportRefusal.ALREADY)
        last_at = await self._last_at(asker.user_id)
        # A report in the future comes from a clock that was ahead.
        now = self._clock.now()
        if last_at is not None and last_at <= now < last_at + REPORT_GAP:
            return Denied(ReportRefusal.TOO_SOON)
        return job

    async def _write_down(self, report: Report) -> None:
        """Record it; a second report of the same person and job changes nothing."""

        async def write(connection: AsyncConnection) -> None:
            row = {"job_id": report.job.id, "by_user_id": report.by_user_id, "at": report.at}
            insertion = insert_unless_there(connection.dialect.name, table)
            await connection.execute(insertion.values(row))

        await self._database.transact(write)

    async def _is_reported(self, job_id: JobId, by_user_id: int) -> bool:
        same = (table.c.job_id == job_id) & (table.c.by_user_id == by_user_id)
        return bool(await self._database.rows(select(table.c.at).where(same)))

    async def _last_at(self, by_user_id: int) -> datetime | None:
        """When they last reported anything."""
        latest = (
            select(table.c.at)
            .where(table.c.by_user_id == by_user_id)
            .order_by(table.c.at.desc())
            .limit(1)
        )
        rows = await self._database.rows(latest)
        return instant_or_none(rows[0]["at"]) if rows else None
