"""Who reported what, in the database of the jobs."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import JobId
from bot.features.reports_ports import Report
from bot.storage.database import Database
from bot.storage.tables import instant_or_none, reports
from bot.storage.upserts import insert_unless_there


class SqlReports:
    """The ReportStore port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def add(self, report: Report) -> None:
        """Write one down, unless the same person reported the same job before."""

        async def write(connection: AsyncConnection) -> None:
            row = {"job_id": report.job.id, "by_user_id": report.by_user_id, "at": report.at}
            insertion = insert_unless_there(connection.dialect.name, reports)
            await connection.execute(insertion.values(row))

        await self._database.transact(write)

    async def is_reported(self, job_id: JobId, by_user_id: int) -> bool:
        """Whether they reported this one before."""
        same = (reports.c.job_id == job_id) & (reports.c.by_user_id == by_user_id)
        return bool(await self._database.rows(select(reports.c.at).where(same)))

    async def last_at(self, by_user_id: int) -> datetime | None:
        """When they last reported anything."""
        latest = (
            select(reports.c.at)
            .where(reports.c.by_user_id == by_user_id)
            .order_by(reports.c.at.desc())
            .limit(1)
        )
        rows = await self._database.rows(latest)
        return instant_or_none(rows[0]["at"]) if rows else None
