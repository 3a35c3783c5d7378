"""Orders: members ask for a video, cancel it, or have it brought to another place."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import assert_never

from bot.domain import lifecycle
from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import UNSENT_STATES, Canceller, Job, JobId, Place, State
from bot.domain.money.ledger import OverCap, Reservation, TooSoon
from bot.domain.money.policy import DeclineReason, DeclineWhy
from bot.domain.outages import unless_away
from bot.domain.outcomes import CancelConfirmed, CancelDeclined, CancelTooLate, Unanswered
from bot.domain.ports import (
    Added,
    AddOutcome,
    AlreadyThere,
    Clock,
    Engine,
    JobStore,
    Providers,
)
from bot.features.admission import Admission, Order

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """The job is accepted and written; the engine watches it from here."""

    job: Job


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """The same interaction came twice; the job of the first one counts."""

    job: Job


@dataclass(frozen=True, slots=True)
class AskUnclear:
    """The row is written, but perhaps not confirmed: its card will tell.

    The video is made, or the job ends uncharged within minutes.
    """

    job: Job


AskOutcome = Asked | AskedBefore | AskUnclear | Denied[DeclineWhy]


@dataclass(frozen=True, slots=True)
class CancelledForCertain:
    """It was never sent, or the service confirmed the cancel: it costs nothing."""

    job: Job


class CancelRefusal(StrEnum):
    """Why the Cancel button did not cancel: each has its own message."""

    UNKNOWN_JOB = "unknown_job"
    NOT_YOURS = "not_yours"
    BEING_SENT = "being_sent"
    TOO_LATE = "too_late"
    SERVICE_REFUSED = "service_refused"
    """The service refused, though nothing says that it renders."""
    ALREADY_CANCELLED = "already_cancelled"
    ALREADY_OVER = "already_over"
    UNSURE = "unsure"
    SERVICE_SILENT = "service_silent"
    STORE_DOWN = "store_down"


CancelAnswer = CancelledForCertain | Denied[CancelRefusal]


@dataclass(frozen=True, slots=True)
class Bringing:
    """It is on its way to the new place."""

    job: Job


class BringRefusal(StrEnum):
    """Why a kept video is not brought."""

    NOT_YOURS = "not_yours"
    NOTHING_KEPT = "nothing_kept"
    STORE_DOWN = "store_down"


BringAnswer = Bringing | Denied[BringRefusal]


KEPT_AFTER = timedelta(minutes=2)
"""A result that is undelivered for so long is offered to its requester elsewhere."""

_CONFIRM_TRIES = 2
"""After a lost connection, the second try opens a new one."""

_REFUSAL_BY_STATE = {
    State.SUBMITTING: CancelRefusal.BEING_SENT,
    State.RENDERING: CancelRefusal.TOO_LATE,
    State.RENDERED: CancelRefusal.TOO_LATE,
    State.DELIVERED: CancelRefusal.ALREADY_OVER,
    State.FAILED: CancelRefusal.ALREADY_OVER,
    State.CANCELLED: CancelRefusal.ALREADY_CANCELLED,
    State.UNSURE: CancelRefusal.UNSURE,
}


class Ordering:
    """Every answer is true at the moment it is given."""

    def __init__(
        self,
        *,
        store: JobStore,
        providers: Providers,
        admission: Admission,
        engine: Engine,
        clock: Clock,
    ) -> None:
        self._store = store
        self._providers = providers
        self._admission = admission
        self._engine = engine
        self._clock = clock

    async def ask(self, order: Order, place: Place) -> AskOutcome:
        """Write the job with what it reserves, and have it watched; its card is at `place`.

        Call it only after Discord confirmed our acknowledgement of the interaction: if two
        processes receive the same event, Discord lets one acknowledge, so only one buys.
        """
        job = order.placed(place)
        match await self._written(job, await self._admission.reservation(order)):
            case Added():
                stands = await self._confirmed(job, is_reviewed=order.is_reviewed)
                self._engine.enqueue(job.id)
                return AskUnclear(job) if stands is None else Asked(stands)
            case AlreadyThere(other):
                return AskedBefore(other)
            case OverCap() | TooSoon() as objection:
                return Denied(objection)
            case None:
                return Denied(DeclineReason.STORE_DOWN)

    async def _written(self, job: Job, reservation: Reservation) -> AddOutcome | None:
        """Write the row; None if unclear. In ASKED no process sends it, so a refusal is true."""
        said = f"job {job.id}: couldn't write it down"
        answer = await unless_away(self._added(job, reservation), None, said, level=logging.ERROR)
        if answer is not None:
            return answer
        # A connection that broke during the commit leaves open whether the row is there.
        said = f"job {job.id}: can't tell whether it is written"
        found = await unless_away(self._store.get(job.id), None, said)
        return None if found is None else Added()

    async def _added(self, job: Job, reservation: Reservation) -> AddOutcome:
        answer = await self._store.add(job, reservation)
        if isinstance(answer, AlreadyThere) and answer.job.state is State.ASKED:
            # Left by an earlier try of this interaction, which ended in a refusal or a crash.
            never = lifecycle.NeverConfirmed.about(answer.job)
            await self._store.move(answer.job, never, self._clock.now())
            self._engine.enqueue(answer.job.id)
            answer = await self._store.add(job, reservation)
        return answer

    async def _confirmed(self, job: Job, *, is_reviewed: bool) -> Job | None:
        """Confirm a written job: from here on its requester gets no refusal any more.

        None if it may have been confirmed, and only its card will tell.
        """
        event = lifecycle.ReviewNeeded() if is_reviewed else lifecycle.AskConfirmed()

        async def confirm() -> Job:
            moved = await self._store.move(job, event, self._clock.now())
            # An earlier try, a cancel, or the end of a job that was confirmed too late.
            return moved or await self._store.get(job.id) or job

        said = f"job {job.id}: can't tell whether it's confirmed"
        for _ in range(_CONFIRM_TRIES):
            stands = await unless_away(confirm(), None, said, level=logging.ERROR)
            if stands is not None:
                return stands
        return None

    async def cancel(self, job_id: JobId, by: Actor) -> CancelAnswer:
        """Cancel a job; "cancelled" is only said once it is certain."""
        unknown = Denied(CancelRefusal.STORE_DOWN)
        said = f"job {job_id}: couldn't write down its cancel"
        answer = await unless_away(self._cancel(job_id, by), unknown, said, level=logging.ERROR)
        if answer is unknown:
            self._engine.enqueue(job_id)  # it may be written all the same
        return answer

    async def kept_for(self, requester_id: int) -> Sequence[Job]:
        """Videos that are paid for and could not be delivered for a while."""
        since = self._clock.now() - KEPT_AFTER
        rendering = self._store.rendered_for(requester_id)
        rendered = await unless_away(rendering, (), "couldn't look for kept videos")
        return [job for job in rendered if job.state_since <= since and not job.told]

    async def bring(self, job_id: JobId, by: Actor, place: Place) -> BringAnswer:
        """Deliver a kept video to the requester's new place."""
        brought = self._bring(job_id, by, place)
        unknown, said = Denied(BringRefusal.STORE_DOWN), f"job {job_id}: couldn't bring its video"
        return await unless_away(brought, unknown, said, level=logging.ERROR)

    async def _bring(self, job_id: JobId, by: Actor, place: Place) -> BringAnswer:
        job = await self._store.get(job_id)
        if job is None or job.state is not State.RENDERED or job.told:
            return Denied(BringRefusal.NOTHING_KEPT)
        if by.user_id != job.requester_id:
            return Denied(BringRefusal.NOT_YOURS)
        moved = await self._store.move(job, lifecycle.CardMoved(place), self._clock.now())
        if moved is None:
            return Denied(BringRefusal.NOTHING_KEPT)
        self._engine.enqueue(moved.id)
        return Bringing(moved)

    async def _cancel(self, job_id: JobId, by: Actor) -> CancelAnswer:
        job = await self._store.get(job_id)
        if job is None:
            return Denied(CancelRefusal.UNKNOWN_JOB)
        if by.user_id != job.requester_id and not by.moderates(job):
            return Denied(CancelRefusal.NOT_YOURS)
        theirs = by.user_id == job.requester_id
        canceller = Canceller.REQUESTER if theirs else Canceller.MODERATOR
        if job.state in UNSENT_STATES:
            by_them = lifecycle.Cancelled(canceller)
            cancelled = await self._store.move(job, by_them, self._clock.now())
            if cancelled is not None:
                return self._tell(cancelled)
            job = await self._store.get(job_id) or job
        if job.state is State.QUEUED and job.request_id is not None:
            return await self._cancel_there(job, job.request_id, canceller)
        return Denied(_REFUSAL_BY_STATE.get(job.state, CancelRefusal.BEING_SENT))

    async def _cancel_there(self, job: Job, request_id: str, canceller: Canceller) -> CancelAnswer:
        provider = await self._providers.of(job.key_id)
        outcome = await provider.cancel(request_id)
        match outcome:
            case CancelConfirmed():
                return await self._record_cancelled(job, canceller)
            case CancelTooLate():
                # The watch's next poll corrects the card; now, not at its next turn.
                self._engine.enqueue(job.id)
                return Denied(CancelRefusal.TOO_LATE)
            case CancelDeclined():
                await self._note_while_queued(job, lifecycle.CancelRefused(self._clock.now()))
                return Denied(CancelRefusal.SERVICE_REFUSED)
            case Unanswered(what_happened):
                logger.warning("job %s: no answer to the cancel: %s", job.id, what_happened)
                # If the service cancels it after all, it did so because it was asked to.
                await self._note_while_queued(job, lifecycle.CancelAsked(canceller))
                return Denied(CancelRefusal.SERVICE_SILENT)
            case _:
                assert_never(outcome)

    async def _note_while_queued(
        self, job: Job, event: lifecycle.CancelRefused | lifecycle.CancelAsked
    ) -> None:
        """Write a cancel's outcome, unless the job went on meanwhile; its watch polls again."""
        current: Job | None = job
        while current is not None and current.state is State.QUEUED:
            if await self._store.move(current, event, self._clock.now()) is not None:
                break
            current = await self._store.get(job.id)
        self._engine.enqueue(job.id)

    async def _record_cancelled(self, job: Job, canceller: Canceller) -> CancelAnswer:
        # The watch writes too; either way the service's word counts. A rendering job that the
        # service cancelled is cancelled as well, so a lost race is retried once.
        current: Job | None = job
        while current is not None and current.state in (State.QUEUED, State.RENDERING):
            by_them = lifecycle.Cancelled(canceller)
            cancelled = await self._store.move(current, by_them, self._clock.now())
            if cancelled is not None:
                return self._tell(cancelled)
            current = await self._store.get(job.id)
        if current is not None and current.state is State.CANCELLED:
            return CancelledForCertain(current)
        return Denied(CancelRefusal.ALREADY_OVER)

    def _tell(self, cancelled: Job) -> CancelAnswer:
        # Only the job's watch redraws its card, so that two edits cannot overtake each other.
        self._engine.enqueue(cancelled.id)
        return CancelledForCertain(cancelled)
