"""One job's review: moderators are asked once, have a day, and are told how it ended."""

import logging
from typing import Final, assert_never

from bot.domain import lifecycle
from bot.domain.job import Job, Place, State
from bot.domain.outcomes import FailureReason
from bot.domain.ports import REVIEW_LIFE, Clock, NotPresented, Presented, ReviewRoom, Trouble

logger = logging.getLogger(__name__)

ASK_AGAIN_S: Final = 30.0
"""How long to wait before asking again after Discord refused the question."""


class Reviewing:
    """What a watch does for the review of its job."""

    def __init__(self, *, room: ReviewRoom | None, clock: Clock) -> None:
        self._room = room
        self._clock = clock
        self._asked_at: Place | None = None
        self._is_told = False

    async def next(self, job: Job) -> lifecycle.Event | float:
        """The next event of a job in review, or the seconds until something has to be done."""
        remaining_s = (job.state_since + REVIEW_LIFE - self._clock.now()).total_seconds()
        if remaining_s <= 0:
            return lifecycle.ReviewDeclined(FailureReason.REVIEW_EXPIRED)
        if self._room is None or job.review_message_id is not None:
            return remaining_s
        outcome = await self._room.ask(job)
        match outcome:
            case Presented(place) if place is not None:
                self._asked_at = place
                return lifecycle.ReviewAsked(place.channel_id, place.message_id)
            case Presented() | NotPresented(Trouble.PASSING):
                logger.warning("job %s: couldn't ask the moderators yet", job.id)
                return min(ASK_AGAIN_S, remaining_s)
            case NotPresented(trouble):
                logger.warning("job %s: can't ask the moderators (%s)", job.id, trouble.value)
                return lifecycle.ReviewDeclined(FailureReason.REVIEW_IMPOSSIBLE)
            case _:
                assert_never(outcome)

    async def close(self, job: Job) -> None:
        """Tell the moderators how it ended, once per watch."""
        if self._room is None or self._is_told or job.state is State.IN_REVIEW:
            return
        self._is_told = True
        asked = self._where_asked(job)
        if asked is None:
            return
        outcome = await self._room.tell(asked)
        if isinstance(outcome, NotPresented):
            # An action on its old buttons gets the same answer.
            logger.warning("job %s: couldn't tell moderators (%s)", job.id, outcome.trouble.value)

    def _where_asked(self, job: Job) -> Job | None:
        if job.review_message_id is not None:
            return job
        if self._asked_at is None:
            return None
        # A moderator decided before the question's place could be written.
        place = {
            "review_channel_id": self._asked_at.channel_id,
            "review_message_id": self._asked_at.message_id,
        }
        return job.model_copy(update=place)
