"""`python -m tests.soak`: has thousands of jobs delivered and says what grows with them."""

import asyncio
import sys
import tempfile
from pathlib import Path
from secrets import randbits
from typing import Annotated

import typer

from benchmarks.report import machine
from tests.soak.growth import trends
from tests.soak.soak import soak
from tests.soak.table import report

WARM_UP_MAX = 1_000
"""Meanwhile caches fill that have a bound, as of SQLite's pages and of statements."""


def main(
    jobs: Annotated[int, typer.Option(min=20)] = 10_000,
    restarts: Annotated[int, typer.Option(min=0)] = 3,
    readings: Annotated[int, typer.Option(min=2, help="How often all figures are read.")] = 24,
    seed: Annotated[int | None, typer.Option(help="Of an earlier run.")] = None,
) -> None:
    """Fails when a law is broken, or something grows with the jobs that must not."""
    seed = randbits(32) if seed is None else seed
    sys.stdout.write(f"Measured on {machine()}, seed {seed}.\n\n")

    def say(line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        found = asyncio.run(
            soak(Path(folder), jobs=jobs, restarts=restarts, readings=readings, seed=seed, say=say)
        )
    warm_up = min(WARM_UP_MAX, jobs // (restarts + 1) // 2)
    lines = trends(found.readings, warm_up=warm_up)
    sys.stdout.write(f"{report(found, lines, warm_up=warm_up).markdown()}\n")
    sys.exit(bool(found.broken) or any(line.is_a_leak for line in lines))


if __name__ == "__main__":
    typer.run(main)
