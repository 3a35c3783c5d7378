"""Acknowledgement: from a slash command to its first answer, while a thousand jobs are live."""

import asyncio
import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.report import Bar, Report, percentile
from benchmarks.seeding import at_rest, live_jobs, seed
from bot.playground.runcomfy_jobs import StandInJob
from bot.playground.runcomfy_scenario import Scenario
from bot.playground.runcomfy_server import RunComfyServer
from bot.playground.videos import VideoLibrary
from bot.storage import default_database_url, open_store
from tests.clocks import START
from tests.live.bot_process import Town, open_town
from tests.runcomfy.answers import usual_input

LIVE: Final = (0, 700)
"""Live jobs before the commands come; with theirs a thousand, the most that MAX_IN_FLIGHT takes."""
PER_SECOND: Final = 20
COMMANDS: Final = 300
SETTLE_S: Final = 10.0
PATIENCE_S: Final = 10.0
LOOK_S: Final = 0.001
BAR_S: Final = 0.1
FOR_EVER: Final = Scenario(queue_s=1e6)
SETTINGS: Final = {
    "LOG_LEVEL": "WARNING",
    "POLLS_PER_SECOND": "40",
    "MAX_IN_FLIGHT": "1000",
    "USER_IN_FLIGHT": "1000",
    "COOLDOWN_S": "0",
    "DRAIN_TIMEOUT_S": "5",
}


async def run(live: tuple[int, ...] = LIVE, commands: int = COMMANDS) -> Report:
    """Use the command again and again, with and without other jobs."""
    found = {jobs: await acknowledged_s(jobs, commands) for jobs in live}
    worst_s = percentile(found[live[-1]], 0.99)
    return Report(
        title="Acknowledgement",
        what=(
            f"`/kling` {commands} times, {PER_SECOND} a second, through a real gateway and REST on "
            "loopback, to the answer's arrival at Discord. All of them are accepted, written, "
            "bought and watched meanwhile."
        ),
        tables=[[_row(jobs, answered_s) for jobs, answered_s in found.items()]],
        bars=[Bar("p99 ≤ 100 ms", f"{worst_s * 1e3:.0f} ms", worst_s <= BAR_S)],
    )


async def acknowledged_s(live: int, commands: int, *, settle_s: float = SETTLE_S) -> list[float]:
    """How long each of so many commands waited for its answer."""
    with TemporaryDirectory(prefix="bench-acknowledgement-") as folder:
        async with open_town(Path(folder), VideoLibrary(folder=Path(folder))) as town:
            await _fill(town, live)
            bot = await town.joined(**SETTINGS)
            await asyncio.sleep(settle_s)
            asked: list[asyncio.Task[float]] = []
            for number in range(commands):
                asked.append(asyncio.create_task(_ask(town, number)))
                await asyncio.sleep(1 / PER_SECOND)
            answered_s = await asyncio.gather(*asked)
            bot.tell(signal.SIGTERM)
            await bot.ended()
    return answered_s


async def _ask(town: Town, number: int) -> float:
    began = time.monotonic()
    interaction = await town.discord.slash("kling", prompt=f"a red kite, no. {number}", duration=3)
    while "answer" not in interaction:
        if time.monotonic() - began > PATIENCE_S:
            raise RuntimeError("a command was never answered")
        await asyncio.sleep(LOOK_S)
    return time.monotonic() - began


async def _fill(town: Town, live: int) -> None:
    """Let jobs be at the service, of which the bot's database knows."""
    town.runcomfy.default = FOR_EVER
    jobs = [at_rest(job, queue_position=FOR_EVER.queue_position) for job in live_jobs(live)]
    for job in jobs:
        _accept(town.runcomfy, job.request_id or "")
    if jobs:
        town.data_dir.mkdir()
        database_url = default_database_url(town.data_dir)
        async with open_store(database_url):
            pass
        await seed(database_url, jobs)


def _accept(service: RunComfyServer, request_id: str) -> None:
    service.jobs[request_id] = StandInJob(
        request_id=request_id, input=usual_input("a red kite"), scenario=FOR_EVER, accepted_at=START
    )


def _row(live: int, answered_s: list[float]) -> dict[str, str]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {
        "live jobs": f"{live:,} to {live + len(answered_s):,}",
        **{name: f"{percentile(answered_s, share) * 1e3:.0f} ms" for name, share in shares.items()},
        "longest": f"{max(answered_s) * 1e3:.0f} ms",
    }
