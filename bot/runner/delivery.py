"""Brings a rendered video to the requester: fetched, presented, told, and only then marked."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import assert_never

from bot.generation import lifecycle
from bot.generation.job import Job
from bot.generation.ports import (
    Announcer,
    Clock,
    JobStore,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    ResultFiles,
    Trouble,
)
from bot.runner.cadence import DELIVER_FOR_S, delivery_gap_s
from bot.runner.preparing import Preparer
from bot.runner.unbroken import unbroken

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveredResult:
    """The requester has it, and the row says so."""

    job: Job


@dataclass(frozen=True, slots=True)
class DeliveryPostponed:
    """Discord does not take it now; try again after `delay_s`."""

    job: Job
    delay_s: float


@dataclass(frozen=True, slots=True)
class DeliveryOvertaken:
    """Somebody else wrote the row first: read it again."""


DeliveryResult = DeliveredResult | DeliveryPostponed | DeliveryOvertaken


class Deliverer:
    """Delivers results. Everything it repeats after a crash shows nothing twice."""

    def __init__(
        self,
        *,
        store: JobStore,
        preparer: Preparer,
        files: ResultFiles,
        announcer: Announcer,
        clock: Clock,
        random: Random,
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._files = files
        self._announcer = announcer
        self._clock = clock
        self._random = random

    async def deliver(self, job: Job) -> DeliveryResult:
        """Try once to deliver a rendered job; what was fetched is kept until that succeeds."""
        outcome = await self._present(job, await self._preparer.prepare(job))
        match outcome:
            case Presented():
                result = await unbroken(self._mark(job, outcome))
            case NotPresented(trouble):
                return self._postpone(job, trouble)
            case _:
                assert_never(outcome)
        if isinstance(result, DeliveredResult):
            await self._files.delivered(job.id)
        return result

    async def _present(self, job: Job, files: Sequence[LocalFile]) -> PresentOutcome:
        outcome = await self._announcer.deliver(job, files)
        if isinstance(outcome, NotPresented) and outcome.trouble is Trouble.TOO_LARGE:
            # The limit that Discord declares has been seen to overstate: the link always fits.
            return await self._announcer.deliver(job, ())
        return outcome

    async def _mark(self, job: Job, presented: Presented) -> DeliveryResult:
        current: Job | None = job
        if presented.place is not None:
            current = await self._move(job, lifecycle.CardMoved(presented.place))
        if current is None:
            return DeliveryOvertaken()
        # Told before marked: after a crash in between, the same ping carries the same nonce.
        await self._announcer.ping(current)
        delivered = await self._move(current, lifecycle.Delivered())
        return DeliveryOvertaken() if delivered is None else DeliveredResult(delivered)

    def _postpone(self, job: Job, trouble: Trouble) -> DeliveryResult:
        since_rendered = self._clock.now() - job.state_since
        if since_rendered >= timedelta(seconds=DELIVER_FOR_S):
            # Paid for, so never dropped: it waits for its requester's next command.
            logger.error("job %s: not delivered within a day (%s); kept", job.id, trouble.value)
        else:
            logger.warning("job %s: not delivered yet (%s)", job.id, trouble.value)
        return DeliveryPostponed(job, delivery_gap_s(since_rendered.total_seconds(), self._random))

    async def _move(self, job: Job, event: lifecycle.Event) -> Job | None:
        return await self._store.move(job, event, self._clock.now())
