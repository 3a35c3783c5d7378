"""One job's life, from its committed row to the reported end."""

import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, assert_never

from bot.domain import lifecycle, outcomes
from bot.domain.job import Canceller, Job, JobId, State
from bot.domain.line import UNDER_WAY_STATES
from bot.domain.observer import Observer
from bot.domain.outcomes import FailureReason
from bot.domain.ports import (
    Announcer,
    Clock,
    Copier,
    JobStore,
    MediaSource,
    NotPresented,
    PictureBytes,
    Presented,
    PresentOutcome,
    Providers,
    Trouble,
)
from bot.runner import cadence
from bot.runner.card_keeper import CardKeeper
from bot.runner.delivery import (
    DeliveredResult,
    Deliverer,
    DeliveryOvertaken,
    DeliveryPostponed,
)
from bot.runner.files.keeper import FileKeeper
from bot.runner.line import LOOK_AGAIN_S, Line
from bot.runner.polling import Polling, Turn
from bot.runner.review_question import Reviewing
from bot.runner.sending import (
    Attempt,
    HeldBack,
    Moved,
    Overtaken,
    Sender,
    ToldToWait,
    attempt_after_restart,
)
from bot.runner.watches import Signals

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Workshop:
    """What all watches of a process share, so that an engine only has to name the job."""

    store: JobStore
    providers: Providers
    line: Line
    media_source: MediaSource
    announcer: Announcer
    clock: Clock
    random: Random
    files: FileKeeper
    copier: Copier | None
    polling: Polling
    picture_bytes: PictureBytes
    pictures_by_link: bool = False
    observer: Observer = field(default_factory=Observer)
    sender: Sender = field(init=False)
    deliverer: Deliverer = field(init=False)

    def __post_init__(self) -> None:
        """Make the one sender and the one deliverer."""
        self.sender = Sender(
            store=self.store,
            providers=self.providers,
            line=self.line,
            clock=self.clock,
            random=self.random,
            picture_bytes=self.picture_bytes,
            pictures_by_link=self.pictures_by_link,
            observer=self.observer,
        )
        self.deliverer = Deliverer(
            store=self.store,
            media_source=self.media_source,
            copier=self.copier,
            files=self.files,
            announcer=self.announcer,
            clock=self.clock,
            random=self.random,
            observer=self.observer,
        )

    def watch(self, job_id: JobId, signals: Signals) -> Coroutine[Any, Any, None]:
        """Carry one job on, from any state (see `Watch.run`)."""
        return Watch(self, job_id, signals).run()


