"""What a person decides about an unsure job, having looked at RunComfy's list of generations."""

from datetime import datetime

from bot.generation import lifecycle
from bot.generation.answers import ResolveOutcome
from bot.generation.job import JobId, State
from bot.generation.ports import JobStore


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
    if job is None:
        return ResolveOutcome.UNKNOWN_JOB
    if job.state is not State.UNSURE or await store.move(job, decision, at) is None:
        return ResolveOutcome.NOT_UNSURE
    return ResolveOutcome.RESOLVED
