"""Reports: people tell a server's moderators about a video, once each and not in a flood."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.answers import Asker
from bot.domain.job import Job, JobId
from bot.domain.ports import PresentOutcome

REPORT_GAP: Final = timedelta(minutes=1)
"""Between two reports of one person."""
REPORT_REASON_MAX_CHARS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Who reports which job, and why if they say so."""

    job: Job
    by_user_id: int
    because: str
    at: datetime


class ReportRefusal(StrEnum):
    """Why a report was not passed on: each is told in its own words."""

    NOT_MINE = "not_mine"
    """The message is no card of a known job."""
    NOT_IN_A_SERVER = "not_in_a_server"
    NO_LOG_CHANNEL = "no_log_channel"
    NOT_ALLOWED = "not_allowed"
    """Bots, blocked users and members who have yet to accept the rules."""
    ALREADY = "already"
    TOO_SOON = "too_soon"
    CLOSED = "closed"
    """Discord does not let the bot write in the log channel."""
    NOT_NOW = "not_now"
    """The database or Discord is away."""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Discord confirmed that the moderators can read it."""


@dataclass(frozen=True, slots=True)
class NotPassedOn:
    """Nobody was told anything."""

    refusal: ReportRefusal


ReportAnswer = PassedOn | NotPassedOn


class ReportStore(Protocol):
    """Who reported what.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def add(self, report: Report) -> None:
        """Write one down; a second one of the same person and job changes nothing."""
        ...

    async def is_reported(self, job_id: JobId, by_user_id: int) -> bool:
        """Whether they reported this one before."""
        ...

    async def last_at(self, by_user_id: int) -> datetime | None:
        """When they last reported anything."""
        ...


class ReportRoom(Protocol):
    """Where a server's moderators read reports."""

    async def pass_on(self, report: Report) -> PresentOutcome:
        """Show it to them; a repeat shows it once."""
        ...


class Reports(Protocol):
    """What people may ask for."""

    async def reportable(self, job_id: JobId, message_id: int, asker: Asker) -> Job | NotPassedOn:
        """The job whose card this message is, if this person may report it now."""
        ...

    async def report(
        self, job_id: JobId, message_id: int, asker: Asker, *, because: str
    ) -> ReportAnswer:
        """Pass it on to the moderators."""
        ...
