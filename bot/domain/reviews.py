"""Reviews: jobs that wait for a moderator's word, what can be decided, and the ports behind it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.answers import Person
from bot.domain.job import Job, JobId
from bot.domain.ports import PresentOutcome

REVIEW_LIFE: Final = timedelta(days=1)
"""How long moderators have: nobody saying anything is a no in the end."""


class ReviewRoom(Protocol):
    """Where moderators are asked about jobs, and told what became of them."""

    async def ask(self, job: Job) -> PresentOutcome:
        """Show them a job; a repeat shows it once. Presented says where it is shown.

        A trouble that is not passing means that nobody can be asked; those who watch the server
        have been told of it then.
        """
        ...

    async def tell(self, job: Job) -> PresentOutcome:
        """Redraw what was shown, by how the job's review ended."""
        ...


@dataclass(frozen=True, slots=True)
class Reviewed:
    """It is decided, by this person and now."""

    job: Job


@dataclass(frozen=True, slots=True)
class ReviewedBefore:
    """Somebody else was first, its requester cancelled it, or its time was over."""

    job: Job


class ReviewRefusal(StrEnum):
    """Why nothing was decided."""

    UNKNOWN_JOB = "unknown_job"
    NOT_A_MODERATOR = "not_a_moderator"
    NOT_PAID_FOR = "not_paid_for"
    """The operator pays for this server no more, and the job was to be on their money."""
    STORE_DOWN = "store_down"


@dataclass(frozen=True, slots=True)
class NotReviewed:
    """It waits as before."""

    refusal: ReviewRefusal


ReviewAnswer = Reviewed | ReviewedBefore | NotReviewed


class Reviews(Protocol):
    """What moderators may ask for."""

    async def awaiting(self, job_id: JobId, by: Person) -> Job | ReviewAnswer:
        """A job that waits for a decision, for whoever may decide it."""
        ...

    async def approve(self, job_id: JobId, by: Person) -> ReviewAnswer:
        """Let it go on: it joins the line."""
        ...

    async def decline(self, job_id: JobId, by: Person, because: str) -> ReviewAnswer:
        """End it uncharged, with a reason for its requester if there is one."""
        ...
