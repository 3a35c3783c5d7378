"""Where jobs wait for their turn to be sent, and are woken when it comes."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.domain.job import Job, JobId
from bot.domain.line import AtOnceOf, InLine, Standing, Turn, turns
from bot.domain.outages import unless_away
from bot.domain.ports import BeginOutcome, Clock, JobStore, ReviewRoom

logger = logging.getLogger(__name__)

LOOK_AGAIN_S: Final = 5.0
"""How often a waiting job checks by itself: another process may have freed a place."""
_FRESH_FOR: Final = timedelta(seconds=2)


class Line:
    """One reading of the line serves all waiting jobs here; sending asks the database."""

    def __init__(
        self,
        *,
        store: JobStore,
        clock: Clock,
        at_once: int,
        limits_of: AtOnceOf,
        reviews: ReviewRoom | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._at_once = at_once
        self._limits_of = limits_of
        self.reviews = reviews
        """Where moderators are asked before a job joins the line."""
        self._wakes: dict[JobId, asyncio.Event] = {}
        self._turns: Mapping[JobId, Turn] = {}
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def place_of(self, job: Job) -> InLine | None:
        """The place of a job that was told to wait; None if it may try (again).

        Raises:
            StoreUnavailable: the line cannot be read now.
        """
        if job.id not in self._wakes:
            return None
        turn = (await self._read(not_before=self._clock.now() - _FRESH_FOR)).get(job.id)
        return turn if isinstance(turn, InLine) else None

    async def begin_sending(self, job: Job, wake: asyncio.Event, at: datetime) -> BeginOutcome:
        """Let it be sent, as of `at`, if it is its turn; else `wake` is set when a place is free.

        Raises:
            StoreUnavailable: nothing was written.
        """

        def decide(standings: Iterable[Standing]) -> Mapping[JobId, Turn]:
            return self._decide(standings, tries=job.id)

        outcome = await self._store.begin_sending(job, at, decide)
        if isinstance(outcome, InLine):
            self._wakes[job.id] = wake
        else:
            self.leave(job.id)
        return outcome

    def leave(self, job_id: JobId) -> None:
        """Record that it no longer waits for a place, for any reason."""
        self._wakes.pop(job_id, None)

    async def place_freed(self) -> None:
        """A job ended or was held back: wake the jobs whose turn it is now."""
        if not self._wakes:
            return
        said = "couldn't read the line; waiting jobs look for their turn themselves"
        fresh = await unless_away(self._read(not_before=None), None, said)
        if fresh is None:
            return
        for job_id, wake in self._wakes.items():
            if not isinstance(fresh.get(job_id), InLine):
                wake.set()

    async def _read(self, *, not_before: datetime | None) -> Mapping[JobId, Turn]:
        async with self._reading:
            if self._read_at is None or not_before is None or self._read_at < not_before:
                standings = await self._store.standings()
                self._turns = await asyncio.to_thread(self._decide, standings)
                self._read_at = self._clock.now()
            return self._turns

    def _decide(
        self, standings: Iterable[Standing], *, tries: JobId | None = None
    ) -> Mapping[JobId, Turn]:
        return turns(
            standings,
            now=self._clock.now(),
            at_once=self._at_once,
            limits_of=self._limits_of,
            tries=tries,
        )
