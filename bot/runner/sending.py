"""The one paid POST of a job: recorded before it is sent, sent once, its outcome recorded after."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from bot import as_invoked
from bot.domain import lifecycle, outcomes
from bot.domain.job import HOLD_LIMIT, HoldReason, Job, JobId, State
from bot.domain.line import InLine
from bot.domain.money.keys import KeyReplaced, KeyUnusable, KeyUsable
from bot.domain.observer import Observer
from bot.domain.outcomes import FailureReason
from bot.domain.ports import (
    Clock,
    Frames,
    JobStore,
    PictureBytes,
    Provider,
    Providers,
    StoreUnavailable,
)
from bot.runner.account_gates import ACCOUNT_TROUBLES, AccountGates
from bot.runner.cadence import ACCOUNT_PROBE_S, retry_delay_s
from bot.runner.line import Line
from bot.runner.sent_pictures import SentPictures
from bot.runner.tasks import FINISH_WITHIN_S, unbroken

logger = logging.getLogger(__name__)

_A_MOMENT = timedelta(seconds=1)
_GIVEN_UP: Mapping[HoldReason | None, FailureReason] = {
    HoldReason.KEY_REFUSED: FailureReason.KEY_REFUSED,
    HoldReason.NO_BALANCE: FailureReason.NO_BALANCE,
    HoldReason.RATE_LIMITED: FailureReason.SERVICE_BUSY,
    HoldReason.UNREACHABLE: FailureReason.SERVICE_BUSY,
    None: FailureReason.SERVICE_BUSY,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """The row was written."""

    job: Job


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Another writer was first: read the row again."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Nothing was bought; try again after `delay_s`."""

    job: Job
    delay_s: float


@dataclass(frozen=True, slots=True)
class ToldToWait:
    """It is not its turn yet: the line wakes it, or it checks again by itself."""

    job: Job
    in_line: InLine


