"""Start: from the process to its first answer, and how much of that is importing."""

import asyncio
import compileall
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.report import ROOT, Bar, Report
from bot.playground.videos import VideoLibrary
from tests.live.bot_process import Town, open_town

ROUNDS: Final = 7
READY_BAR_S: Final = 1.5
IMPORT_BAR_S: Final = 0.7
COMMAND: Final = "generations"
NOTHING: Final = "pass"
EVERYTHING: Final = "import gc; gc.disable(); import bot.app.run, bot.cli.serve"
"""What `run` imports, as it does."""


async def run(rounds: int = ROUNDS) -> Report:
    """Start it again and again: in an empty folder, and where it has been before."""
    for folder in ("bot", "cogs"):
        compileall.compile_dir(ROOT / folder, quiet=1)
    python_s = [await _python_s(NOTHING) for _ in range(rounds)]
    imports_s = [await _python_s(EVERYTHING) for _ in range(rounds)]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-start-")))
        town = await stack.enter_async_context(open_town(folder, VideoLibrary(folder=folder)))
        first_s = [await _first_ready_s(town, str(folder / f"{n}")) for n in range(rounds)]
        again_s = [await _ready_s(town) for _ in range(rounds + 1)][1:]
    import_s, ready_s = median(imports_s) - median(python_s), median(again_s)
    return Report(
        title="Start",
        what=(
            f"{rounds} starts against a Discord on loopback. The first start of all makes the "
            "database and registers the commands; later ones find both. The bot's modules are "
            "compiled beforehand, as in the image."
        ),
        tables=[
            [
                _row("Python alone", python_s),
                _row("Python and all imports", imports_s),
                _row("process start to first answer, at the first start of all", first_s),
                _row("process start to first answer, later", again_s),
            ]
        ],
        bars=[
            Bar("ready ≤ 1.5 s", f"{ready_s:.2f} s", ready_s <= READY_BAR_S),
            Bar("import ≤ 0.7 s", f"{import_s:.2f} s", import_s <= IMPORT_BAR_S),
        ],
    )


async def _python_s(code: str) -> float:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT)
    if await process.wait():
        raise RuntimeError(f"`{code}` failed")
    return time.perf_counter() - began


async def _first_ready_s(town: Town, data_dir: str) -> float:
    town.discord.commands.clear()
    return await _ready_s(town, DATA_DIR=data_dir)


async def _ready_s(town: Town, **changes: str) -> float:
    """A command is used the moment that Discord has the bot: whoever answers it is ready."""
    began = time.perf_counter()
    bot = await town.joined(LOG_LEVEL="INFO", **changes)
    interaction = await town.discord.slash(COMMAND)
    await bot.until(lambda: "answer" in interaction)
    took_s = time.perf_counter() - began
    bot.tell(signal.SIGTERM)
    await bot.ended()
    return took_s


def _row(what: str, took_s: Sequence[float]) -> dict[str, str]:
    return {
        "what": what,
        "median": f"{median(took_s):.2f} s",
        "range": f"{min(took_s):.2f} to {max(took_s):.2f} s",
    }
