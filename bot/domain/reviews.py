"""Reviews: jobs that wait for a moderator's decision, and where moderators are asked."""

from datetime import timedelta
from typing import Final, Protocol

from bot.domain.job import Job
from bot.domain.ports import PresentOutcome

REVIEW_LIFE: Final = timedelta(days=1)
"""How long moderators have: no decision by then is a no."""


class ReviewRoom(Protocol):
    """Where moderators are asked about jobs, and told what became of them.

    `bot.ui.server_rooms.ServerRooms` in Discord; `NotingRoom` of the tests of the runner.
    """

    async def ask(self, job: Job) -> PresentOutcome:
        """Show them a job; a repeat shows it once. Presented says where it is shown.

        A trouble that is not passing means that nobody can be asked; those who watch the server
        have been told of it then.
        """
        ...

    async def tell(self, job: Job) -> PresentOutcome:
        """Redraw what was shown, by how the job's review ended."""
        ...
