"""What people may have of their data, and what of it is forgotten: by wish, or by age."""

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from bot.domain.job import NOBODY, Job, JobId, State
from bot.domain.lifecycle import Erased, PromptErased
from bot.domain.request import GenerationRequest

ERASED_PROMPT: Final = "…"
"""What stands where a prompt was."""
COUNTS_KEPT_FOR: Final = timedelta(days=62)
"""How long it is known what a single person's limits counted: this month and the one before."""
LEFT_SERVER_KEPT_FOR: Final = timedelta(days=30)
"""How long a server's decisions wait for the bot to be invited back."""
IsIn = Callable[[int], bool | None]
"""Whether the bot is in a server, by its id; None where this process cannot know."""


UNSETTLED_STATES: Final = frozenset({State.RENDERED, State.UNSURE})
"""Made or paid for, perhaps, and with nobody yet: such a job may last for ever."""


def by_age(job: Job) -> Erased | PromptErased | None:
    """Forget what a job showed and said; who asked for it stays. None as long as it is made."""
    return _erasure(job, requester_id=job.requester_id, forget_place=False)


def by_wish(job: Job) -> Erased | PromptErased | None:
    """Forget all of a job that leads to its requester. None as long as it is made.

    A message that everybody in a server sees stays known: it can be deleted there, and reported.
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


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What came of a wish to be forgotten."""

    videos: int
    still_under_way: int
    """Jobs that are being made: they cannot be forgotten before they are over."""
    prompts_alone: int = 0
    """Jobs whose video is yet to be brought, or may be: of them the prompts are forgotten."""
    unread: int = 0
    """Jobs that this version cannot read: they stand as they were, and the operator was told."""


class PrivacyStore(Protocol):
    """All that is kept of people.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def jobs_of(self, user_id: int) -> tuple[Sequence[Job], Sequence[JobId]]:
        """All jobs of a person that were not erased at their wish, oldest first.

        With them the ids of those that cannot be read.
        """
        ...

    def older_than(self, limit_at: datetime) -> AsyncGenerator[Sequence[Job]]:
        """Jobs asked for before of which something can be forgotten with age, some at a time."""
        ...

    async def rows_of(self, user_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """What is kept of a person beside their jobs, by the name of what it is."""
        ...

    async def forget_person(self, user_id: int) -> None:
        """Delete their choices, drafts and questions, and their name beside erased jobs."""
        ...

    async def left(self, guild_id: int, at: datetime | None) -> None:
        """Take note that the bot left a server, or with None that it is back."""
        ...

    async def servers(self) -> Mapping[int, datetime | None]:
        """All servers of which something is kept, and when each was left; None: it was not."""
        ...

    async def forget_servers(self, guild_ids: Collection[int], left_before: datetime) -> int:
        """Delete all that these servers decided, if left before then; how many servers.

        That the operator blocked one stays: it is no decision of theirs.
        """
        ...


class Memory(Protocol):
    """What is remembered of people beside the database."""

    def forget(self, user_id: int) -> None:
        """Remember nothing of somebody any more."""
        ...


class Privacy(Protocol):
    """What people may ask about their data."""

    async def export(self, user_id: int) -> bytes | None:
        """All that is kept of them as a JSON document; None when it cannot be read now."""
        ...

    async def forget(self, user_id: int) -> Forgotten | None:
        """Forget all that is over; None when it could not be done now (again is safe)."""
        ...

    async def server_left(self, guild_id: int) -> None:
        """The bot was removed from a server."""
        ...

    async def server_joined(self, guild_id: int) -> None:
        """The bot is in a server."""
        ...

    async def servers_seen(self, is_in: IsIn) -> int:
        """Make up for what nobody saw, and forget who was left for too long; how many servers."""
        ...
