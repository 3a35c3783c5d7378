"""`python -m tests.chaos`: kills the bot many times and says what became of the jobs."""

import asyncio
import sys
import tempfile
from pathlib import Path
from secrets import randbits
from typing import Annotated

import typer

from tests.chaos.evidence import gather
from tests.chaos.siege import besiege
from tests.chaos.verdict import Verdict, listed


def main(
    kills: Annotated[int, typer.Option(min=1)] = 300,
    seed: Annotated[int | None, typer.Option(help="Of an earlier run.")] = None,
    keep: Annotated[Path | None, typer.Option(help="An empty folder for what is found.")] = None,
) -> None:
    """Kill the bot with SIGKILL at random moments; fails when a law is broken."""
    seed = randbits(32) if seed is None else seed
    sys.stdout.write(f"{kills} kills with seed {seed}: about {kills * 1.1:.0f} s\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="chaos-") as temporary:
        folder = keep or Path(temporary)
        siege = asyncio.run(besiege(folder, kills=kills, seed=seed))
        verdict = Verdict(gather(folder, clock_start=siege.clock_start), kills=siege.kills)
    sys.stdout.write(f"aims: {listed(siege.aims)}\n{verdict.table()}\n")
    sys.exit("\n".join(siege.own_deaths) or bool(verdict.broken))


if __name__ == "__main__":
    typer.run(main)
