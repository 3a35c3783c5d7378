"""The one paid POST of a job: written down before, sent once, its outcome written down after."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from bot.generation import lifecycle, outcomes
from bot.generation.job import Job
from bot.generation.keys import KeyReplaced, KeyUnusable, KeyUsable
from bot.generation.line import InLine
from bot.generation.outcomes import FailureReason
from bot.generation.ports import Clock, JobStore, Providers, StoreUnavailable
from bot.runner.cadence import ACCOUNT_PROBE_S, HOLD_LIMIT_S, retry_delay_s
from bot.runner.line import Line
from bot.runner.unbroken import unbroken

logger = logging.getLogger(__name__)

_A_MOMENT = timedelta(seconds=1)
ACCOUNT_TROUBLES = frozenset({FailureReason.KEY_REFUSED, FailureReason.NO_BALANCE})
"""Refusals that concern the account that pays: its every other job would be refused as well."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The row now stands like this."""

    job: Job


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody else wrote first: read again."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Nothing was bought; try again after `delay_s`."""

    job: Job
    delay_s: float


@dataclass(frozen=True, slots=True)
class ToldToWait:
    """It is not its turn yet: the line wakes it, or it looks again by itself."""

    job: Job
    in_line: InLine


Announce = Callable[[Job], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """The how-manieth try of a job it is, and since when the service takes nothing from it.

    Time in our own line does not count: only what the service or the account made it wait.
    """

    number: int = 1
    held_since: datetime | None = None

    def is_held_too_long(self, now: datetime) -> bool:
        """Whether it is time to give up, uncharged."""
        if self.held_since is None:
            return False
        return now - self.held_since >= timedelta(seconds=HOLD_LIMIT_S)


SendResult = Moved | Overtaken | HeldBack | ToldToWait


class AccountGate:
    """Stops sending for every job of one key while it is refused, and lets one probe it a minute.

    A refused POST is not charged, so a job that waits anyway is the probe.
    """

    def __init__(self, *, clock: Clock, key_id: int | None = None) -> None:
        self._clock = clock
        self._account = "this account" if key_id is None else f"the account of server key {key_id}"
        self._trouble: FailureReason | None = None
        self._next_probe_at: datetime | None = None

    @property
    def trouble(self) -> FailureReason | None:
        """Why nothing is sent now, or None when sending works."""
        return self._trouble

    def wait_s(self) -> float:
        """Seconds until somebody may send; at 0 the caller is let through and must send."""
        now = self._clock.now()
        if self._next_probe_at is None:
            return 0.0
        wait_s = (self._next_probe_at - now).total_seconds()
        # More than one pause away it is only by a clock that was set back.
        if 0 < wait_s <= ACCOUNT_PROBE_S:
            return wait_s
        self._next_probe_at = now + timedelta(seconds=ACCOUNT_PROBE_S)
        return 0.0

    def close(self, trouble: FailureReason) -> None:
        """Sending was refused for the account's sake; said once, loudly, in the log."""
        if self._trouble is not trouble:
            logger.error(
                "RunComfy refuses %s (%s): nothing is sent until it is put right; "
                "waiting jobs fail uncharged after %d minutes",
                self._account,
                trouble.value,
                HOLD_LIMIT_S // 60,
            )
        self._trouble = trouble
        self._next_probe_at = self._clock.now() + timedelta(seconds=ACCOUNT_PROBE_S)

    def open(self) -> None:
        """Sending works (again)."""
        if self._trouble is not None:
            logger.warning("RunComfy takes the requests of %s again", self._account)
        self._trouble = None
        self._next_probe_at = None


class AccountGates:
    """A gate for each key: the operator's under None, and those that servers gave."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._gates: dict[int | None, AccountGate] = {}

    def of(self, key_id: int | None) -> AccountGate:
        """The gate of one key."""
        return self._gates.setdefault(key_id, AccountGate(clock=self._clock, key_id=key_id))


class Sender:
    """Sends jobs, each at most once, and each when it is its turn."""

    def __init__(
        self,
        *,
        store: JobStore,
        providers: Providers,
        gates: AccountGates,
        line: Line,
        clock: Clock,
        random: Random,
    ) -> None:
        self._store = store
        self._providers = providers
        self._gates = gates
        self.line = line
        """Where its jobs wait for their turn."""
        self._clock = clock
        self._random = random

    async def send(
        self, job: Job, attempt: Attempt, announce: Announce, *, wake: asyncio.Event
    ) -> SendResult:
        """Try to send a waiting job; the attempt's number sets the backoff.

        `announce` shows that it is being sent, while it is being sent. `wake` is set when a job
        that was told to wait may try again.

        Raises:
            StoreUnavailable: before the POST (nothing was sent).
        """
        if (result := await self._by_its_key(job)) is not None:
            return result
        if (in_line := await self.line.place_of(job)) is not None:
            return ToldToWait(job, in_line)
        gate = self._gates.of(job.key_id)
        if attempt.is_held_too_long(self._clock.now()):
            failure = gate.trouble or FailureReason.SERVICE_BUSY
            return _or_overtaken(await self._move(job, lifecycle.Refused(failure)))
        if (wait_s := gate.wait_s()) > 0:
            return await self._step_aside(job, wait_s)
        sending = await self.line.begin_sending(job, wake)
        if sending is None:
            return Overtaken()
        if isinstance(sending, InLine):
            return ToldToWait(job, sending)
        provider = await self._providers.of(sending.key_id)
        announcing = asyncio.ensure_future(announce(sending))
        try:
            outcome = await provider.submit(sending.request)
            # The answer is worth money: not even a shutdown may come between it and the row.
            result = await unbroken(self._record(sending, outcome, attempt.number))
            # One edit at a time: the next one may only start when this one has ended.
            await announcing
        finally:
            announcing.cancel()
        return result

    async def _by_its_key(self, job: Job) -> Moved | Overtaken | None:
        """What becomes of a job whose server's key was replaced, removed or refused meanwhile."""
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
        self, sending: Job, outcome: outcomes.SubmitOutcome, attempt: int
    ) -> SendResult:
        gate = self._gates.of(sending.key_id)
        match outcome:
            case outcomes.Accepted(request_id):
                gate.open()
                return await self._insist(sending, lifecycle.Accepted(request_id))
            case outcomes.Refused(FailureReason.KEY_REFUSED as reason) if (
                sending.key_id is not None
            ):
                # Only its managers can mend it, so nobody is kept waiting for that.
                refused = await self._insist(sending, lifecycle.Refused(reason))
                await self._providers.turned_invalid(sending.key_id)
                return refused
            case outcomes.Refused(reason) if reason in ACCOUNT_TROUBLES:
                gate.close(reason)
                return await self._hold(sending, gate.wait_s())
            case outcomes.Refused(reason):
                gate.open()
                return await self._insist(sending, lifecycle.Refused(reason))
            case outcomes.NotSent():
                return await self._hold(sending, retry_delay_s(attempt, None, self._random))
            case outcomes.RateLimited(retry_after_s):
                delay_s = retry_delay_s(attempt, retry_after_s, self._random)
                return await self._hold(sending, delay_s)
            case outcomes.OutcomeUnknown(what_happened):
                logger.error(
                    "job %s: it is unknown whether RunComfy accepted it (%s); "
                    "it is not sent again; look at RunComfy's list of generations and decide by "
                    "`python -m bot resolve`",
                    sending.id,
                    what_happened,
                )
                return await self._insist(sending, lifecycle.OutcomeLost())
            case _:
                assert_never(outcome)

    async def _step_aside(self, job: Job, delay_s: float) -> SendResult:
        """Let others pass: in its row, since those of other processes stand in the same line."""
        self.line.leave(job.id)
        held_until = self._clock.now() + timedelta(seconds=delay_s)
        if job.held_until is not None and held_until - job.held_until < _A_MOMENT:
            return HeldBack(job, delay_s)  # a nudge came in between, and its row says so already
        aside = await self._move(job, lifecycle.SteppedAside(held_until))
        return Overtaken() if aside is None else HeldBack(aside, delay_s)

    async def _hold(self, sending: Job, delay_s: float) -> SendResult:
        held_until = self._clock.now() + timedelta(seconds=delay_s)
        result = await self._insist(sending, lifecycle.SendingHeldBack(held_until))
        self.line.leave(sending.id)
        await self.line.place_freed()
        return HeldBack(result.job, delay_s) if isinstance(result, Moved) else result

    async def _insist(self, sending: Job, event: lifecycle.Event) -> Moved | Overtaken:
        """Write the outcome of a POST, however long the database takes to come back."""
        failures = 0
        current = sending
        while True:
            try:
                if (moved := await self._move(current, event)) is not None:
                    return Moved(moved)
                # Written meanwhile, as by the grace of another process: the outcome may still fit.
                fresh = await self._store.get(sending.id)
            except StoreUnavailable:
                failures += 1
                # The log is the last place where a paid request's id survives a dead database.
                logger.exception(
                    "job %s: %s could not be written yet; trying again", sending.id, event
                )
                await self._clock.sleep(retry_delay_s(failures, None, self._random))
                continue
            if fresh is None or lifecycle.after(fresh, event, self._clock.now()) is None:
                return Overtaken()
            current = fresh

    async def _move(self, job: Job, event: lifecycle.Event) -> Job | None:
        return await self._store.move(job, event, self._clock.now())


def _or_overtaken(job: Job | None) -> Moved | Overtaken:
    return Overtaken() if job is None else Moved(job)
