"""A file that appears under its name only when it is whole, and else leaves nothing behind."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO


class DiskTroubleError(Exception):
    """The file could not be written: a full disk, a missing folder, no permission."""


class PartialFile:
    """Written beside its target as `.part`, off the event loop."""

    def __init__(self, *, into: Path, thread: ThreadPoolExecutor) -> None:
        self._into = into
        self._part = into.with_name(f"{into.name}.part")
        self._thread = thread
        self._file: BinaryIO | None = None
        self.size_bytes = 0

    async def write(self, chunk: bytes) -> None:
        """Append.

        Raises:
            DiskTroubleError: it could not be written.
        """
        await self._off_loop(lambda: self._write(chunk))
        self.size_bytes += len(chunk)

    async def keep(self) -> None:
        """Put the whole file in its place.

        Raises:
            DiskTroubleError: it could not be written to its end.
        """
        await self._off_loop(self._keep)

    def discard(self) -> None:
        """Remove what was not kept. Blocks: it runs on the file's own thread."""
        if self._file is not None:
            # On a full disk closing fails as well, and the space is wanted back all the more.
            with suppress(OSError):
                self._file.close()
            with suppress(OSError):
                self._part.unlink()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = self._part.open("wb")
        return self._file

    def _write(self, chunk: bytes) -> None:
        self._opened().write(chunk)

    def _keep(self) -> None:
        self._opened().close()
        # In the same folder, hence on the same disk: this cannot stop half-way.
        self._part.replace(self._into)
        self._file = None

    async def _off_loop(self, work: Callable[[], None]) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except OSError as error:
            raise DiskTroubleError(type(error).__name__) from error


@asynccontextmanager
async def partial_file(into: Path) -> AsyncGenerator[PartialFile, None]:
    """Write a file whose partial form is gone afterwards, however the block is left."""
    # A single thread keeps the order: when the block is cancelled in the middle of a write, the
    # removal comes after that write and not beside it.
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="download")
    file = PartialFile(into=into, thread=thread)
    try:
        yield file
    finally:
        removal = thread.submit(file.discard)
        thread.shutdown(wait=False)
        await asyncio.shield(asyncio.wrap_future(removal))
