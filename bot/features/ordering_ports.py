"""What commands and buttons may ask of the desk."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.actor import Actor
from bot.domain.answers import AskOutcome, BringAnswer, CancelAnswer, Declined, DeclineWhy, Wish
from bot.domain.job import Job, JobId, Place
from bot.domain.request import GenerationRequest


class FrontDesk(Protocol):
    """The use cases: all that commands and buttons may call."""

    async def refusal(self, asker: Actor) -> DeclineWhy | None:
        """Why they may ask for nothing here; None when it depends on what they wish."""
        ...

    async def admit(
        self,
        request: GenerationRequest,
        asker: Actor,
        *,
        interaction_id: int,
        private: bool,
        locale: str,
    ) -> Wish | Declined:
        """Decide, within a moment, whether this may be asked at all; nothing is reserved yet."""
        ...

    async def ask(self, wish: Wish, place: Place) -> AskOutcome:
        """Accept a wish whose interaction was acknowledged: the card is at `place`."""
        ...

    async def cancel(self, job_id: JobId, by: Actor) -> CancelAnswer:
        """Cancel a job for somebody, if that is theirs to do and still possible."""
        ...

    async def kept_for(self, requester_id: int) -> Sequence[Job]:
        """Videos that are paid for and could not be delivered so far."""
        ...

    async def bring(self, job_id: JobId, by: Actor, place: Place) -> BringAnswer:
        """Deliver a kept video to another place."""
        ...
