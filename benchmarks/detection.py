"""Detection: how long after the end of a rendering the bot knows of it, and how often it asks.

A simulation of the real cadence over drawn render times: nothing is sent, and no time passes.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import erfc, exp, log, pi, sqrt
from random import Random
from statistics import fmean
from typing import Final

from benchmarks.report import Bar, Report, percentile
from bot.domain.forecast import SAMPLE_MAX, forecast_of
from bot.runner.polling import learned, poll_delay_s

MEDIAN_S: Final = 240
SPREAD: Final = 0.65
"""So one job in a thousand takes longer than half an hour."""
SPREADS: Final = (0.2, 0.3, 0.4, 0.5, 0.65, 0.85)
JOBS: Final = 20_000
LEARN_EVERY: Final = 10
"""As the bot, which asks anew once a minute and not for every job."""
MEDIAN_BAR_S: Final = 1.0
MOST_BAR_S: Final = 2.5

Gap = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Detections:
    """What a way to poll came to."""

    looks: float
    late_s: list[float]

    @property
    def median_s(self) -> float:
        """Half of all ends are seen within that time."""
        return percentile(self.late_s, 0.5)

    @property
    def most_s(self) -> float:
        """95 of 100 are."""
        return percentile(self.late_s, 0.95)

    def row(self, name: str) -> dict[str, str]:
        """A line of the table."""
        return {
            "polling": name,
            "looks per job": f"{self.looks:.1f}",
            "median": f"{self.median_s:.2f} s",
            "95 %": f"{self.most_s:.2f} s",
            "mean": f"{fmean(self.late_s):.2f} s",
            "longest": f"{max(self.late_s):.1f} s",
        }


def run(jobs: int = JOBS) -> Report:
    """Compare the bot's cadence with fixed intervals, and with what can be reached at all."""
    times_s = drawn(SPREAD, jobs, seed=1)
    fixed = {gap_s: detected(times_s, every(gap_s)) for gap_s in (2.0, 3.0, 5.0)}
    ours = detected(times_s, learning(times_s))
    rows = [found.row(f"fixed, every {gap_s:g} s") for gap_s, found in fixed.items()]
    rows.append(detected(times_s, unlearned()).row("this bot, knowing nothing yet"))
    rows.append(ours.row("this bot, having learned"))
    return Report(
        title="Detection",
        what=(
            f"{jobs} render times, log-normal with a median of {MEDIAN_S} s and one in a thousand "
            "over 30 min, met one after the other by the bot's own cadence, which learns from the "
            f"last {SAMPLE_MAX}."
        ),
        tables=[rows, [_spread_row(spread, jobs) for spread in SPREADS]],
        bars=[
            Bar("median ≤ 1 s", f"{ours.median_s:.2f} s", ours.median_s <= MEDIAN_BAR_S),
            Bar("95 % ≤ 2.5 s", f"{ours.most_s:.2f} s", ours.most_s <= MOST_BAR_S),
            Bar(
                "fewer looks than every 5 s",
                f"{ours.looks:.1f} < {fixed[5.0].looks:.1f}",
                ours.looks < fixed[5.0].looks,
            ),
        ],
        notes=[
            (
                "Both bars on time and the one on looks together are out of reach for any "
                f"timetable at this spread: they take {fewest_looks(SPREAD):.0f} looks or more. "
                "The second table says from which regularity of the service on they can be had."
            )
        ],
    )


def drawn(spread: float, jobs: int, *, seed: int) -> list[float]:
    """Render times in seconds."""
    random = Random(seed)  # noqa: S311 - a simulation repeats itself
    return [random.lognormvariate(log(MEDIAN_S), spread) for _ in range(jobs)]


def every(gap_s: float) -> Iterator[Gap]:
    """The same interval always, for each of any number of jobs."""
    while True:
        yield lambda _age_s: gap_s


def unlearned() -> Iterator[Gap]:
    """The bot's cadence as long as it knows no times."""
    while True:
        yield poll_delay_s


def learning(times_s: list[float]) -> Iterator[Gap]:
    """The bot's cadence for each of these jobs, knowing those before it."""
    last = deque[float](maxlen=SAMPLE_MAX)
    likelihood = None
    for number, took_s in enumerate(times_s):
        if number % LEARN_EVERY == 0:
            forecast = forecast_of(last)
            likelihood = None if forecast is None else learned(forecast)
        yield lambda age_s, known=likelihood: poll_delay_s(age_s, known)
        last.append(took_s)


def detected(times_s: list[float], gaps: Iterator[Gap]) -> Detections:
    """Poll each job, the first time when it is sent, until a look comes after its end."""
    late_s: list[float] = []
    looks = 0
    for took_s, gap in zip(times_s, gaps, strict=False):
        age_s = 0.0
        looks += 1
        while age_s < took_s:
            age_s += gap(age_s)
            looks += 1
        late_s.append(age_s - took_s)
    return Detections(looks / len(times_s), late_s)


def fewest_looks(spread: float) -> float:
    """How many looks any timetable needs for a median of 1 s and 95 % within 2.5 s.

    With x looks a second at some age, a share min(1, 2.5 x) of the ends there is seen within
    2.5 s, min(1, x) within 1 s, and jobs not done yet pay x. All is linear, so the best timetable
    looks 0, 0.4 or 1 times a second, and more where an end is likelier.
    """
    step_s = 0.5
    ages = [step_s * (number + 0.5) for number in range(int(8 * 3600 / step_s))]
    slices = [(_density(age, spread) * step_s, _survival(age, spread) * step_s) for age in ages]
    slices.sort(key=lambda piece: -piece[0] / max(piece[1], 1e-300))
    dense_share, seen, dense, cost = 0.0, 0.0, 0.0, 0.0
    covered: list[tuple[float, float]] = []
    for ends, alive in slices:
        if seen >= 0.95:
            break
        covered.append((ends, alive))
        seen += ends
    dense_share = (0.5 - 0.4 * seen) / 0.6
    for ends, alive in covered:
        cost += alive * (1.0 if dense < dense_share else 0.4)
        dense += ends
    return cost


def _spread_row(spread: float, jobs: int) -> dict[str, str]:
    times_s = drawn(spread, jobs // 4, seed=2)
    ours = detected(times_s, learning(times_s))
    fixed = detected(times_s, every(5.0))
    return {
        "spread of log times": f"{spread:g}",
        "9 of 10 within": f"{MEDIAN_S * exp(1.2816 * spread):.0f} s",
        "median": f"{ours.median_s:.2f} s",
        "95 %": f"{ours.most_s:.2f} s",
        "looks per job": f"{ours.looks:.1f}",
        "every 5 s": f"{fixed.looks:.1f}",
        "fewest for the bars": f"{fewest_looks(spread):.0f}",
    }


def _density(age_s: float, spread: float) -> float:
    z = log(age_s / MEDIAN_S) / spread
    return exp(-z * z / 2) / (sqrt(2 * pi) * spread * age_s)


def _survival(age_s: float, spread: float) -> float:
    return erfc(log(age_s / MEDIAN_S) / spread / sqrt(2)) / 2
