"""Brings a rendered video to the requester: fetch, present, notify, and only then record it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import assert_never

from bot.domain import lifecycle
from bot.domain.job import Job
from bot.domain.observer import Observer
from bot.domain.ports import (
    Announcer,
    Clock,
    Copier,
    JobStore,
    LocalFile,
    MediaSource,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)
from bot.runner.cadence import DELIVER_FOR_S, delivery_gap_s
from bot.runner.files.keeper import FileKeeper
from bot.runner.files.preparer import Prepared, Preparer
from bot.runner.tasks import unbroken

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveredResult:
    """The requester has it, and the row says so."""

    job: Job


@dataclass(frozen=True, slots=True)
class DeliveryPostponed:
    """Discord refuses it now, or a file cannot be fetched yet; try again after `delay_s`."""

    job: Job
    delay_s: float


@dataclass(frozen=True, slots=True)
class DeliveryOvertaken:
    """Another writer changed the row first: read it again."""


DeliveryResult = DeliveredResult | DeliveryPostponed | DeliveryOvertaken


class Deliverer:
    """Delivers results. What it repeats after a crash appears only once."""

    def __init__(
        self,
        *,
        store: JobStore,
        media_source: MediaSource,
        copier: Copier | None,
        files: FileKeeper,
        announcer: Announcer,
        clock: Clock,
        random: Random,
        observer: Observer | None = None,
    ) -> None:
        self._store = store
        self._preparer = Preparer(
            media_source=media_source, files=files, copier=copier, clock=clock, random=random
        )
        self._files = files
        self._announcer = announcer
        self._clock = clock
        self._random = random
        self._observer = observer or Observer()

    async def deliver(self, job: Job) -> DeliveryResult:
        """Try once to deliver a rendered job; fetched files are kept until that succeeds.

        While a file cannot be fetched, for up to a day, the card shows a link. The file replaces it
        as soon as it is there.
        """
        prepared = await self._preparer.prepare(job)
        outcome, is_final = None, True
        if prepared.is_whole:
            try:
                outcome = await self._present(job, prepared.files)
            except Exception:  # the gate of one way: a link is the next, and this is tried again
                logger.exception("job %s: couldn't show its files", job.id)
                prepared = Prepared()
        if outcome is None:
            is_final = self._since_rendered(job) >= timedelta(seconds=DELIVER_FOR_S)
            if job.told and not is_final:
                return self._postpone(job, "a file can't be fetched yet")
            outcome = await self._present(job, prepared.files)
        match outcome:
            case Presented() if not is_final:
                return await unbroken(self._tell_of_link(job, outcome))
            case Presented():
                return await self._finish(job, outcome)
            case NotPresented(trouble) if job.told and trouble is not Trouble.PASSING:
                logger.warning("job %s: showing a link instead (%s)", job.id, trouble.value)
                return await self._finish(job, Presented())
            case NotPresented(trouble):
                return self._postpone(job, trouble.value)
            case _:
                assert_never(outcome)

    async def _present(self, job: Job, files: Sequence[LocalFile]) -> PresentOutcome:
        async def within(limit_bytes: int) -> Sequence[LocalFile]:
            return (await self._preparer.prepare(job, limit_bytes=limit_bytes)).files

        outcome = await self._announcer.deliver(job, files, within=within)
        self._observer.presented(job, outcome)
        return outcome

    async def _finish(self, job: Job, presented: Presented) -> DeliveryResult:
        delivered = await unbroken(self._mark(job, presented, lifecycle.Delivered()))
        if delivered is None:
            return DeliveryOvertaken()
        await self._files.delivered(job.id)
        return DeliveredResult(delivered)

    async def _tell_of_link(self, job: Job, presented: Presented) -> DeliveryResult:
        told = await self._mark(job, presented, lifecycle.LinkShown())
        if told is None:
            return DeliveryOvertaken()
        return self._postpone(told, "a file can't be fetched yet, so the card shows a link")

    async def _mark(self, job: Job, presented: Presented, event: lifecycle.Event) -> Job | None:
        current: Job | None = job
        if presented.place is not None:
            current = await self._move(job, lifecycle.CardMoved(presented.place))
        if current is None:
            return None
        if not current.told:
            # Notify before recording: after a crash in between, the repeated ping has the same
            # nonce.
            await self._announcer.ping(current)
        return await self._move(current, event)

    def _postpone(self, job: Job, why: str) -> DeliveryResult:
        since_rendered = self._since_rendered(job)
        if since_rendered >= timedelta(seconds=DELIVER_FOR_S):
            # Paid for, so never dropped: it waits for its requester's next command.
            logger.error("job %s: couldn't deliver it within a day (%s); keeping it", job.id, why)
        else:
            logger.warning("job %s: couldn't deliver it yet (%s)", job.id, why)
        return DeliveryPostponed(job, delivery_gap_s(since_rendered.total_seconds(), self._random))

    def _since_rendered(self, job: Job) -> timedelta:
        return self._clock.now() - job.state_since

    async def _move(self, job: Job, event: lifecycle.Event) -> Job | None:
        return await self._store.move(job, event, self._clock.now())
