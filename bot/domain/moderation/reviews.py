"""Reviews: jobs that wait for a moderator's decision, and where moderators are asked."""

from datetime import timedelta
from typing import Final, Protocol

from bot.domain.job import Job
from bot.domain.ports import PresentOutcome

REVIEW_LIFE: Final = timedelta(days=1)
"""How long moderators have; after that the job is declined."""


class ReviewRoom(Protocol):
    """Where moderators are asked about jobs, and told how each review ended.

    `bot.ui.server_rooms.ServerRooms` in Discord; `NotingRoom` in the runner's tests.
    """

    async def ask(self, job: Job) -> PresentOutcome:
        """Show the moderators a job; repeats show it once. Presented says where it is shown.

        A trouble that is not passing means that the moderators cannot be asked; the managers of the
        server have been told of it then.
        """
        ...

    async def tell(self, job: Job) -> PresentOutcome:
        """Redraw the question to show how the review ended."""
        ...
