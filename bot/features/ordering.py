"""The desk: every use case that a command or a button may call, and nothing about Discord."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import assert_never

from bot.domain import lifecycle
from bot.domain.actor import Actor
from bot.domain.answers import (
    Asked,
    AskedBefore,
    AskOutcome,
    AskUnclear,
    BringAnswer,
    Bringing,
    BringRefusal,
    CancelAnswer,
    CancelledForCertain,
    CancelRefusal,
    Declined,
    DeclineReason,
    DeclineWhy,
    NotBrought,
    NotCancelled,
    ResolveOutcome,
    Wish,
)
from bot.domain.job import UNSENT_STATES, Canceller, HoldReason, Job, JobId, Place, State
from bot.domain.ledger import OverCap, Reservation, TooSoon
from bot.domain.outcomes import CancelConfirmed, CancelDeclined, CancelTooLate, Unanswered
from bot.domain.ports import (
    Added,
    AddOutcome,
    AlreadyThere,
    Clock,
    Engine,
    JobStore,
    Providers,
    StoreUnavailable,
)
from bot.domain.request import GenerationRequest
from bot.features.admission import Admission, Terms
from bot.features.promptly import promptly
from bot.features.resolving import resolve

logger = logging.getLogger(__name__)

KEPT_AFTER = timedelta(minutes=2)
"""A result that could not be delivered for so long is offered to its requester elsewhere."""

_CONFIRM_TRIES = 2
"""A lost connection is made anew by the second."""

_REFUSAL_BY_STATE = {
    State.SUBMITTING: CancelRefusal.BEING_SENT,
    State.RENDERING: CancelRefusal.TOO_LATE,
    State.RENDERED: CancelRefusal.TOO_LATE,
    State.DELIVERED: CancelRefusal.ALREADY_OVER,
    State.FAILED: CancelRefusal.ALREADY_OVER,
    State.CANCELLED: CancelRefusal.ALREADY_CANCELLED,
    State.UNSURE: CancelRefusal.UNSURE,
}


class Desk:
    """Carries out what people ask for; every answer is true at the moment it is given."""

    def __init__(
        self,
        *,
        store: JobStore,
        providers: Providers,
        admission: Admission,
        engine: Engine,
        clock: Clock,
        random: Random,
    ) -> None:
        self._store = store
        self._providers = providers
        self._admission = admission
        self._engine = engine
        self._clock = clock
        self._random = random
        self._restarting = False

    def close(self) -> None:
        """Take no more wishes: the bot is about to stop."""
        self._restarting = True

    async def refusal(self, asker: Actor) -> DeclineWhy | None:
        """Why they may ask for nothing here; None when it depends on what they wish."""
        return (
            DeclineReason.RESTARTING if self._restarting else await self._admission.refusal(asker)
        )

    async def admit(
        self,
        request: GenerationRequest,
        asker: Actor,
        *,
        interaction_id: int,
        private: bool,
        locale: str,
    ) -> Wish | Declined:
        """Decide, within a moment, whether this may be asked at all."""
        if self._restarting:
            return Declined(DeclineReason.RESTARTING)
        try:
            terms = await self._admission.terms(request, asker)
        except StoreUnavailable:
            logger.warning("a wish could not be checked; it was not taken")
            return Declined(DeclineReason.STORE_DOWN)
        if not isinstance(terms, Terms):
            return Declined(terms)
        return Wish(
            job_id=f"{self._random.getrandbits(64):016x}",
            interaction_id=interaction_id,
            asker=asker,
            request=request,
            private=private,
            locale=locale,
            asked_at=self._clock.now(),
            key_id=terms.key_id,
            spoiler=terms.spoiler,
            is_reviewed=terms.is_reviewed,
            held=await self._held(terms.key_id),
            ask_above_microusd=terms.ask_above_microusd,
        )

    async def _held(self, key_id: int | None) -> HoldReason | None:
        """What to warn of; where that cannot be read, the card says it later."""
        try:
            return await promptly(self._store.held_now(key_id, self._clock.now()))
        except StoreUnavailable:
            return None

    async def ask(self, wish: Wish, place: Place) -> AskOutcome:
        """Write the job with what it reserves, and have it watched.

        Call it only after Discord confirmed our acknowledgement of the interaction: of two
        processes that hear the same event, Discord lets one acknowledge, so only one buys.
        """
        job = wish.placed(place)
        match await self._written(job, await self._admission.reservation(wish)):
            case Added():
                return await self._confirmed(job, is_reviewed=wish.is_reviewed)
            case AlreadyThere(other):
                return AskedBefore(other)
            case OverCap() | TooSoon() as objection:
                return Declined(objection)
            case None:
                return Declined(DeclineReason.STORE_DOWN)

    async def _written(self, job: Job, reservation: Reservation) -> AddOutcome | None:
        """Write the row; None when that is unclear. As ASKED nothing sends it: a no is true."""
        try:
            answer = await self._store.add(job, reservation)
            if isinstance(answer, AlreadyThere) and answer.job.state is State.ASKED:
                # Left by an earlier try under this interaction, which ended in a no or a crash.
                never = lifecycle.NeverConfirmed.about(answer.job)
                await self._store.move(answer.job, never, self._clock.now())
                self._engine.enqueue(answer.job.id)
                answer = await self._store.add(job, reservation)
        except StoreUnavailable as error:
            logger.error("job %s could not be written: %s", job.id, error)  # noqa: TRY400 - the traceback would say no more
            return await self._found(job)
        return answer

    async def _found(self, job: Job) -> Added | None:
        """A connection that breaks while it commits leaves open whether the row stands."""
        try:
            return None if await self._store.get(job.id) is None else Added()
        except StoreUnavailable:
            return None

    async def _confirmed(self, job: Job, *, is_reviewed: bool) -> AskOutcome:
        """Let a row go on that stands for certain; from here on nobody is told no."""
        event = lifecycle.ReviewNeeded() if is_reviewed else lifecycle.AskConfirmed()
        for _ in range(_CONFIRM_TRIES):
            try:
                moved = await self._store.move(job, event, self._clock.now())
                # An earlier try, a cancel, or the end of a job that was confirmed too late.
                moved = moved or await self._store.get(job.id) or job
            except StoreUnavailable as error:
                logger.error("job %s may not be confirmed: %s", job.id, error)  # noqa: TRY400 - see above
                continue
            self._engine.enqueue(job.id)
            return Asked(moved)
        self._engine.enqueue(job.id)
        return AskUnclear(job)

    async def cancel(self, job_id: JobId, by: Actor) -> CancelAnswer:
        """Cancel a job; "cancelled" is only said once it is certain."""
        try:
            return await self._cancel(job_id, by)
        except StoreUnavailable as error:
            logger.error("cancel of job %s could not be written: %s", job_id, error)  # noqa: TRY400 - see above
            self._engine.enqueue(job_id)  # it may stand all the same
            return NotCancelled(CancelRefusal.STORE_DOWN)

    async def kept_for(self, requester_id: int) -> Sequence[Job]:
        """Videos that are paid for and could not be delivered for a while."""
        try:
            rendered = await self._store.rendered_for(requester_id)
        except StoreUnavailable:
            return ()
        since = self._clock.now() - KEPT_AFTER
        return [job for job in rendered if job.state_since <= since and not job.told]

    async def bring(self, job_id: JobId, by: Actor, place: Place) -> BringAnswer:
        """Deliver a kept video to the requester's new place."""
        try:
            job = await self._store.get(job_id)
            if job is None or job.state is not State.RENDERED or job.told:
                return NotBrought(BringRefusal.NOTHING_KEPT)
            if by.user_id != job.requester_id:
                return NotBrought(BringRefusal.NOT_YOURS)
            moved = await self._store.move(job, lifecycle.CardMoved(place), self._clock.now())
        except StoreUnavailable:
            logger.exception("job %s could not be brought", job_id)
            return NotBrought(BringRefusal.STORE_DOWN)
        if moved is None:
            return NotBrought(BringRefusal.NOTHING_KEPT)
        self._engine.enqueue(moved.id)
        return Bringing(moved)

    async def bind(self, job_id: JobId, request_id: str) -> ResolveOutcome:
        """Resolve an unsure job: a person found its request at RunComfy. It is watched from here.

        Raises:
            StoreUnavailable: nothing was written.
        """
        return await self._resolve(job_id, lifecycle.Accepted(request_id))

    async def write_off(self, job_id: JobId) -> ResolveOutcome:
        """Resolve an unsure job: a person found that RunComfy does not have it.

        Raises:
            StoreUnavailable: nothing was written.
        """
        return await self._resolve(job_id, lifecycle.WrittenOff())

    async def _resolve(
        self, job_id: JobId, decision: lifecycle.Accepted | lifecycle.WrittenOff
    ) -> ResolveOutcome:
        outcome = await resolve(self._store, job_id, decision, self._clock.now())
        if outcome is ResolveOutcome.RESOLVED:
            self._engine.enqueue(job_id)
        return outcome

    async def _cancel(self, job_id: JobId, by: Actor) -> CancelAnswer:
        job = await self._store.get(job_id)
        if job is None:
            return NotCancelled(CancelRefusal.UNKNOWN_JOB)
        if by.user_id != job.requester_id and not by.moderates(job):
            return NotCancelled(CancelRefusal.NOT_YOURS)
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
        return NotCancelled(_REFUSAL_BY_STATE.get(job.state, CancelRefusal.BEING_SENT))

    async def _cancel_there(self, job: Job, request_id: str, canceller: Canceller) -> CancelAnswer:
        provider = await self._providers.of(job.key_id)
        outcome = await provider.cancel(request_id)
        match outcome:
            case CancelConfirmed():
                return await self._record_cancelled(job, canceller)
            case CancelTooLate():
                # The watcher's next look puts the card right, now rather than at its next turn.
                self._engine.enqueue(job.id)
                return NotCancelled(CancelRefusal.TOO_LATE)
            case CancelDeclined():
                await self._note_while_queued(job, lifecycle.CancelRefused(self._clock.now()))
                return NotCancelled(CancelRefusal.SERVICE_REFUSED)
            case Unanswered(what_happened):
                logger.warning("job %s: cancel was not answered: %s", job.id, what_happened)
                # Should the service cancel it after all, it did so because it was asked to.
                await self._note_while_queued(job, lifecycle.CancelAsked(canceller))
                return NotCancelled(CancelRefusal.SERVICE_SILENT)
            case _:
                assert_never(outcome)

    async def _note_while_queued(
        self, job: Job, event: lifecycle.CancelRefused | lifecycle.CancelAsked
    ) -> None:
        """Write what came of a cancel, unless the job went on meanwhile; its watch looks again."""
        current: Job | None = job
        while current is not None and current.state is State.QUEUED:
            if await self._store.move(current, event, self._clock.now()) is not None:
                break
            current = await self._store.get(job.id)
        self._engine.enqueue(job.id)

    async def _record_cancelled(self, job: Job, canceller: Canceller) -> CancelAnswer:
        # The watcher writes too; whoever is first, the service's word stands. A rendering job
        # that the service cancelled is cancelled as well, so a lost race is tried once more.
        current: Job | None = job
        while current is not None and current.state in (State.QUEUED, State.RENDERING):
            by_them = lifecycle.Cancelled(canceller)
            cancelled = await self._store.move(current, by_them, self._clock.now())
            if cancelled is not None:
                return self._tell(cancelled)
            current = await self._store.get(job.id)
        if current is not None and current.state is State.CANCELLED:
            return CancelledForCertain(current)
        return NotCancelled(CancelRefusal.ALREADY_OVER)

    def _tell(self, cancelled: Job) -> CancelAnswer:
        # The job's watcher alone redraws its card, so that two edits cannot overtake each other.
        self._engine.enqueue(cancelled.id)
        return CancelledForCertain(cancelled)
