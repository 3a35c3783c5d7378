"""What a soak found, as Markdown for docs/performance.md."""

from collections.abc import Mapping, Sequence
from math import isfinite

from benchmarks.report import Bar, Report
from tests.soak.growth import KEPT, OF_THE_PROCESS, ROWS_OF, Reading, Trend
from tests.soak.soak import ABREAST, Outcome


def report(found: Outcome, trends: Sequence[Trend], *, warm_up: int) -> Report:
    """All of it; the first `warm_up` jobs of each process do not count for its trends."""
    jobs = len(found.stories)
    leaks = [trend.name for trend in trends if trend.is_a_leak]
    wrong = ", ".join(f"{what} {count}" for what, count in sorted(found.wrong.items()))
    return Report(
        title="Soak",
        what=(
            f"{jobs:,} jobs asked for, bought, delivered and told through `python -m bot run`, "
            "over a gateway and REST on loopback, against the stand-in for RunComfy, with up to "
            f"{ABREAST} under way. At each row nothing was left to do."
        ),
        tables=[
            [_at_rest(reading) for reading in found.readings],
            [_grown(trend) for trend in trends if trend.last or trend.first],
        ],
        bars=[
            Bar(
                "each job bought once, delivered and told once, none lost",
                f"{len(found.broken)} breaches in {jobs:,} jobs",
                not found.broken,
            ),
            Bar("nothing grows but what must be kept", ", ".join(leaks) or "nothing", not leaks),
        ],
        notes=[
            f"A straight line through each figure, after the first {warm_up} jobs of each process.",
            f"What went wrong on the way: {wrong or 'nothing'}.",
            f"The process was ended {len(found.restarts)} times: {'; '.join(found.restarts)}.",
            *found.broken,
        ],
    )


def _at_rest(reading: Reading) -> Mapping[str, str]:
    figures = reading.figures
    rows = sum(value for name, value in figures.items() if name.startswith(ROWS_OF))
    return {
        "jobs ended": f"{reading.ended:,}",
        "process": str(reading.life + 1),
        "its jobs": f"{reading.since_start:,}",
        **{name: _said(name, figures[name]) for name in (*OF_THE_PROCESS, "files", "data, MiB")},
        "rows in all": f"{rows:,.0f}",
    }


def _grown(trend: Trend) -> Mapping[str, str]:
    error = f"± {trend.error:.2f}" if isfinite(trend.error) else "too few readings"
    verdict = "yes: it must not" if trend.is_a_leak else "yes" if trend.grows else "no"
    return {
        "figure": trend.name,
        "first": _said(trend.name, trend.first),
        "last": _said(trend.name, trend.last),
        "per 1,000 jobs": f"{trend.per_thousand:+.2f} {error}",
        "grows": verdict,
        "kept": KEPT.get(trend.name, "") if trend.grows else "",
    }


def _said(name: str, value: float) -> str:
    return f"{value:,.1f}" if "MiB" in name else f"{value:,.0f}"
