"""What a benchmark found, as Markdown that can be pasted into docs/performance.md."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Bar:
    """One promise, and whether it was kept."""

    promise: str
    measured: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A benchmark's tables, each a list of rows with the same columns, and its bars."""

    title: str
    what: str
    tables: Sequence[Sequence[Mapping[str, str]]]
    bars: Sequence[Bar] = ()
    notes: Sequence[str] = ()

    def markdown(self) -> str:
        """The whole of it, in a form for people."""
        parts = [f"### {self.title}", self.what, *map(_table, self.tables)]
        if self.bars:
            rows = [
                {"bar": bar.promise, "measured": bar.measured, "": "✅" if bar.is_kept else "❌"}
                for bar in self.bars
            ]
            parts.append(_table(rows))
        parts.extend(self.notes)
        return "\n\n".join(parts)


def machine() -> str:
    """Where the figures were taken: without that they say nothing."""
    return (
        f"{os.cpu_count()} cores ({_cpu_model()}), {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, commit {_commit()}, "
        f"load {os.getloadavg()[0]:.1f} before"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are at most."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    columns = list(rows[0])
    lines = [columns, ["---"] * len(columns), *([row[name] for name in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _commit() -> str:
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 - whichever git is installed
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"
