"""Other processes of a benchmark: modules of this package that are told and asked line by line."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from benchmarks.report import ROOT

NO_SECRETS: Final = {"DISCORD_TOKEN": "benchmark.token", "RUNCOMFY_API_KEY": "benchmark-key"}


@asynccontextmanager
async def started(module: str, **settings: str) -> AsyncGenerator[Process]:
    """A module of this package as a process of its own, which is gone afterwards."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"benchmarks.{module}"),
        cwd=ROOT,
        env={**NO_SECRETS, **settings},
        stdin=PIPE,
        stdout=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def tell(process: Process, line: str) -> None:
    """Write a line to its standard input."""
    if process.stdin is None:
        raise RuntimeError("it has no standard input")
    process.stdin.write(f"{line}\n".encode())


async def line_of(process: Process) -> str:
    """The next line of its standard output."""
    if process.stdout is None:
        raise RuntimeError("it has no standard output")
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("it ended without a word")
    return line.decode()
