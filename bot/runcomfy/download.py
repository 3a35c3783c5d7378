"""Fetches result files: only from allowed hosts, without credentials, completely or not at all."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    StreamReader,
)
from yarl import URL

from bot.domain.outcomes import Fetched, FetchOutcome, Media, MediaKind, NotFetched, TooLarge
from bot.runcomfy.hosts import FileHosts, Objection
from bot.runcomfy.resolver import AddressRefusedError

SIGNATURE_BYTES: Final = 12
"""How many first bytes are enough to identify a file."""


def content_type_of(kind: MediaKind, head: bytes) -> str | None:
    """The content type by the first bytes, if it is of the expected kind."""
    if kind is MediaKind.VIDEO:
        if head[4:8] == b"ftyp":
            return "video/mp4"
        return "video/webm" if head.startswith(b"\x1a\x45\xdf\xa3") else None
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


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
        """Append a chunk.

        Raises:
            DiskTroubleError: the chunk could not be written.
        """
        await self._off_loop(lambda: self._write(chunk))
        self.size_bytes += len(chunk)

    async def keep(self) -> None:
        """Move the whole file to its final name.

        Raises:
            DiskTroubleError: the file could not be completed.
        """
        await self._off_loop(self._keep)

    def discard(self) -> None:
        """Delete the file unless it was kept. Blocks: it runs on the file's own thread."""
        if self._file is not None:
            # On a full disk closing fails too, and freeing the space is all the more important.
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
        # This is the same folder, so the same disk: the rename is atomic.
        self._part.replace(self._into)
        self._file = None

    async def _off_loop(self, work: Callable[[], None]) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except OSError as error:
            raise DiskTroubleError(type(error).__name__) from error


@asynccontextmanager
async def partial_file(into: Path) -> AsyncGenerator[PartialFile, None]:
    """Write a file whose partial form is deleted afterwards, however the block ends."""
    # A single thread keeps the order: if the block is cancelled during a write, the removal comes
    # after that write and not at the same time.
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="download")
    file = PartialFile(into=into, thread=thread)
    try:
        yield file
    finally:
        removal = thread.submit(file.discard)
        thread.shutdown(wait=False)
        await asyncio.shield(asyncio.wrap_future(removal))


_GONE: Final = 410
"""The only status that means that a file is gone for good.

A file may appear later than the result that names it, so a 404 may be temporary; a 403 may come
from a firewall in between.
"""
_MISSING_STATUSES: Final = frozenset({403, 404, 410})
"""File hosts answer 403 for an expired address and for a file that no longer exists."""

_log = logging.getLogger(__name__)


class MediaDownloader:
    """Implements `bot.domain.ports.MediaSource`.

    The session must send no credentials and keep no cookies, and its connector should refuse
    addresses that are not public: see `connect_runcomfy`.
    """

    def __init__(
        self,
        *,
        session: ClientSession,
        allowed_host_suffixes: Iterable[str],
        max_bytes: int,
        idle_timeout_s: float,
        total_timeout_s: float,
        min_bytes_per_s: float,
        concurrency: int = 4,
    ) -> None:
        self._session = session
        self._hosts = FileHosts(allowed_host_suffixes)
        self._max_bytes = max_bytes
        self._min_bytes_per_s = min_bytes_per_s
        self._idle_timeout_s = idle_timeout_s
        self._timeout = ClientTimeout(
            total=total_timeout_s, sock_connect=idle_timeout_s, sock_read=idle_timeout_s
        )
        self._slots = asyncio.Semaphore(concurrency)

    async def fetch(self, media: Media, into: Path) -> FetchOutcome:
        """Stream one file to `into`, through a `.part` beside it that never outlives the call."""
        url = self._hosts.admit(media.url)
        if isinstance(url, Objection):
            outcome = NotFetched(url.why, passing=False)
        else:
            async with self._slots:
                outcome = await self._fetch(media.kind, url, into)
        # The URL contains the account's identifier, so the log has only the outcome.
        _log.debug("fetched a %s: %s", media.kind.value, outcome)
        return outcome

    async def _fetch(self, kind: MediaKind, url: URL, into: Path) -> FetchOutcome:
        try:
            async with self._session.get(
                url,
                allow_redirects=False,
                timeout=self._timeout,
                # The received length must equal the announced length.
                headers={"Accept-Encoding": "identity"},
                auto_decompress=False,
            ) as response:
                objection = self._objection(response)
                return objection or await self._save(kind, response, into)
        except DiskTroubleError:
            _log.exception("couldn't write a result file")
            return NotFetched("the disk doesn't take it", passing=True)
        except ClientConnectorError as error:
            if isinstance(error.os_error, AddressRefusedError):
                # The name may resolve differently one day, but the requester should not wait.
                return NotFetched(str(error.os_error), passing=False)
            return NotFetched("no connection", passing=True)
        except TimeoutError:
            return NotFetched("no bytes in time", passing=True)
        except ClientError:
            return NotFetched("connection lost", passing=True)

    def _objection(self, response: ClientResponse) -> FetchOutcome | None:
        """What is wrong before the first byte of the body."""
        status = response.status
        if status != 200:  # noqa: PLR2004 - HTTP's own number
            passing = status >= 400 and status != _GONE  # noqa: PLR2004 - HTTP's own number
            is_missing = status in _MISSING_STATUSES
            return NotFetched(f"HTTP {status}", passing=passing, is_missing=is_missing)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            return NotFetched("compressed, which the bot doesn't accept", passing=False)
        if (response.content_length or 0) > self._max_bytes:
            return TooLarge()
        return None

    async def _save(self, kind: MediaKind, response: ClientResponse, into: Path) -> FetchOutcome:
        head = await _read_head(response.content)
        # Judged by the file itself, not its declared type, and before anything is written: an error
        # page must not be saved even in part.
        if not head:
            return NotFetched("an empty file", passing=True)
        content_type = content_type_of(kind, head)
        if content_type is None:
            return NotFetched(f"not a {kind.value}", passing=False)
        async with partial_file(into) as file:
            await file.write(head)
            objection = await self._copy(response.content, file)
            if objection is None:
                await file.keep()
            return objection or Fetched(file.size_bytes, content_type)

    async def _copy(self, content: StreamReader, file: PartialFile) -> FetchOutcome | None:
        now = asyncio.get_running_loop().time
        # The idle timeout alone does not stop a slow drip: every interval must bring enough bytes.
        began_at, began_with = now(), file.size_bytes
        async for chunk in content.iter_any():
            # The announced length was checked, but it may be missing or wrong.
            if file.size_bytes + len(chunk) > self._max_bytes:
                return TooLarge()
            await file.write(chunk)
            passed_s = now() - began_at
            if passed_s >= self._idle_timeout_s:
                if file.size_bytes - began_with < passed_s * self._min_bytes_per_s:
                    return NotFetched("too slow", passing=True)
                began_at, began_with = now(), file.size_bytes
        return None


async def _read_head(content: StreamReader) -> bytes:
    head = b""
    while len(head) < SIGNATURE_BYTES:
        piece = await content.read(SIGNATURE_BYTES - len(head))
        if not piece:
            break
        head += piece
    return head
