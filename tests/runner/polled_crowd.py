"""Jobs that are polled by the real `Polling` in simulated time: nothing sleeps, nothing is sent."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from bot.domain.forecast import REMEMBERED_FOR, SAMPLE_MAX, Forecast, Forecasts, forecast_of
from bot.domain.job import Job
from bot.domain.outcomes import Unanswered
from bot.runner.polling import DENSE_GAP_S, UNLEARNT, WINDOW_S, Polling, Turn, learnt
from tests.clocks import START, FakeClock


class NoForecast(Forecasts):
    """Nothing is known of former jobs."""

    def __init__(self) -> None:
        pass

    async def of(self, job: Job) -> Forecast | None:
        del job
        return None


@dataclass(eq=False)
class Patient:
    """A job that takes so long, and who looks after it."""

    took_s: float
    begun_s: float
    turn: Turn
    key_id: int | None
    looks_s: list[float] = field(default_factory=list)
    fair_gaps: float = 0.0
    """The longest time that it was out of sight, in gaps of jobs that are polled alike."""


Answer = Callable[[Patient, float], Unanswered | None]
"""What the service says to a poll at that time, if it is not where the job stands."""


def where_it_stands(patient: Patient, at_s: float) -> None:
    """The service has nothing to say but that."""
    del patient, at_s


class PolledCrowd:
    """So many jobs at once as there are, until the last of them ended.

    `begin` adds one. The render times of the ended ones are learnt as the bot learns them.
    """

    def __init__(
        self, *, per_second: float = 10, answer: Answer = where_it_stands, learns: bool = True
    ) -> None:
        self.clock = FakeClock()
        self.polling = Polling(forecasts=NoForecast(), clock=self.clock, per_second=per_second)
        self.live: set[Patient] = set()
        self.ended: list[Patient] = []
        self.late_s: list[float] = []
        self.polls: list[tuple[float, Patient]] = []
        self.is_steady = True
        """Whether what happens now counts in `late_s` and `longest_fair_gaps`."""
        self.longest_fair_gaps = 0.0
        self.on_end: Callable[[], object] = lambda: None
        self._answer = answer
        self._learns = learns
        self._last = deque[float](maxlen=SAMPLE_MAX)
        self._ages, self._learnt_at = UNLEARNT, START - REMEMBERED_FOR
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()
        self._next_ask = dict[Patient, int]()

    @property
    def now_s(self) -> float:
        return (self.clock.now() - START).total_seconds()

    def at(self, seconds: float, act: Callable[[], object]) -> int:
        """Do something at that time; the number of it."""
        number = next(self._numbers)
        when = START + timedelta(seconds=seconds)
        heappush(self._events, (when, number, lambda: (act(), None)[1]))
        return number

    def begin(self, took_s: float, *, key_id: int | None = None) -> Patient:
        """A job is sent now."""
        patient = Patient(took_s, self.now_s, Turn(nudge=lambda: self._ask_at(patient, 0)), key_id)
        self.live.add(patient)
        self._plan(patient)
        self._ask(patient)
        return patient

    def run(self, until_s: float = float("inf")) -> "PolledCrowd":
        """Let time pass until nothing is left to do, or until then."""
        while self._events and (self._events[0][0] - START).total_seconds() <= until_s:
            when, _, act = heappop(self._events)
            self.clock.move_to(when)
            act()
        return self

    def most_in_a_window(self) -> int:
        """The most polls within `WINDOW_S`."""
        window, most = deque[float](), 0
        for poll_s, _ in self.polls:
            window.append(poll_s)
            while window[0] <= poll_s - WINDOW_S:
                window.popleft()
            most = max(most, len(window))
        return most

    def polls_per_key(self) -> Counter[int | None]:
        return Counter(patient.key_id for _, patient in self.polls)

    def _ask_at(self, patient: Patient, in_s: float) -> None:
        def ask() -> None:
            if self._next_ask.get(patient) == number:
                self._ask(patient)

        number = self.at(self.now_s + in_s, ask)
        self._next_ask[patient] = number

    def _plan(self, patient: Patient) -> None:
        if self.clock.now() - self._learnt_at >= REMEMBERED_FOR:
            self._ages = learnt(forecast_of(self._last))
            self._learnt_at = self.clock.now()
        age_s = self.now_s - patient.begun_s
        self.polling.plan_at(patient.turn, age_s, self._ages, key_id=patient.key_id)

    def _ask(self, patient: Patient) -> None:
        while (wait_s := self.polling.wait_s(patient.turn)) == 0:
            if self._has_ended(patient):
                return
            self._plan(patient)
        self._ask_at(patient, wait_s)

    def _has_ended(self, patient: Patient) -> bool:
        now_s, turn = self.now_s, patient.turn
        self._note(patient, now_s)
        if (trouble := self._answer(patient, now_s)) is not None:
            if trouble.rate_limited:
                self.polling.slow_down(turn, trouble.retry_after_s)
            return False
        age_s = now_s - patient.begun_s
        if age_s < patient.took_s:
            self.polling.answered(turn)
            return False
        if self.is_steady:
            self.late_s.append(age_s - patient.took_s)
        if self.polling.ended_at(turn, age_s) and self._learns:
            self._last.append(age_s)
        self.polling.leave(turn)
        self._next_ask.pop(patient, None)
        self.live.remove(patient)
        self.ended.append(patient)
        self.on_end()
        return True

    def _note(self, patient: Patient, now_s: float) -> None:
        fair_s = self.polling.fair_gap_s(patient.turn)
        since_s = patient.looks_s[-1] if patient.looks_s else patient.begun_s
        if self.is_steady:
            # The number of live jobs may have changed since: the larger gap was allowed.
            gaps = (now_s - since_s) / max(fair_s, patient.fair_gaps, DENSE_GAP_S)
            self.longest_fair_gaps = max(self.longest_fair_gaps, gaps)
        patient.fair_gaps = fair_s
        patient.looks_s.append(now_s)
        self.polls.append((now_s, patient))


def crowd_of(
    many: int, times_s: Sequence[float], *, per_second: float = 10, learns: bool = True
) -> PolledCrowd:
    """So many jobs always: where one ends, the next begins.

    It counts from when all are there for a while until there are no more to begin.
    """
    crowd, left = PolledCrowd(per_second=per_second, learns=learns), iter(times_s)
    usual_s = sum(times_s) / len(times_s)

    def begin() -> None:
        if (took_s := next(left, None)) is None:
            crowd.is_steady = False
        else:
            crowd.begin(took_s)

    crowd.on_end = begin
    crowd.is_steady = False
    for number in range(many):
        crowd.at(usual_s * number / many, begin)
    crowd.at(usual_s * 1.5, lambda: setattr(crowd, "is_steady", True))
    return crowd.run()
