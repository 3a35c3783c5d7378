"""Detection: how long after the end of a rendering the bot knows of it, and how often it asks.

A simulation of the real `Polling` over drawn render times: nothing is sent, and no time passes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from random import Random
from statistics import fmean
from typing import Final

from benchmarks.report import Bar, Report, percentile
from bot.domain.forecast import SAMPLE_MAX
from bot.runner.polling import BADLY_FAIR_GAPS, FEW_JOBS, FEW_PER_SECOND, MORE_PER_SECOND, WINDOW_S
from tests.runner.polled_crowd import crowd_of

MEDIAN_S: Final = 240
SPREAD: Final = 0.65
"""So one job in a thousand takes longer than half an hour."""
LIVE: Final = (1, 2, 3, 10, 100, 1_000)
FIXED_S: Final = (2.0, 3.0, 5.0)
PER_SECOND: Final = 10
"""The default of POLLS_PER_SECOND."""
JOBS: Final = 4_000
SHORT_S: Final = (12.0, 15.3)
SHORT_LIVE: Final = (2, 4, 5, 10)
FEW_MEDIAN_BAR_S: Final = 1.0
FEW_MOST_BAR_S: Final = 2.0
TEN_MEDIAN_BAR_S: Final = 3.5
SHORT_MEDIAN_BAR_S: Final = 2.0
SHORT_LONGEST_BAR_S: Final = 4.5


@dataclass(frozen=True, slots=True)
class Detections:
    """What polling so many jobs at once came to."""

    live: int
    polls: float
    """For each job."""
    late_s: Sequence[float]
    most_in_a_window: int
    longest_fair_gaps: float

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
            "live jobs": f"{self.live:,}",
            "polling": name,
            "polls per job": f"{self.polls:.1f}",
            "median": f"{self.median_s:.2f} s",
            "95 %": f"{self.most_s:.2f} s",
            "mean": f"{fmean(self.late_s):.2f} s",
            "longest": f"{max(self.late_s):.1f} s",
            "most in 10 s": f"{self.most_in_a_window}" if self.most_in_a_window else "",
            "longest gap": f"{self.longest_fair_gaps:.1f} fair" if self.longest_fair_gaps else "",
        }


def run(jobs: int = JOBS, live: Sequence[int] = LIVE) -> Report:
    """Compare the bot's polling with fixed intervals under the same bound."""
    ours = {many: detected(many, drawn(jobs + 3 * many)) for many in live}
    rows: list[dict[str, str]] = []
    for many, found in ours.items():
        rows.append(found.row("this bot"))
        rows += [every(gap_s, many, drawn(jobs)).row(f"every {gap_s:g} s") for gap_s in FIXED_S]
    kinds = short_kinds(jobs // 4)
    short = [(name, detected(many, times)) for many in SHORT_LIVE for name, times in kinds.items()]
    fixed = {many: every(FIXED_S[0], many, kinds["as always"]) for many in SHORT_LIVE}
    four_or_five = [found for _, found in short if found.live in (4, 5)]
    short_median_s = max(found.median_s for found in four_or_five)
    short_longest_s = max(max(found.late_s) for found in four_or_five)
    by_fixed = max(found.median_s / fixed[found.live].median_s for _, found in short)
    few = [found for many, found in ours.items() if many <= 2]
    few_median_s, few_most_s = max(one.median_s for one in few), max(one.most_s for one in few)
    return Report(
        title="Detection",
        what=(
            f"{jobs} render times, log-normal with a median of {MEDIAN_S} s and one in a thousand "
            "over 30 min; where one job ends, the next begins. The bot learns from the last "
            f"{SAMPLE_MAX}. A fixed interval stretches to what the same bound allows."
        ),
        tables=[rows, [short_row(name, found, fixed[found.live]) for name, found in short]],
        bars=[
            Bar("1 and 2: median ≤ 1 s", f"{few_median_s:.2f} s", few_median_s <= FEW_MEDIAN_BAR_S),
            Bar("1 and 2: 95 % ≤ 2 s", f"{few_most_s:.2f} s", few_most_s <= FEW_MOST_BAR_S),
            *(
                Bar(
                    "10: median ≤ 3.5 s",
                    f"{found.median_s:.2f} s",
                    found.median_s <= TEN_MEDIAN_BAR_S,
                )
                for many, found in ours.items()
                if many == FEW_JOBS
            ),
            Bar(
                "4 and 5, 12 to 15.3 s, of whatever kind: median ≤ 2 s",
                f"{short_median_s:.2f} s",
                short_median_s <= SHORT_MEDIAN_BAR_S,
            ),
            Bar(
                "the same: longest ≤ 4.5 s",
                f"{short_longest_s:.1f} s",
                short_longest_s <= SHORT_LONGEST_BAR_S,
            ),
            Bar(
                "of whatever kind: median no longer than every 2 s",
                f"{by_fixed:.2f} times",
                by_fixed <= 1,
            ),
            Bar(
                f"never more than {allowed(FEW_JOBS)} polls in 10 s, with more than 27 jobs "
                f"{allowed(LIVE[-1])}",
                ", ".join(f"{found.most_in_a_window}" for found in ours.values()),
                all(found.most_in_a_window <= allowed(many) for many, found in ours.items()),
            ),
            Bar(
                "no job out of sight for more than 3 fair gaps",
                f"{max(found.longest_fair_gaps for found in ours.values()):.2f}",
                all(found.longest_fair_gaps <= BADLY_FAIR_GAPS for found in ours.values()),
            ),
        ],
    )


def allowed(live: int) -> int:
    """The most polls in 10 s while so many jobs are live."""
    more = MORE_PER_SECOND * max(0, live - FEW_JOBS)
    return int(WINDOW_S * min(PER_SECOND, FEW_PER_SECOND + more))


def drawn(jobs: int) -> list[float]:
    """Render times in seconds."""
    random = Random(1)  # noqa: S311 - a simulation repeats itself
    return [random.lognormvariate(log(MEDIAN_S), SPREAD) for _ in range(jobs)]


def detected(live: int, times_s: Sequence[float]) -> Detections:
    """Poll so many at once by the bot's own polling."""
    crowd = crowd_of(live, times_s, per_second=PER_SECOND)
    return Detections(
        live,
        len(crowd.polls) / len(times_s),
        crowd.late_s,
        crowd.most_in_a_window(),
        crowd.longest_fair_gaps,
    )


def every(gap_s: float, live: int, times_s: Sequence[float]) -> Detections:
    """The same interval always, from when each is sent; longer where the bound asks for it."""
    random = Random(2)  # noqa: S311 - a simulation repeats itself
    gap_s = max(gap_s, live * WINDOW_S / allowed(live))
    # The line of all jobs decides when the first poll comes, which is at any time within the gap.
    late_s = [gap_s - (took_s - random.random() * gap_s) % gap_s for took_s in times_s]
    return Detections(live, 1 + fmean(times_s) / gap_s, late_s, 0, 0.0)


def short_kinds(jobs: int) -> dict[str, list[float]]:
    """Short render times, steady and changing."""
    random = Random(3)  # noqa: S311 - a simulation repeats itself
    usual = [random.uniform(*SHORT_S) for _ in range(jobs)]
    return {
        "as always": usual,
        "drift up by half": [t * (1 + number / jobs / 2) for number, t in enumerate(usual)],
        "drift down by half": [t * (1 - number / jobs / 2) for number, t in enumerate(usual)],
        "jump up by half": [t * (1 if 2 * n < jobs else 1.5) for n, t in enumerate(usual)],
        "jump down by half": [t * (1 if 2 * n < jobs else 0.5) for n, t in enumerate(usual)],
        "two kinds, one twice the other": [t * random.choice((1, 2)) for t in usual],
        "the two by turns": [t * (1 + number % 2) for number, t in enumerate(usual)],
    }


def short_row(name: str, found: Detections, fixed: Detections) -> dict[str, str]:
    """A line of the second table."""
    return {
        "live jobs": f"{found.live}",
        "12 to 15.3 s": name,
        "polls per job": f"{found.polls:.1f}",
        "median": f"{found.median_s:.2f} s",
        "mean": f"{fmean(found.late_s):.2f} s",
        "longest": f"{max(found.late_s):.1f} s",
        "every 2 s: median": f"{fixed.median_s:.2f} s",
        "mean of it": f"{fmean(fixed.late_s):.2f} s",
    }
