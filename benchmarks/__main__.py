"""`python -m benchmarks [NAME…]` measures and prints Markdown; `make bench` measures everything."""

import asyncio
import importlib
import inspect
import sys
import time
from typing import Final

from benchmarks.report import Report, machine

NAMES: Final = (
    "watching",
    "detection",
    "acknowledgement",
    "delivery",
    "known",
    "line",
    "pictures",
    "stalls",
    "store",
    "workers",
    "start",
)


def main(names: list[str]) -> None:
    """Run the benchmarks of these names, or all, in the order of docs/performance.md."""
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.exit(f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
    print(f"Measured on {machine()}.\n", flush=True)
    for name in names or NAMES:
        began = time.monotonic()
        # Each is imported when it is measured, so that it does not weigh on those before it.
        measure = importlib.import_module(f"benchmarks.{name}").run
        report: Report = (
            asyncio.run(measure()) if inspect.iscoroutinefunction(measure) else measure()
        )
        print(report.markdown())
        print(f"\n*Took {time.monotonic() - began:.0f} s.*\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
