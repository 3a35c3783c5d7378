"""What a person decides about an unsure job, having looked at RunComfy's list of generations."""

import json
from datetime import datetime
from enum import StrEnum

from bot.domain import lifecycle
from bot.domain.job import Job, JobId, State
from bot.domain.ports import JobStore
from bot.domain.servers import EVERYWHERE
from bot.features.servers import Servers


class ResolveOutcome(StrEnum):
    """What came of a person's decision about an unsure job."""

    RESOLVED = "resolved"
    UNKNOWN_JOB = "unknown_job"
    NOT_UNSURE = "not_unsure"
    TAKEN = "taken"
    """Another job has the request that was found."""


async def resolve(
    store: JobStore,
    job_id: JobId,
    decision: lifecycle.Accepted | lifecycle.WrittenOff,
    at: datetime,
) -> ResolveOutcome:
    """Write the decision: found, and under which request id; or not found, and closed.

    A bot that runs takes the job up at its next sweep, within a minute.

    Raises:
        StoreUnavailable: nothing was written.
    """
    job = await store.get(job_id)
    while job is not None and job.state is State.UNSURE:
        match decision:
            case lifecycle.Accepted(request_id):
                resolved = await store.bind(job, request_id, at)
            case lifecycle.WrittenOff():
                resolved = await store.move(job, decision, at)
        if resolved is not None:
            return ResolveOutcome.RESOLVED
        latest = await store.get(job_id)
        if latest == job:
            return ResolveOutcome.TAKEN
        # Written meanwhile, as that its card says so: the decision may still fit.
        job = latest
    return ResolveOutcome.UNKNOWN_JOB if job is None else ResolveOutcome.NOT_UNSURE


async def note_resolved(servers: Servers, job: Job, what: str, *, by_user_id: int) -> None:
    """Write to the trail of its server what was decided about an unsure job, and by whom."""
    guild_id = job.server_id or EVERYWHERE
    await servers.note(guild_id, what, by_user_id=by_user_id, after=json.dumps(job.id))
