"""Erases what jobs showed and said, one by one: the rows stay, for the money's sake."""

from datetime import datetime

from bot.domain.job import Job
from bot.domain.lifecycle import Erased, PromptErased
from bot.domain.ports import Clock, JobStore
from bot.features.library_ports import KeptFiles
from bot.features.privacy_ports import PrivacyStore, by_age


class Eraser:
    """Whatever it did stays done, and what it could not do may be asked of it again."""

    def __init__(
        self, *, store: JobStore, people: PrivacyStore, files: KeptFiles, clock: Clock
    ) -> None:
        self._store = store
        self._people = people
        self._files = files
        self._clock = clock

    async def erase(self, job: Job, how: Erased | PromptErased) -> bool:
        """Erase it, the copy first: a crash in between leaves something to do again.

        A video that is yet to be brought keeps its copy. False when the job was written meanwhile.

        Raises:
            OSError: the copy could not be deleted; the row stands as it was.
            StoreUnavailable: the row could not be written.
        """
        if isinstance(how, Erased):
            await self._files.forget(job.id)
        return await self._store.move(job, how, self._clock.now()) is not None

    async def erase_older(self, limit_at: datetime) -> int:
        """Erase what was asked for before, as far as it can be forgotten; how many jobs.

        Raises:
            StoreUnavailable: the database cannot be reached; what is erased stays erased.
            OSError: the copies of some could not be deleted; the others are erased.
        """
        erased = 0
        failure: OSError | None = None
        async for some in self._people.older_than(limit_at):
            for job in some:
                how = by_age(job)
                try:
                    erased += how is not None and await self.erase(job, how)
                except OSError as error:
                    failure = error
        if failure is not None:
            raise failure
        return erased
