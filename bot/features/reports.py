"""The use cases of reports: said to the moderators first, and only then written down."""

import asyncio
import logging
from weakref import WeakValueDictionary

from bot.domain.answers import Asker
from bot.domain.job import Job, JobId
from bot.domain.ports import Clock, JobStore, NotPresented, StoreUnavailable, Trouble
from bot.domain.servers import Servers
from bot.domain.visible import is_blank, without_hidden
from bot.features.reports_ports import (
    REPORT_GAP,
    REPORT_REASON_MAX_CHARS,
    NotPassedOn,
    PassedOn,
    Report,
    ReportAnswer,
    ReportRefusal,
    ReportRoom,
    ReportStore,
)

logger = logging.getLogger(__name__)


class ReportDesk:
    """Fulfils `Reports`."""

    def __init__(
        self,
        *,
        store: JobStore,
        reports: ReportStore,
        room: ReportRoom,
        servers: Servers,
        clock: Clock,
    ) -> None:
        self._store = store
        self._reports = reports
        self._room = room
        self._servers = servers
        self._clock = clock
        self._turns = WeakValueDictionary[int, asyncio.Lock]()
        """Of each person who is reporting something just now."""

    async def reportable(self, job_id: JobId, message_id: int, asker: Asker) -> Job | NotPassedOn:
        """The job whose card this message is, if this person may report it now."""
        if asker.guild_id is None:
            return NotPassedOn(ReportRefusal.NOT_IN_A_SERVER)
        server = await self._servers.current(asker.guild_id)
        if asker.is_bot or asker.is_pending or asker.user_id in server.blocked_user_ids:
            return NotPassedOn(ReportRefusal.NOT_ALLOWED)
        if server.log_channel_id is None:
            return NotPassedOn(ReportRefusal.NO_LOG_CHANNEL)
        try:
            return await self._found(job_id, message_id, asker)
        except StoreUnavailable:
            logger.warning("job %s could not be read for a report", job_id)
            return NotPassedOn(ReportRefusal.NOT_NOW)

    async def report(
        self, job_id: JobId, message_id: int, asker: Asker, *, because: str
    ) -> ReportAnswer:
        """Pass it on to the moderators; a second one at once waits, and finds the first."""
        async with self._turns.setdefault(asker.user_id, asyncio.Lock()):
            return await self._report(job_id, message_id, asker, because)

    async def _report(
        self, job_id: JobId, message_id: int, asker: Asker, because: str
    ) -> ReportAnswer:
        job = await self.reportable(job_id, message_id, asker)
        if isinstance(job, NotPassedOn):
            return job
        given = without_hidden(because).strip()[:REPORT_REASON_MAX_CHARS]
        reason = "" if is_blank(given) else given
        report = Report(job=job, by_user_id=asker.user_id, because=reason, at=self._clock.now())
        outcome = await self._room.pass_on(report)
        if isinstance(outcome, NotPresented):
            logger.warning("a report of job %s: not passed on (%s)", job.id, outcome.trouble.value)
            passing = outcome.trouble is Trouble.PASSING
            return NotPassedOn(ReportRefusal.NOT_NOW if passing else ReportRefusal.CLOSED)
        try:
            await self._reports.add(report)
        except StoreUnavailable:
            # They have it: that it may be reported once more is the smaller harm.
            logger.exception("a report of job %s could not be written", job.id)
        return PassedOn()

    async def _found(self, job_id: JobId, message_id: int, asker: Asker) -> Job | NotPassedOn:
        job = await self._store.get(job_id)
        if job is None or (job.place.message_id, job.place.guild_id) != (
            message_id,
            asker.guild_id,
        ):
            return NotPassedOn(ReportRefusal.NOT_MINE)
        if await self._reports.is_reported(job_id, asker.user_id):
            return NotPassedOn(ReportRefusal.ALREADY)
        last_at = await self._reports.last_at(asker.user_id)
        # A report that is yet to come is one of a clock that was ahead.
        now = self._clock.now()
        if last_at is not None and last_at <= now < last_at + REPORT_GAP:
            return NotPassedOn(ReportRefusal.TOO_SOON)
        return job
