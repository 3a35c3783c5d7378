"""What of a job is forgotten: with age, and when its requester erases their data."""

from typing import Final

from bot.domain.job import NOBODY, Job, State
from bot.domain.lifecycle import Erased, PromptErased
from bot.domain.request import GenerationRequest

ERASED_PROMPT: Final = "…"
"""What stands where a prompt was."""
UNSETTLED_STATES: Final = frozenset({State.RENDERED, State.UNSURE})
"""Perhaps made or paid for, and not delivered: such a job may last for ever."""


def by_age(job: Job) -> Erased | PromptErased | None:
    """Forget what a job showed and said; its requester stays. None as long as it is made."""
    return _erasure(job, requester_id=job.requester_id, forget_place=False)


def by_wish(job: Job) -> Erased | PromptErased | None:
    """Forget all of a job that leads to its requester. None as long as it is made.

    The place of a public message stays known: it can be deleted there, and reported.
    """
    is_public = job.place.guild_id is not None and not job.place.ephemeral
    return _erasure(job, requester_id=NOBODY, forget_place=not is_public)


def _erasure(job: Job, *, requester_id: int, forget_place: bool) -> Erased | PromptErased | None:
    # What the price is made of stays: it is part of the books.
    request = GenerationRequest(
        prompt=ERASED_PROMPT,
        duration_s=job.request.duration_s,
        aspect=job.request.aspect,
        sound=job.request.sound,
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
