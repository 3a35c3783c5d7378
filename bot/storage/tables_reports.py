"""The table of reports, in the schema of all tables."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from bot.storage.tables import Instant, metadata

reports = Table(
    "reports",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("by_user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Index(None, "by_user_id", "at"),
)
"""Who reported which job and when; the reason stands in the server's log channel alone."""