class Watch:
    """Carries one job on from any state.

    It reads the row when the watch begins, after a wake, and when another writer was first; between
    changes a poll needs no database access.
    """

    def __init__(self, workshop: "Workshop", job_id: JobId, signals: Signals) -> None:
        self._job_id = job_id
        self._store = workshop.store
        self._providers = workshop.providers
        self._sender = workshop.sender
        self._deliverer = workshop.deliverer
        self._polling = workshop.polling
        self._turn = Turn(nudge=signals.nudge)
        self._clock = workshop.clock
        self._random = workshop.random
        self._observer = workshop.observer
        self._signals = signals
        self._announcer = workshop.announcer
        self._reviewing = Reviewing(room=workshop.line.reviews, clock=workshop.clock)
        self._card = CardKeeper(announcer=workshop.announcer, clock=workshop.clock)
        self._attempt: Attempt | None = None
        self._delivery_tried = False
        self._late_answer_waited_for = False
        self._failures = 0
        self._gone_since: datetime | None = None
        self._old_since: datetime | None = None
        self._confirm_by: datetime | None = None

    async def run(self) -> None:
        """Work until the job needs nothing more from the bot, or the bot drains.

        Raises:
            StoreUnavailable: the row could not be read or written; run it again later.
        """
        self._observer.watch_began(self._job_id)
        if self._signals.row is not None:
            self._observer.job_seen(self._signals.row)
        try:
            await self._carry_on()
        finally:
            self._observer.watch_ended(self._job_id)
        await self._observer.watch_finished(self._job_id)

    async def _carry_on(self) -> None:
        job = self._signals.row or await self._reread()
        self._signals.row = None
        if job is not None and job.is_as_asked:
            # The command's first answer is this card.
            self._card.already_says(job)
        try:
            while job is not None and job.needs_work and not self._signals.draining:
                was_under_way = job.state in UNDER_WAY_STATES
                await self._reviewing.close(job)
                job = await self._step(job)
                if was_under_way and (job is None or job.state not in UNDER_WAY_STATES):
                    await self._sender.line.place_freed()
        finally:
            self._polling.leave(self._turn)
            self._sender.line.leave(self._job_id)

    async def _step(self, job: Job) -> Job | None:
        match job.state:
            case State.ASKED:
                return await self._await_confirmation(job)
            case State.IN_REVIEW:
                return await self._await_review(job)
            case State.WAITING:
                return await self._send(job)
            case State.SUBMITTING:
                return await self._await_late_answer(job)
            case State.QUEUED | State.RENDERING:
                return await self._look(job)
            case State.RENDERED:
                return await self._deliver(job)
            case State.FAILED | State.CANCELLED | State.UNSURE:
                return await self._tell_end(job)
            case State.DELIVERED:
                return None
            case _:
                assert_never(job.state)

    # --- sending ------------------------------------------------------------------------------

    async def _await_confirmation(self, job: Job) -> Job | None:
        """Wait for the desk to confirm the job: one that is never confirmed is never sent."""
        now, within = self._clock.now(), timedelta(seconds=cadence.CONFIRM_WITHIN_S)
        # The job's own time may come from another clock that is ahead.
        self._confirm_by = self._confirm_by or min(job.state_since, now) + within
        if now < self._confirm_by:
            await self._pause(job, (self._confirm_by - now).total_seconds())
            return await self._reread()
        logger.warning("job %s: was never confirmed, so the bot doesn't send it", job.id)
        return await self._move(job, lifecycle.NeverConfirmed.about(job))

    async def _await_review(self, job: Job) -> Job | None:
        """Wait for a moderator's decision; nothing is sent before it."""
        coming = await self._reviewing.next(job)
        if isinstance(coming, int | float):
            return await self._rest(job, coming)
        return await self._move(job, coming)

    async def _send(self, job: Job) -> Job | None:
        if self._attempt is None:
            self._attempt = attempt_after_restart(job, self._clock.now())
        result = await self._sender.send(
            job,
            self._attempt,
            self._show,
            wake=self._signals.wake,
            is_draining=lambda: self._signals.draining,
        )
        match result:
            case Moved(moved):
                return moved
            case Overtaken():
                return await self._reread()
            case HeldBack(held, delay_s):
                self._attempt = self._attempt.held_again(held, self._clock.now())
                return await self._rest(held, delay_s)
            case ToldToWait(waiting, in_line):
                self._attempt = Attempt()
                await self._card.show(waiting, in_line=in_line)
                return await self._pause(waiting, LOOK_AGAIN_S)
            case _:
                assert_never(result)

    async def _await_late_answer(self, job: Job) -> Job | None:
        """Wait for another process's POST: it died, or is frozen and may still write."""
        told_at = job.state_since + timedelta(seconds=cadence.LATE_ANSWER_GRACE_S)
        remaining_s = (told_at - self._clock.now()).total_seconds()
        # More remaining time than the whole grace means that the sender's clock was ahead.
        if remaining_s > 0 and not self._late_answer_waited_for:
            self._late_answer_waited_for = remaining_s > cadence.LATE_ANSWER_GRACE_S
            await self._pause(job, min(remaining_s, cadence.LATE_ANSWER_GRACE_S))
            return await self._reread()
        logger.error(
            "job %s: the bot stopped while sending it. You may have paid for it, so the bot "
            "doesn't send it again. Look at RunComfy's list of generations",
            job.id,
        )
        return await self._move(job, lifecycle.OutcomeLost())

    # --- watching -----------------------------------------------------------------------------

    async def _look(self, job: Job) -> Job | None:
        """Poll the job when its turn has come; what the last poll changed is shown before."""
        # The table gives every queued job a request id; a damaged row may have none.
        if job.request_id is None or self._is_hopeless(job):
            logger.error("job %s: no word on %s from RunComfy for a day", job.id, job.request_id)
            return await self._move(job, lifecycle.WatchGivenUp())
        if self._polling.is_shown_before(self._turn):
            await self._show(job)
        if not await self._polling.has_come(self._turn, job, self._signals):
            return await self._woken(job)
        provider = await self._providers.of(job.key_id)
        sighting = await provider.look(job.request_id)
        self._observer.looked(job.request_id, sighting, key_id=job.key_id)
        match sighting:
            case outcomes.StillQueued(position):
                return await self._still_queued(job, position)
            case outcomes.StillRendering():
                return await self._still_rendering(job)
            case outcomes.Succeeded(media, cost_microusd):
                is_timed = self._polling.ended(self._turn, job)
                event = lifecycle.RenderingSucceeded(media, cost_microusd, is_timed=is_timed)
                return await self._move(job, event)
            case outcomes.Failed(reason, cost_microusd):
                return await self._move(job, lifecycle.RenderingFailed(reason, cost_microusd))
            case outcomes.CancelledThere():
                canceller = job.cancelled_by or Canceller.SERVICE
                return await self._move(job, lifecycle.Cancelled(canceller))
            case outcomes.Gone():
                return await self._gone(job)
            case outcomes.Unclear(what_happened):
                return self._no_verdict(job, outcomes.Unanswered(what_happened))
            case outcomes.Unanswered():
                return self._no_verdict(job, sighting)
            case _:
                assert_never(sighting)

    async def _still_queued(self, job: Job, position: int | None) -> Job | None:
        self._answered()
        # The row takes only positions that the card will show: a poll writes nothing else.
        shown_next = self._card.is_due or self._card.shown_state is not State.QUEUED
        is_new = job.state is State.RENDERING or (position != job.queue_position and shown_next)
        return await self._move(job, lifecycle.QueueMoved(position)) if is_new else job

    async def _still_rendering(self, job: Job) -> Job | None:
        self._answered()
        is_new = job.state is State.QUEUED
        return await self._move(job, lifecycle.RenderingBegan()) if is_new else job

    async def _gone(self, job: Job) -> Job | None:
        now = self._clock.now()
        self._gone_since = self._gone_since or now
        if now - self._gone_since >= timedelta(seconds=cadence.GONE_FOR_S):
            logger.error("job %s: RunComfy no longer knows %s", job.id, job.request_id)
            # It was accepted, so it may be charged: a person decides what becomes of it.
            return await self._move(job, lifecycle.WatchGivenUp(FailureReason.REQUEST_LOST))
        self._polling.rest(self._turn, cadence.GONE_GAP_S)
        return job

    def _no_verdict(self, job: Job, trouble: outcomes.Unanswered) -> Job:
        self._failures += 1
        logger.warning("job %s: RunComfy gave no usable answer (%s)", job.id, trouble.what_happened)
        if trouble.rate_limited:
            self._polling.slow_down(self._turn, trouble.retry_after_s)
        retry_after_s = cadence.retry_delay_s(self._failures, trouble.retry_after_s, self._random)
        self._polling.rest(self._turn, retry_after_s)
        return job

    def _answered(self) -> None:
        self._failures = 0
        self._gone_since = None
        self._polling.answered(self._turn)

    # --- ends ---------------------------------------------------------------------------------

    async def _deliver(self, job: Job) -> Job | None:
        self._polling.leave(self._turn)
        if not (self._delivery_tried or job.told):
            await self._show(job)
        self._delivery_tried = True
        result = await self._deliverer.deliver(job)
        match result:
            case DeliveredResult(delivered):
                return delivered
            case DeliveryPostponed(postponed, delay_s):
                return await self._pause(postponed, delay_s)
            case DeliveryOvertaken():
                return await self._reread()
            case _:
                assert_never(result)

    async def _tell_end(self, job: Job) -> Job | None:
        self._polling.leave(self._turn)
        # First the card: a notified requester looks at it.
        outcome = await self._card.show(job)
        if isinstance(outcome, NotPresented) and outcome.trouble is Trouble.PASSING:
            since_ended_s = (self._clock.now() - job.state_since).total_seconds()
            if since_ended_s < cadence.DELIVER_FOR_S:
                gap_s = cadence.delivery_gap_s(since_ended_s, self._random)
                return await self._pause(job, gap_s)
        if isinstance(outcome, NotPresented):
            logger.warning("job %s: couldn't show how it ended (%s)", job.id, outcome.trouble.value)
        if isinstance(outcome, Presented) and outcome.place is not None:
            # A new message has notified them, and is their card from now on.
            moved = await self._move(job, lifecycle.CardMoved(outcome.place))
            if moved is None or moved.state is not job.state:
                return moved
            job = moved
        elif job.ends_in_bad_news and not _was_told_no(job, outcome):
            # Notify before recording: after a crash in between, the repeated ping has the same
            # nonce.
            await self._announcer.ping(job)
        return await self._move(job, lifecycle.EndTold())

    # --- rows, cards, pauses ------------------------------------------------------------------

    async def _reread(self) -> Job | None:
        return await self._store.get(self._job_id)

    async def _move(self, job: Job, event: lifecycle.Event) -> Job | None:
        moved = await self._store.move(job, event, self._clock.now())
        return moved if moved is not None else await self._reread()

    async def _rest(self, job: Job, delay_s: float) -> Job | None:
        """Show the job's state, then sleep."""
        await self._show(job)
        return await self._pause(job, delay_s)

    async def _pause(self, job: Job, delay_s: float) -> Job | None:
        """Sleep until it is time again; a wake (which rereads the row) or a drain ends it early."""
        await self._clock.sleep(delay_s, wake=self._signals.wake)
        return await self._woken(job)

    async def _woken(self, job: Job) -> Job | None:
        if self._signals.wake.is_set() and not self._signals.draining:
            self._signals.wake.clear()
            return await self._reread()
        return job

    async def _show(self, job: Job) -> None:
        silent = self._failures >= cadence.SILENT_AFTER_FAILURES
        await self._card.show(job, service_silent=silent)

    def _is_hopeless(self, job: Job) -> bool:
        now = self._clock.now()
        if now - (job.sent_at or job.created_at) < cadence.GIVE_UP_AFTER:
            return False
        self._old_since = self._old_since or now
        return now - self._old_since >= cadence.LOOK_AT_LEAST


def _was_told_no(job: Job, outcome: PresentOutcome | None) -> bool:
    """Whether its card was removed when its requester was told that it was not accepted."""
    return isinstance(outcome, NotPresented) and job.failure is FailureReason.NOT_CONFIRMED
