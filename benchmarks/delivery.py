"""Delivery: from the service's "completed" to the finished upload, and what memory that takes."""

from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.processes import line_of, started, tell
from benchmarks.report import Bar, Report

SIZES_MB: Final = (8, 100)
ROUNDS: Final = 5
WARM_UP_MB: Final = 1
MEMORY_BAR_MB: Final = 16


@asynccontextmanager
async def service_and_bot() -> AsyncGenerator[tuple[Process, Process]]:
    """Both as processes of their own."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="bench-delivery-"))
        service = await stack.enter_async_context(started("delivery_service"))
        bot = await stack.enter_async_context(
            started(
                "delivery_process",
                DATA_DIR=folder,
                RUNCOMFY_API_URL=(await line_of(service)).strip(),
                RUNCOMFY_FILE_HOSTS="127.0.0.1",
            )
        )
        await line_of(bot)
        yield service, bot


async def run(sizes_mb: Sequence[int] = SIZES_MB, rounds: int = ROUNDS) -> Report:
    """Deliver files of each size a few times."""
    rows: list[dict[str, str]] = []
    worst_mb = 0.0
    numbers = count()
    async with service_and_bot() as (service, bot):

        async def deliver(size_mb: int) -> tuple[float, float]:
            request_id = f"{size_mb * 1_000_000}-{next(numbers)}"
            tell(bot, request_id)
            rose_bytes = int(await line_of(bot))
            tell(service, request_id)
            took_s, _ = (await line_of(service)).split()
            return float(took_s), rose_bytes / 1e6

        await deliver(WARM_UP_MB)
        for size_mb in sizes_mb:
            found = [await deliver(size_mb) for _ in range(rounds)]
            took_s, rose_mb = [took for took, _ in found], [rose for _, rose in found]
            worst_mb = max(worst_mb, *rose_mb)
            rows.append(
                {
                    "file": f"{size_mb} MB",
                    "completed to uploaded": f"{median(took_s):.2f} s",
                    "range": f"{min(took_s):.2f} to {max(took_s):.2f} s",
                    "both ways": f"{2 * size_mb / median(took_s):.0f} MB/s",
                    "memory above idle": f"{max(rose_mb):.1f} MB",
                }
            )
    return Report(
        title="Delivery",
        what=(
            f"Fetched from a service and uploaded to a Discord, both in one process on loopback, "
            f"by the bot in another; {rounds} times each. Between the two lies a file on the disk."
        ),
        tables=[rows],
        bars=[
            Bar(
                "memory above idle ≤ 16 MB whatever the file",
                f"{worst_mb:.1f} MB",
                worst_mb <= MEMORY_BAR_MB,
            )
        ],
    )
