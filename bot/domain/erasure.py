"""Erases what a job says: when it is old, and when its requester erases their data."""

from typing import Final

from bot.domain.generation.request import GenerationRequest
from bot.domain.job import NOBODY, Job, State
from bot.domain.lifecycle import Erased, PromptErased

ERASED_PROMPT: Final = "…"
"""Replaces an erased prompt."""
UNSETTLED_STATES: Final = frozenset({State.RENDERED, State.UNSURE})
"""Possibly made or paid for, and not delivered: such a job may stay open indefinitely."""


def by_age(job: Job) -> Erased | PromptErased | None:
    """Erase a job's content but keep its requester. None while the job is in progress."""
    return _erasure(job, requester_id=job.requester_id, forget_place=False)


def by_wish(job: Job) -> Erased | PromptErased | None:
    """Erase everything that leads to the requester. None while the job is in progress.

    The place of a public message is kept, so that it can be deleted and reported.
    """
    is_public = job.place.guild_id is not None and not job.place.ephemeral
    return _erasure(job, requester_id=NOBODY, forget_place=not is_public)


def _erasure(job: Job, *, requester_id: int, forget_place: bool) -> Erased | PromptErased | None:
    # The options that determine the price stay: they belong to the accounts.
    request = GenerationRequest(
        prompt=ERASED_PROMPT,
        duration_s=job.request.duration_s,
        aspect=job.request.aspect,
        sound=job.request.sound,
        quality=job.request.quality,
    )
    if job.state in UNSETTLED_STATES:
        return PromptErased(request)
    if job.needs_work:
        return None
    place = job.place.model_copy(
        update={"interaction_token": None, "interaction_token_until": None}
        | ({"channel_id": 0, "message_id": 0} if forget_place else {})
    )
    return Erased(requester_id, request, place, None if job.reviewed_by is None else NOBODY)
