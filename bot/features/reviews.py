"""Reviews: of several moderators one decides about a job, and the audit log says who."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain import lifecycle
from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job, JobId, State
from bot.domain.money.policy import OperatorLimits
from bot.domain.ports import Clock, Engine, JobStore, StoreUnavailable
from bot.domain.servers import EVERYWHERE, REASON_MAX_CHARS
from bot.domain.visible import is_blank, without_hidden
from bot.features.servers.servers import Servers

APPROVED: Final = "review_approved"
DECLINED: Final = "review_declined"
"""The decisions' names in the audit log."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The job is decided, by this person and now."""

    job: Job


@dataclass(frozen=True, slots=True)
class ReviewedBefore:
    """Another moderator was first, the requester cancelled it, or it expired."""

    job: Job


class ReviewRefusal(StrEnum):
    """Why nothing was decided: the job still waits."""

    UNKNOWN_JOB = "unknown_job"
    NOT_A_MODERATOR = "not_a_moderator"
    NOT_PAID_FOR = "not_paid_for"
    """The operator no longer pays for this server, and was to pay for the job."""


ReviewAnswer = Reviewed | ReviewedBefore | Denied[ReviewRefusal]


class Reviews:
    """The moderators' decisions.

    Every method raises StoreUnavailable if the job cannot be read, or the decision not confirmed.
    """

    def __init__(
        self,
        *,
        jobs: JobStore,
        servers: Servers,
        engine: Engine,
        limits: OperatorLimits,
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._limits = limits
        self._servers = servers
        self._engine = engine
        self._clock = clock

    async def awaiting(self, job_id: JobId, by: Actor) -> Job | ReviewAnswer:
        """A job that waits for a decision, for a moderator who may decide it."""
        if not by.manages_messages:
            return Denied(ReviewRefusal.NOT_A_MODERATOR)
        job = await self._jobs.get(job_id)
        if job is None:
            return Denied(ReviewRefusal.UNKNOWN_JOB)
        if not by.reviews(job):
            return Denied(ReviewRefusal.NOT_A_MODERATOR)
        return job if job.state is State.IN_REVIEW else ReviewedBefore(job)

    async def approve(self, job_id: JobId, by: Actor) -> ReviewAnswer:
        """Let the job into the queue, if it is still paid for."""
        job = await self.awaiting(job_id, by)
        if isinstance(job, Job) and not self._is_paid_for(job):
            return Denied(ReviewRefusal.NOT_PAID_FOR)
        return await self._decide(job_id, by, lifecycle.ReviewApproved(by.user_id), APPROVED)

    async def decline(self, job_id: JobId, by: Actor, because: str) -> ReviewAnswer:
        """End it uncharged."""
        given = " ".join(without_hidden(because).split())[:REASON_MAX_CHARS]
        reason = None if is_blank(given) else given
        declined = lifecycle.ReviewDeclined(reviewed_by=by.user_id, declined_because=reason)
        return await self._decide(job_id, by, declined, DECLINED)

    async def _decide(
        self,
        job_id: JobId,
        by: Actor,
        decision: lifecycle.ReviewApproved | lifecycle.ReviewDeclined,
        what: str,
    ) -> ReviewAnswer:
        job = await self.awaiting(job_id, by)
        while isinstance(job, Job):
            try:
                moved = await self._jobs.move(job, decision, self._clock.now())
            except StoreUnavailable:
                self._engine.enqueue(job_id)  # it may be written all the same
                raise
            if moved is not None:
                # Only its watch redraws both cards, so that two edits cannot overtake each other.
                self._engine.enqueue(job_id)
                await self._note(moved, by, what)
                return Reviewed(moved)
            # The watch may have recorded where the question is: the second writer reads again.
            job = await self.awaiting(job_id, by)
        return job

    def _is_paid_for(self, job: Job) -> bool:
        # A review may outlast a restart with different settings.
        return (
            job.key_id is not None or job.server_id is None or self._limits.pays_for(job.server_id)
        )

    async def _note(self, job: Job, by: Actor, what: str) -> None:
        about = job.server_id or EVERYWHERE
        await self._servers.note(about, what, by_user_id=by.user_id, after=f'"{job.id}"')