Announce = Callable[[Job], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """The attempt's number, and since when the job has been held back.

    Waiting in our own line does not count, only delays by the service or the account.
    """

    number: int = 1
    held_since: datetime | None = None

    def is_held_too_long(self, now: datetime) -> bool:
        """Whether to give up now, uncharged."""
        return self.held_since is not None and now - self.held_since >= HOLD_LIMIT

    def held_again(self, job: Job, now: datetime) -> "Attempt":
        """The next attempt, after the job was held back."""
        return Attempt(self.number + 1, job.held_since or self.held_since or now)


def attempt_after_restart(job: Job, now: datetime) -> Attempt:
    """Continue another process's count if it held the job until a moment ago, as the card says."""
    if job.held_until is None or now - job.held_until >= timedelta(seconds=ACCOUNT_PROBE_S):
        return Attempt()
    return Attempt(held_since=job.held_since)


SendResult = Moved | Overtaken | HeldBack | ToldToWait


class Sender:
    """Sends jobs, each at most once, and each when it is its turn."""

    def __init__(
        self,
        *,
        store: JobStore,
        providers: Providers,
        line: Line,
        clock: Clock,
        random: Random,
        picture_bytes: PictureBytes,
        pictures_by_link: bool = False,
        observer: Observer | None = None,
    ) -> None:
        self._store = store
        self._providers = providers
        self._gates = AccountGates(clock=clock)
        self.line = line
        """Where its jobs wait for their turn."""
        self._clock = clock
        self._random = random
        self._pictures = SentPictures(
            picture_bytes=picture_bytes, by_link=pictures_by_link, clock=clock
        )
        self._observer = observer or Observer()

    async def send(
        self,
        job: Job,
        attempt: Attempt,
        announce: Announce,
        *,
        wake: asyncio.Event,
        is_draining: Callable[[], bool],
    ) -> SendResult:
        """Try to send a waiting job; the attempt's number determines the backoff.

        `announce` shows that it is being sent, while it is being sent. `wake` is set when a job
        that was told to wait may try again. Once `is_draining` is true, no POST begins.

        Raises:
            StoreUnavailable: before the POST (nothing was sent).
        """
        if (result := await self._by_its_key(job)) is not None:
            return result
        if (in_line := await self.line.place_of(job)) is not None:
            return ToldToWait(job, in_line)
        gate = self._gates.of(job.key_id)
        if attempt.is_held_too_long(self._clock.now()):
            failure = _GIVEN_UP[job.held_because]
            return _or_overtaken(await self._move(job, lifecycle.Refused(failure)))
        if (wait_s := gate.wait_s()) > 0:
            return await self._step_aside(job, attempt, wait_s)
        provider = await self._providers.of(job.key_id)
        frames = await self._pictures.frames_of(job)
        if frames is None:
            gone = lifecycle.Refused(FailureReason.PICTURE_GONE)
            return _or_overtaken(await self._move(job, gone))
        sending = await self._begun(job, wake)
        if not isinstance(sending, Job):
            return sending
        # Nothing is awaited between this and the POST.
        if is_draining():
            return await unbroken(self._take_back(sending))
        announcing = asyncio.ensure_future(announce(sending))
        try:
            outcome = await self._submitted(provider, sending, frames)
            # The answer is worth money: not even a shutdown may prevent writing it to the row.
            result = await unbroken(self._record(sending, outcome, attempt))
            # One edit at a time: the next one may start only when this one has ended.
            await announcing
        finally:
            announcing.cancel()
        return result

    async def _begun(self, job: Job, wake: asyncio.Event) -> Job | SendResult:
        """The job as it is being sent, or why it is not; on any error, no POST is sent."""
        at = self._clock.now()
        try:
            begun = await self.line.begin_sending(job, wake, at)
        except StoreUnavailable:
            # The commit may have succeeded nevertheless.
            if (result := await self._taken_back(job, at)) is None:
                raise
            return result
        except asyncio.CancelledError:
            with suppress(TimeoutError):
                async with asyncio.timeout(FINISH_WITHIN_S):
                    await self._taken_back(job, at)
            raise
        match begun:
            case None:
                return Overtaken()
            case InLine():
                return ToldToWait(job, begun)
            case _:
                return begun

    async def _taken_back(self, job: Job, at: datetime) -> Moved | Overtaken | None:
        """Undo its SUBMITTING if it was written at exactly `at`; None if it still waits.

        Another time means that another process wrote it and its POST may have been sent. This tries
        a write first: a write waits for a commit in progress, which a read would not see.
        """
        failures = 0
        while True:
            try:
                aside = lifecycle.SteppedAside(at, job.held_since, job.held_because)
                if await self._move(job, aside) is not None:
                    return None
                fresh = await self._store.get(job.id)
            except StoreUnavailable:
                failures += 1
                await self._clock.sleep(retry_delay_s(failures, None, self._random))
                continue
            if fresh is not None and fresh.state is State.SUBMITTING and fresh.sent_at == at:
                return await self._take_back(fresh)
            return Overtaken()

    async def _take_back(self, sending: Job) -> Moved | Overtaken:
        """This process knows that it did not send it: the job waits again."""
        logger.info("job %s: wasn't sent after all; it waits again", sending.id)
        # The time for which others held it before still counts.
        back = lifecycle.SendingHeldBack(None, sending.held_since, sending.held_because)
        result = await self._insist(sending, back)
        await self.line.place_freed()
        return result

    async def _submitted(
        self, provider: Provider, sending: Job, frames: Frames
    ) -> outcomes.SubmitOutcome:
        began_at = self._clock.now()
        try:
            outcome = await provider.submit(sending.request, frames)
        except asyncio.CancelledError:
            logger.error(  # noqa: TRY400 - the traceback would say no more
                "job %s: the stop cut it off while the bot was sending it. You may have paid for "
                "it, so the bot doesn't send it again. Look at RunComfy's list of generations",
                sending.id,
            )
            raise
        took_s = (self._clock.now() - began_at).total_seconds()
        self._observer.submitted(outcome, took_s=took_s, key_id=sending.key_id)
        return outcome

    async def _by_its_key(self, job: Job) -> Moved | Overtaken | None:
        """What happens to a job whose server's key was replaced, removed or refused meanwhile."""
        if job.key_id is None:
            return None
        match await self._providers.standing(job.key_id):
            case KeyUsable():
                return None
            case KeyReplaced(key_id):
                return _or_overtaken(await self._move(job, lifecycle.KeyChanged(key_id)))
            case KeyUnusable(failure):
                return _or_overtaken(await self._move(job, lifecycle.Refused(failure)))

    async def _record(
        self, sending: Job, outcome: outcomes.SubmitOutcome, attempt: Attempt
    ) -> SendResult:
        gate = self._gates.of(sending.key_id)
        match outcome:
            case outcomes.SubmitAccepted(request_id):
                gate.open()
                return await self._insist(sending, lifecycle.Accepted(request_id))
            case outcomes.SubmitRefused(FailureReason.KEY_REFUSED as reason) if (
                sending.key_id is not None
            ):
                # Only its managers can fix that, so the requester is not kept waiting.
                refused = await self._insist(sending, lifecycle.Refused(reason))
                await self._providers.turned_invalid(sending.key_id)
                return refused
            case outcomes.SubmitRefused(reason) if reason in ACCOUNT_TROUBLES:
                gate.close(reason)
                because = ACCOUNT_TROUBLES[reason]
                return await self._hold(sending, attempt, because, gate.wait_s())
            case outcomes.SubmitRefused(reason):
                gate.open()
                if reason is FailureReason.PICTURE_REFUSED:
                    self._pictures.refused(sending)
                return await self._insist(sending, lifecycle.Refused(reason))
            case outcomes.NotSent():
                delay_s = retry_delay_s(attempt.number, None, self._random)
                return await self._hold(sending, attempt, HoldReason.UNREACHABLE, delay_s)
            case outcomes.RateLimited(retry_after_s):
                delay_s = retry_delay_s(attempt.number, retry_after_s, self._random)
                return await self._hold(sending, attempt, HoldReason.RATE_LIMITED, delay_s)
            case outcomes.OutcomeUnknown(what_happened):
                logger.error(
                    "job %s: can't tell whether RunComfy accepted it (%s). The bot doesn't send "
                    "it again. Look at RunComfy's list of generations, then decide with `%s`",
                    sending.id,
                    what_happened,
                    as_invoked("resolve"),
                )
                return await self._insist(sending, lifecycle.OutcomeLost())
            case _:
                assert_never(outcome)

    async def _step_aside(self, job: Job, attempt: Attempt, delay_s: float) -> SendResult:
        """Let other jobs overtake: written to the row, since all processes share the same line."""
        self.line.leave(job.id)
        now, trouble = self._clock.now(), self._gates.of(job.key_id).trouble
        held_until = now + timedelta(seconds=delay_s)
        because = None if trouble is None else ACCOUNT_TROUBLES[trouble]
        is_known = job.held_until is not None and held_until - job.held_until < _A_MOMENT
        if is_known and because is job.held_because:
            return HeldBack(job, delay_s)  # woken in between; its row says so already
        event = lifecycle.SteppedAside(held_until, attempt.held_since or now, because)
        aside = await self._move(job, event)
        return Overtaken() if aside is None else HeldBack(aside, delay_s)

    async def _hold(
        self, sending: Job, attempt: Attempt, because: HoldReason, delay_s: float
    ) -> SendResult:
        now = self._clock.now()
        held_until = now + timedelta(seconds=delay_s)
        result = await self._insist(
            sending,
            lifecycle.SendingHeldBack(held_until, attempt.held_since or now, because),
            # If it became unsure meanwhile, it is not sent long after its requester was told so.
            if_unsure=lifecycle.Refused(FailureReason.SERVICE_BUSY),
        )
        self.line.leave(sending.id)
        await self.line.place_freed()
        if isinstance(result, Moved) and result.job.state is State.WAITING:
            return HeldBack(result.job, delay_s)
        return result

    async def _insist(
        self, sending: Job, event: lifecycle.Event, *, if_unsure: lifecycle.Event | None = None
    ) -> Moved | Overtaken:
        """Write the outcome of a POST, however long the database is down."""
        failures = 0
        current = sending
        while True:
            try:
                if (moved := await self._move(current, event)) is not None:
                    return Moved(moved)
                # Another process wrote meanwhile, as after its grace: the outcome may still fit.
                fresh = await self._store.get(sending.id)
            except StoreUnavailable:
                failures += 1
                # If the database stays down, only the log still has a paid request's id.
                logger.exception("job %s: couldn't write %s yet; trying again", sending.id, event)
                await self._clock.sleep(retry_delay_s(failures, None, self._random))
                continue
            if fresh is not None and fresh.state is State.UNSURE:
                event = if_unsure or event
            fits = fresh is not None and lifecycle.after(fresh, event, self._clock.now())
            if isinstance(event, lifecycle.Accepted):
                _say_if_late(sending.id, fresh, event.request_id, goes_on=bool(fits))
            if fresh is None or not fits:
                return Overtaken()
            current = fresh

    async def _move(self, job: Job, event: lifecycle.Event) -> Job | None:
        return await self._store.move(job, event, self._clock.now())


def _say_if_late(job_id: JobId, fresh: Job | None, request_id: str, *, goes_on: bool) -> None:
    """The log is where an operator finds a paid request that may be missing from its row."""
    state = "gone" if fresh is None else fresh.state.value
    if fresh is not None and (state == State.SUBMITTING or fresh.request_id == request_id):
        return
    logger.error(
        "job %s: RunComfy accepted it as %s, but its row says %s by now; %s",
        job_id,
        request_id,
        state,
        "it goes on" if goes_on else "nothing watches that request, so look for it at RunComfy",
    )


def _or_overtaken(job: Job | None) -> Moved | Overtaken:
    return Overtaken() if job is None else Moved(job)
