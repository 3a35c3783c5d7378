"""When each job is polled: one budget for the process, spent where ends are likely.

What is learnt from former jobs may be wrong. So it only lets young jobs wait longer, never longer
than a few fair gaps, and where the budget allows it no longer than a few seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Final

from bot.domain.forecast import Forecast, Forecasts
from bot.domain.job import Job
from bot.domain.ports import Clock
from bot.runner.cadence import SLOW_POLL_S
from bot.runner.watches import Signals

DENSE_GAP_S: Final = 1.75
"""Minimum time between two polls of a job: with the answer's way, an end is known within 2 s."""
FEW_JOBS: Final = 10
FEW_PER_SECOND: Final = 1.25
"""Most polls a second while no more than `FEW_JOBS` are live."""
MORE_PER_SECOND: Final = 0.5
"""What each further job adds, so that the eleventh is no jump."""
WINDOW_S: Final = 10.0
"""No time of this length holds more polls than its budget."""
LONGEST_GAP_S: Final = 4.2
"""The longest gap while an end is possible, where the budget allows it: with up to five jobs.

The poll of another job may come in between."""
LONGEST_FAIR_GAPS: Final = 2.6
"""The longest gap otherwise, in gaps of jobs that are polled alike.

It leaves room for polls that come late. Before an end is possible the card then shows that
rendering began."""
BADLY_FAIR_GAPS: Final = 3.0
"""A job that was out of sight for longer was watched badly."""
SLOW_AFTER_S: Final = 30 * 60.0
"""Jobs older than this are polled with the longest gap."""

_POSSIBLE: Final = 1 / 3
"""An end is possible from this share of the shortest known time on."""
_QUICK: Final = 2.0
_USUAL: Final = 0.8
"""It is as likely as ever from these shares of a quick and of the usual time on, if not before."""

_AT_ONCE_S: Final = 0.001
_LATE_S: Final = 0.02
"""A poll that comes so late costs those after it no time."""
_NO_WAIT_S: Final = 0.001
"""Clocks count microseconds: a remainder from rounding is no wait."""
_SHARE_MIN: Final = 1 / 16
_HALVED_FOR_S: Final = 5.0
"""Answers to polls that were under way together shrink a key's share once."""
_RECOVERS_IN_S: Final = 120.0
"""The time in which a share grows from nothing to the whole."""


@dataclass(frozen=True, slots=True)
class Ages:
    """How old jobs are when they end, by how long the latest ones took."""

    possible_s: float = 0.0
    """Before that age no end is possible."""
    likely_s: float = 0.0
    """Until that age an end grows likelier."""

    def likelihood(self, age_s: float) -> float:
        """Of an end at that age, from 0 to 1."""
        if age_s <= self.possible_s:
            return 0.0
        return min(
            1.0, (age_s - self.possible_s) / max(_AT_ONCE_S, self.likely_s - self.possible_s)
        )


UNLEARNT: Final = Ages(possible_s=5.0, likely_s=5.0)
"""No video is rendered within a few seconds; beyond that much is possible."""


def learnt(forecast: Forecast | None) -> Ages:
    """The ages for the latest jobs' times."""
    if forecast is None:
        return UNLEARNT
    possible_s = forecast.shortest_s * _POSSIBLE
    likely_s = min(forecast.least_s * _QUICK, forecast.median_s * _USUAL)
    return Ages(possible_s, max(possible_s, likely_s))


@dataclass(slots=True)
class _Budget:
    """What may be polled in a second, by the process or with one key."""

    per_second: float
    live: int = 0
    free_s: float = 0.0
    """When the next poll is free."""
    _share: float = 1.0
    _shrunk_s: float = -inf

    def gap_s(self, now_s: float) -> float:
        """Time between two polls: so much that `WINDOW_S` never holds more than its budget."""
        bound = FEW_PER_SECOND + MORE_PER_SECOND * max(0, self.live - FEW_JOBS)
        bound = min(self.per_second, bound)
        return (WINDOW_S + _LATE_S + _NO_WAIT_S) / (int(WINDOW_S * bound) * self.share(now_s))

    def share(self, now_s: float) -> float:
        """Less than 1 after the service said that there are too many requests."""
        return min(1.0, self._share + (now_s - self._shrunk_s) / _RECOVERS_IN_S)

    def spend(self, now_s: float) -> None:
        """Count a poll."""
        self.free_s = max(self.free_s, now_s - _LATE_S) + self.gap_s(now_s)

    def shrink(self, now_s: float, pause_s: float) -> None:
        """Halve the share, and spend nothing for a while."""
        if now_s - self._shrunk_s >= _HALVED_FOR_S:
            self._share, self._shrunk_s = max(_SHARE_MIN, self.share(now_s) / 2), now_s
        self.free_s = max(self.free_s, now_s + max(pause_s, self.gap_s(now_s)))


