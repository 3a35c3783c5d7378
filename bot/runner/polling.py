"""When each job is polled: one budget for the process, spent where ends are likely.

What is learnt from former jobs may be wrong. So a share of the budget goes to all jobs alike, no
gap is longer than a few fair ones, and what is learnt counts only while it pays.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import erfc, inf, log, sqrt
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
WINDOW_S: Final = 10.0
"""No time of this length holds more polls than its budget."""
EVEN_SHARE: Final = 0.25
"""The share of the budget that all jobs get alike; the rest follows the likelihood of an end."""
LONGEST_FAIR_GAPS: Final = 2.25
"""The longest gap, in gaps of jobs that are polled alike. It leaves room for polls that come late.

It is the gap before an end is possible: the card then shows that rendering began."""
FIRST_FAIR_GAPS: Final = 2.0
"""When the first poll is due, likewise; if the budget is idle it comes at once."""
BADLY_FAIR_GAPS: Final = 3.0
"""A job that was out of sight for longer was watched badly."""
SLOW_AFTER_S: Final = 30 * 60.0
"""Jobs older than this are polled with the longest gap."""

_EARLIEST: Final = 1 / 3
"""An end is possible from this share of the shortest known time on."""
_TENTH_TO_NINETIETH: Final = 2 * 1.2816
"""The distance of these percentiles of the normal distribution, in standard deviations."""
_SPREAD_MIN: Final = 0.25
_SPREAD_MAX: Final = 1.5
_STRANGE: Final = 0.05
"""The share of jobs that follow no rule, and the spread of their times."""
_STRANGE_SPREAD: Final = 1.0
_AT_ONCE_S: Final = 0.001
"""No job is done by then, and logarithms of smaller values are no use."""
_SURVIVAL_MIN: Final = 1e-300
_HALVINGS: Final = 10

_SCORE_AT_FIRST: Final = 0.9
_SCORE_WEIGHT: Final = 1 / 24
_NO_TRUST_FROM: Final = 1.05
_FULL_TRUST_UNTIL: Final = 0.95
"""Above 1 a fixed gap would have been better; below, the score varies by about this much."""

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
class Likelihood:
    """The distribution of how long a job takes.

    Log-normal: none is done at once, most take about the usual time, and a few take far longer.
    Some follow no rule, so that the bot never looks away from those that take longer than usual.
    """

    median_s: float
    spread: float
    """The standard deviation of the times' logarithms."""
    earliest_s: float = 0.0
    """Before that age no end is possible."""

    def ends_until(self, age_s: float) -> float:
        """The hazard summed up to that age: how many ends an unfinished job had behind it."""
        if age_s < _AT_ONCE_S:
            return 0.0
        z = log(age_s / self.median_s)
        usual, strange = _survival(z / self.spread), _survival(z / _STRANGE_SPREAD)
        return -log(max(_SURVIVAL_MIN, (1 - _STRANGE) * usual + _STRANGE * strange))


UNLEARNT: Final = Likelihood(median_s=240, spread=1.0)
"""2 to 6 minutes are typical, and much else is possible."""


def learnt(forecast: Forecast | None) -> Likelihood:
    """The distribution for the latest jobs' times."""
    if forecast is None:
        return UNLEARNT
    spread = log(max(forecast.most_s, 1.0) / max(forecast.least_s, 1.0)) / _TENTH_TO_NINETIETH
    return Likelihood(
        median_s=max(forecast.median_s, 1.0),
        spread=min(_SPREAD_MAX, max(_SPREAD_MIN, spread)),
        earliest_s=forecast.shortest_s * _EARLIEST,
    )


def _survival(z: float) -> float:
    return erfc(z / sqrt(2)) / 2


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
        bound = min(self.per_second, FEW_PER_SECOND) if self.live <= FEW_JOBS else self.per_second
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
    hazard_per_s: float = 0.0
    """The mean likelihood of an end within a second, until it is due."""
    learnt_gap: float = 1.0
    """Its gap by what is learnt, in fair gaps."""
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


