"""When a job is likely to be done, from what the last ones took, and how densely to look then.

Render times are taken for log-normal: nobody is done at once, most take about as long as usual,
and a few take very much longer. Of the median and the 90th percentile all else follows.
"""

from dataclasses import dataclass
from math import erfc, exp, log, pi, sqrt
from typing import Final

from bot.domain.expectation import Expectation

USUAL_GAP_S: Final = 5.0
"""What others poll at: all looks of a job together are never more than that would be."""
THRIFT: Final = 0.95
"""Our share of that."""
DENSE_GAP_S: Final = 2.0
"""No look is worth it sooner after the last one."""
QUIET_GAP_S: Final = 15.0
"""No look is later, however improbable the end: the card should tell when rendering begins."""
QUIET_SHARE: Final = 1 / 16
"""For short renderings that is this share of the median instead."""

_NINETIETH: Final = 1.2816
"""Where nine tenths of a normal distribution lie below, in standard deviations."""
_SPREAD_MIN: Final = 0.1
_SPREAD_MAX: Final = 1.5
_AT_ONCE_S: Final = 0.001
"""Nothing is done by then, and logarithms of less are no use."""
_SURVIVAL_MIN: Final = 1e-9
_GRID: Final = tuple(-4 + 0.1 * step for step in range(81))
_HALVINGS: Final = 16


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The distribution of how long a job takes, and the gaps between looks that suit it."""

    median_s: float
    spread: float
    """The standard deviation of the times' logarithms."""
    eagerness: float
    """What `gap_s` divides by the root of the likelihood of an end within the next second."""

    def hazard_per_s(self, age_s: float) -> float:
        """How likely a job of that age, not done yet, is done within the next second."""
        if age_s < _AT_ONCE_S:
            return 0.0
        return _hazard(log(age_s / self.median_s) / self.spread) / (self.spread * age_s)

    def gap_s(self, age_s: float) -> float:
        """Seconds until the next look at a job of that age.

        Of all ways to spend a number of looks, gaps in inverse proportion to the root of that
        likelihood make the mean wait between the end and the look that sees it the shortest.
        """
        return _bounded_gap_s(self.eagerness, self.hazard_per_s(age_s), self.median_s)


def learned(expectation: Expectation) -> Likelihood:
    """What follows from the last jobs' times, with as many looks as `THRIFT` grants.

    Takes about a millisecond, so it is to be kept as long as the expectation stays.
    """
    median_s = max(expectation.median_s, 1.0)
    spread = log(max(expectation.most_s / median_s, 1.0)) / _NINETIETH
    spread = min(_SPREAD_MAX, max(_SPREAD_MIN, spread))
    low, high = 0.0, 100.0
    # The looks that an eagerness costs follow from no formula, because gaps are bounded.
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        tried = Likelihood(median_s, spread, middle)
        low, high = (low, middle) if _is_thrifty(tried) else (middle, high)
    return Likelihood(median_s, spread, high)


def _is_thrifty(likelihood: Likelihood) -> bool:
    looks = 0.0
    for z in _GRID:
        age_s = likelihood.median_s * exp(likelihood.spread * z)
        time_s = likelihood.spread * age_s * (_GRID[1] - _GRID[0])
        looks += _survival(z) * time_s / likelihood.gap_s(age_s)
    # What lies before the grid: all of that time is waited through, as quietly as may be.
    beginning_s = likelihood.median_s * exp(likelihood.spread * (_GRID[0] - 0.05))
    looks += beginning_s / likelihood.gap_s(0)
    mean_s = likelihood.median_s * exp(likelihood.spread**2 / 2)
    return looks <= THRIFT * mean_s / USUAL_GAP_S


def _bounded_gap_s(eagerness: float, hazard_per_s: float, median_s: float) -> float:
    quiet_s = max(DENSE_GAP_S, min(QUIET_GAP_S, median_s * QUIET_SHARE))
    if hazard_per_s <= 0:
        return quiet_s
    return min(quiet_s, max(DENSE_GAP_S, eagerness / sqrt(hazard_per_s)))


def _survival(z: float) -> float:
    return erfc(z / sqrt(2)) / 2


def _hazard(z: float) -> float:
    """The hazard of the standard normal distribution; far out it is close to `z` itself."""
    survival = _survival(z)
    if survival < _SURVIVAL_MIN:
        return z
    return exp(-z * z / 2) / sqrt(2 * pi) / survival