@dataclass(slots=True, kw_only=True, eq=False)
class Turn:
    """The polls of one watch."""

    nudge: Callable[[], None]
    """Ends the watch's sleep, because its job may be the next."""
    key: "_Key | None" = None
    """None until its job is live."""
    fair_s: float = DENSE_GAP_S
    polled_s: float = -inf
    answered_s: float = -inf
    rest_until_s: float = -inf
    ready_s: float = 0.0
    """Not to be polled before that, even if a poll is free."""
    due_s: float = 0.0
    """When it has waited as long as its likelihood lets it."""
    entry: int | None = None
    """Its number among those who wait now."""


def _gap_s(fair_s: float, age_s: float, ages: Ages) -> float:
    """The longest time until the next poll of a job of that age: the likelier its end, the less."""
    longest_s = LONGEST_FAIR_GAPS * fair_s
    possible_longest_s = longest_s if fair_s > LONGEST_GAP_S else min(longest_s, LONGEST_GAP_S)
    likelihood = 0.0 if age_s >= SLOW_AFTER_S else ages.likelihood(age_s + fair_s)
    gap_s = fair_s / max(likelihood, fair_s / possible_longest_s)
    if age_s < ages.possible_s:
        gap_s = min(longest_s, ages.possible_s - age_s + gap_s)
    return max(DENSE_GAP_S, gap_s)


_Heap = list[tuple[float, int, Turn]]


@dataclass(slots=True)
class _Key:
    """The live jobs of one key."""

    budget: _Budget
    resting: _Heap = field(default_factory=_Heap)
    """By `ready_s`."""
    ready: _Heap = field(default_factory=_Heap)
    """By `due_s`."""

    def first(self, until_s: float) -> Turn | None:
        """Of those who are ready until then the one that is due first; else who is ready next."""
        while (resting := _first(self.resting)) is not None and resting.ready_s < until_s:
            _, entry, _ = heappop(self.resting)
            heappush(self.ready, (resting.due_s, entry, resting))
        return _first(self.ready) or resting


def _first(heap: _Heap) -> Turn | None:
    while heap and heap[0][1] != heap[0][2].entry:
        heappop(heap)
    return heap[0][2] if heap else None