@dataclass(slots=True)
class _Key:
    """The live jobs of one key."""

    budget: _Budget
    waiting: list[tuple[float, int, Turn]] = field(default_factory=list)
    """A heap by `due_s`."""

    def first(self) -> Turn | None:
        """The one that is due first."""
        while self.waiting and self.waiting[0][1] != self.waiting[0][2].entry:
            heappop(self.waiting)
        return self.waiting[0][2] if self.waiting else None


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
        self._hazards = 0.0
        """The sum over all live jobs."""
        self._score = _SCORE_AT_FIRST
        """The gaps in which the latest ends lay, if what is learnt had decided; in fair gaps."""
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
        likelihood = learnt(await self._forecasts.of(job))
        self.plan_at(turn, self._age_s(job), likelihood, key_id=job.key_id)
        try:
            while (wait_s := self.wait_s(turn)) > 0:
                await self._clock.sleep(wait_s, wake=signals.wake)
                if signals.wake.is_set() and not signals.take_nudge():
                    return False
        finally:
            self.step_aside(turn)
        return True

    def plan_at(
        self, turn: Turn, age_s: float, likelihood: Likelihood, *, key_id: int | None = None
    ) -> None:
        """Decide when a job of that age is due next; from now on it is live."""
        now_s = self.passed_s()
        if turn.key is None:
            turn.key = self._keys.setdefault(key_id, _Key(_Budget(self._budget.per_second)))
            turn.key.budget.live += 1
            self._budget.live += 1
        turn.fair_s = fair_s = self._fair_gap_s(turn.key, now_s)
        self._learn_gap(turn, age_s, likelihood, fair_s)
        trust = (_NO_TRUST_FROM - self._score) / (_NO_TRUST_FROM - _FULL_TRUST_UNTIL)
        trust = min(1.0, max(0.0, trust))
        gap_s = max(DENSE_GAP_S, fair_s / (1 + trust * (1 / turn.learnt_gap - 1)))
        until_possible_s = likelihood.earliest_s - age_s
        if turn.polled_s == -inf:
            turn.ready_s, turn.due_s = now_s, now_s + FIRST_FAIR_GAPS * fair_s
        elif until_possible_s > 0:
            turn.due_s = min(turn.polled_s + gap_s, now_s + until_possible_s)
            turn.due_s = turn.ready_s = max(turn.due_s, turn.polled_s + DENSE_GAP_S)
        elif age_s >= SLOW_AFTER_S:
            turn.due_s = turn.ready_s = turn.polled_s + gap_s
        else:
            turn.due_s, turn.ready_s = turn.polled_s + gap_s, turn.polled_s + DENSE_GAP_S
        turn.ready_s = max(turn.ready_s, turn.rest_until_s)
        turn.due_s = max(turn.due_s, turn.rest_until_s)

    def _learn_gap(self, turn: Turn, age_s: float, likelihood: Likelihood, fair_s: float) -> None:
        """Find the gap that gives the job one poll: its even share, and one by its likelihood."""
        mean_per_s = (self._hazards - turn.hazard_per_s) / max(1, self._budget.live - 1)
        begin = likelihood.ends_until(age_s)
        low, high = 0.0, LONGEST_FAIR_GAPS
        is_likely = likelihood.earliest_s <= age_s < SLOW_AFTER_S
        if is_likely and mean_per_s <= 0:
            low = high = 1.0
        for _ in range(_HALVINGS if is_likely and low < high else 0):
            middle = (low + high) / 2
            by_likelihood = likelihood.ends_until(age_s + middle * fair_s) - begin
            by_likelihood /= mean_per_s * fair_s
            is_enough = EVEN_SHARE * middle + (1 - EVEN_SHARE) * by_likelihood >= 1
            low, high = (low, middle) if is_enough else (middle, high)
        ends = likelihood.ends_until(age_s + high * fair_s) - begin
        self._hazards += ends / (high * fair_s) - turn.hazard_per_s
        turn.hazard_per_s = ends / (high * fair_s)
        turn.learnt_gap = high

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
            heappush(turn.key.waiting, (turn.due_s, turn.entry, turn))
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
            # Rounding adds up to nothing: without jobs the sum is 0.
            self._hazards = self._hazards - turn.hazard_per_s if self._budget.live else 0.0
            turn.key, turn.hazard_per_s, turn.polled_s = None, 0.0, -inf

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
        if unseen_s > BADLY_FAIR_GAPS * self._fair_gap_s(turn.key, now_s):
            return False
        self._score += _SCORE_WEIGHT * (turn.learnt_gap - self._score)
        return True

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
        best = None
        for key in self._keys.values():
            if (first := key.first()) is None:
                continue
            at_s = max(now_s, self._budget.free_s, key.budget.free_s, first.ready_s)
            # Lateness counts in fair gaps: the crowd of one key delays no job of another.
            lateness = (at_s - first.due_s) / first.fair_s
            if best is None or (at_s, -lateness) < best[:2]:
                best = at_s, -lateness, first
        if best is None:
            return inf
        if (first := best[2]) is not self._called:
            self._called = first
            if first is not unless:
                first.nudge()
        return best[0]
