"""The processes of a run: the service that stands, and worker after worker over the same files."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.chaos.records import LOG, Orders, now
from tests.signals import tell

ROOT = Path(__file__).parents[2]
STUCK_AFTER_S = 120.0


class Worker:
    """One worker, started ahead of time; its life begins with its orders."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def begin(self, orders: Orders) -> None:
        """Give the orders; returns when the worker has them."""
        assert self._process.stdin is not None
        self._process.stdin.write(orders.model_dump_json().encode() + b"\n")
        await self.until("born")

    async def until(self, moment: str, *, times: int = 1) -> None:
        """Wait until the worker has said so, from now on, so many times; or is dead."""
        assert self._process.stdout is not None
        async with asyncio.timeout(STUCK_AFTER_S):
            while times and (said := await self._process.stdout.readline()):
                times -= said.decode().strip() == moment

    async def kill(self) -> int:
        """SIGKILL; its exit status, which is another one when it was dead before."""
        tell(self._process, signal.SIGKILL)
        return await self._process.wait()

    def freeze(self) -> None:
        """SIGSTOP: it does nothing any more, and knows nothing of it."""
        tell(self._process, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on where it was."""
        tell(self._process, signal.SIGCONT)

    async def stop(self) -> int:
        """SIGTERM, and time to drain; its exit status."""
        tell(self._process, signal.SIGTERM)
        async with asyncio.timeout(STUCK_AFTER_S):
            return await self._process.wait()


class Town:
    """Where workers live: a folder of all that survives them, and the service."""

    def __init__(self, *, orders: Orders, life: AsyncExitStack) -> None:
        self.orders = orders
        """As they are for a worker that has nothing to ask for."""
        self._life = life

    async def worker(self) -> Worker:
        """A worker that waits for its orders."""
        with (self.orders.folder / LOG).open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.chaos.worker"),
                cwd=ROOT,
                stdin=PIPE,
                stdout=PIPE,
                stderr=log,
            )
        worker = Worker(process)
        self._life.push_async_callback(worker.kill)
        return worker


@asynccontextmanager
async def open_town(folder: Path) -> AsyncGenerator[Town]:
    """Start the service; at the end stop it and every worker."""
    service = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos.service", str(folder)), cwd=ROOT, stdout=PIPE
    )
    try:
        assert service.stdout is not None
        async with asyncio.timeout(STUCK_AFTER_S):
            url = (await service.stdout.readline()).decode().strip()
        async with AsyncExitStack() as life:
            orders = Orders(folder=folder, service_url=url, clock_start=now())
            yield Town(orders=orders, life=life)
    finally:
        tell(service, signal.SIGTERM)
        await service.wait()