class Polling:
    """Hands out the polls of one process.

    A free poll goes to the job that is due first, also before it is due: the budget never lies idle
    while an end is possible that was not looked for within `DENSE_GAP_S`.
    """

    def __init__(self, *, forecasts: Forecasts, clock: Clock, per_second: float) -> None:
        self._forecasts = forecasts
        self._clock = clock
        self._budget = _Budget(per_second)
        self._keys: dict[int | None, _Key] = {}
        self._numbers = count()
        self._called: Turn | None = None
        """Who knows that it is next, and wakes in time."""
        self._seen_at = clock.now()
        self._passed_s = 0.0

    def passed_s(self) -> float:
        """Seconds since the start; while a clock is set back, this stands still."""
        now = self._clock.now()
        self._passed_s += max(0.0, (now - self._seen_at).total_seconds())
        self._seen_at = now
        return self._passed_s

    def is_shown_before(self, turn: Turn) -> bool:
        """Whether the card should not wait for the next poll.

        The first edit shows the position in the queue, unless the first poll must wait.
        """
        now_s = self.passed_s()
        is_crowded = self._budget.live * self._budget.gap_s(now_s) > DENSE_GAP_S
        return turn.polled_s > -inf or is_crowded or self._budget.free_s > now_s

    async def has_come(self, turn: Turn, job: Job, signals: Signals) -> bool:
        """Sleep until a job at the service must be polled; False if a press or a drain came first.

        From now on it is live.
        """
        ages = learnt(await self._forecasts.of(job))
        self.plan_at(turn, self._age_s(job), ages, key_id=job.key_id)
        try:
            while (wait_s := self.wait_s(turn)) > 0:
                await self._clock.sleep(wait_s, wake=signals.wake)
                if signals.wake.is_set() and not signals.take_nudge():
                    return False
        finally:
            self.step_aside(turn)
        return True

    def plan_at(self, turn: Turn, age_s: float, ages: Ages, *, key_id: int | None = None) -> None:
        """Decide when a job of that age is due next; from now on it is live."""
        now_s = self.passed_s()
        if turn.key is None:
            turn.key = self._keys.setdefault(key_id, _Key(_Budget(self._budget.per_second)))
            turn.key.budget.live += 1
            self._budget.live += 1
        turn.fair_s = self._fair_gap_s(turn.key, now_s)
        until_possible_s = max(0.0, ages.possible_s - age_s)
        gap_s = _gap_s(turn.fair_s, age_s, ages)
        if turn.polled_s == -inf:
            turn.ready_s, turn.due_s = now_s, now_s + gap_s
        else:
            turn.due_s = turn.polled_s + gap_s
            dense_s = max(turn.polled_s + DENSE_GAP_S, now_s + until_possible_s)
            turn.ready_s = turn.due_s if age_s >= SLOW_AFTER_S else min(turn.due_s, dense_s)
        turn.ready_s = max(turn.ready_s, turn.rest_until_s)
        turn.due_s = max(turn.due_s, turn.rest_until_s)

    def wait_s(self, turn: Turn) -> float:
        """Seconds to sleep before this is called again; at 0 the job must be polled now.

        From the first call on the turn stands in the line. Its `nudge` must end the sleep, and who
        does something else must `step_aside`.
        """
        now_s = self.passed_s()
        if turn.key is None:
            raise RuntimeError("a turn is planned before it waits")
        if turn.entry is None:
            turn.entry = next(self._numbers)
            heappush(turn.key.resting, (turn.ready_s, turn.entry, turn))
        at_s = self._call_next(now_s, unless=turn)
        if self._called is not turn:
            return SLOW_POLL_S
        if at_s - now_s >= _NO_WAIT_S:
            return at_s - now_s
        turn.polled_s = now_s
        for budget in (self._budget, turn.key.budget):
            budget.spend(now_s)
        self.step_aside(turn)
        return 0.0

    def step_aside(self, turn: Turn) -> None:
        """The watch does something else now; its job stays live."""
        turn.entry = None
        if self._called is turn:
            self._called = None
            self._call_next(self.passed_s())

    def leave(self, turn: Turn) -> None:
        """The job is live no more."""
        self.step_aside(turn)
        if turn.key is not None:
            turn.key.budget.live -= 1
            self._budget.live -= 1
            turn.key, turn.polled_s = None, -inf

    def answered(self, turn: Turn) -> None:
        """The service told where the job stands."""
        turn.answered_s = self.passed_s()

    def ended(self, turn: Turn, job: Job) -> bool:
        """The last poll found the end; whether the time that the job took is known from that."""
        return self.ended_at(turn, self._age_s(job))

    def ended_at(self, turn: Turn, age_s: float) -> bool:
        """The same for a job of that age.

        After a restart or an outage a job was out of sight: then nothing is learnt from it.
        """
        if turn.key is None:
            return False
        now_s = self.passed_s()
        unseen_s = min(age_s, now_s - turn.answered_s)
        return unseen_s <= BADLY_FAIR_GAPS * self._fair_gap_s(turn.key, now_s)

    def rest(self, turn: Turn, seconds: float) -> None:
        """Do not poll the job for a while."""
        turn.rest_until_s = self.passed_s() + seconds

    def slow_down(self, turn: Turn, retry_after_s: float | None) -> None:
        """The service had too many requests with this job's key: poll with it less for a while."""
        if turn.key is not None:
            pause_s = min(retry_after_s or 0.0, SLOW_POLL_S)
            turn.key.budget.shrink(self.passed_s(), pause_s)

    def fair_gap_s(self, turn: Turn) -> float:
        """The gap between the polls of such a live job, if all were polled alike."""
        return 0.0 if turn.key is None else self._fair_gap_s(turn.key, self.passed_s())

    def _age_s(self, job: Job) -> float:
        return (self._clock.now() - (job.sent_at or job.created_at)).total_seconds()

    def _fair_gap_s(self, of: _Key, now_s: float) -> float:
        """The gap between the polls of a key's jobs if all are polled alike.

        Keys share alike, and what one cannot use goes to the others.
        """
        wanted = [
            (min(1 / key.budget.gap_s(now_s), key.budget.live / DENSE_GAP_S), key is not of, key)
            for key in self._keys.values()
        ]
        wanted.sort(key=lambda one: one[:2])
        left = 1 / self._budget.gap_s(now_s)
        for number, (rate, _, key) in enumerate(wanted):
            granted = min(rate, left / (len(wanted) - number))
            if key is of:
                return key.budget.live / granted
            left -= granted
        raise AssertionError("a key of another process")

    def _call_next(self, now_s: float, *, unless: Turn | None = None) -> float:
        """Wake who may poll next, unless it knows; from when on that is."""
        slot_s = self._budget.gap_s(now_s)
        firsts: list[tuple[float, Turn]] = []
        for key in self._keys.values():
            free_s = max(now_s, self._budget.free_s, key.budget.free_s)
            # Who is due first may be ready a little later: another poll before would delay it.
            if (first := key.first(free_s + slot_s)) is not None:
                firsts.append((max(free_s, first.ready_s), first))
        if not firsts:
            return inf
        soonest_s = min(at_s for at_s, _ in firsts)
        at_s, first = min(
            (one for one in firsts if one[0] < soonest_s + slot_s),
            # Lateness counts in fair gaps: the crowd of one key delays no job of another.
            key=lambda one: (one[1].due_s - soonest_s) / one[1].fair_s,
        )
        if first is not self._called:
            self._called = first
            if first is not unless:
                first.nudge()
        return at_s
