"""Fetches result files: from allowed hosts alone, without any credential, whole or not at all."""

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final

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
from bot.runcomfy.partial_file import DiskTroubleError, PartialFile, partial_file
from bot.runcomfy.resolver import AddressRefusedError
from bot.runcomfy.signatures import SIGNATURE_BYTES, content_type_of

_GONE: Final = 410
"""The only status by which a file is gone for good.

A file may lag behind the result that names it, so a 404 may pass; and a 403 may be the word of a
firewall in between.
"""
_MISSING_STATUSES: Final = frozenset({403, 404, 410})
"""File hosts answer 403 for an address that has expired, or for a file that is no longer there."""

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
        """Stream one file to `into`, by way of a `.part` beside it that never outlives the call."""
        url = self._hosts.admit(media.url)
        if isinstance(url, Objection):
            outcome = NotFetched(url.why, passing=False)
        else:
            async with self._slots:
                outcome = await self._fetch(media.kind, url, into)
        # The URL carries the account's identifier, so the log has only what became of it.
        _log.debug("fetched a %s: %s", media.kind.value, outcome)
        return outcome

    async def _fetch(self, kind: MediaKind, url: URL, into: Path) -> FetchOutcome:
        try:
            async with self._session.get(
                url,
                allow_redirects=False,
                timeout=self._timeout,
                # The length of what arrives must be the length that was announced.
                headers={"Accept-Encoding": "identity"},
                auto_decompress=False,
            ) as response:
                objection = self._objection(response)
                return objection or await self._save(kind, response, into)
        except DiskTroubleError:
            _log.exception("a result file could not be written")
            return NotFetched("the disk does not take it", passing=True)
        except ClientConnectorError as error:
            if isinstance(error.os_error, AddressRefusedError):
                # The name may lead elsewhere one day, but nobody should wait for that.
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
            return NotFetched("compressed, though not asked for", passing=False)
        if (response.content_length or 0) > self._max_bytes:
            return TooLarge()
        return None

    async def _save(self, kind: MediaKind, response: ClientResponse, into: Path) -> FetchOutcome:
        head = await _read_head(response.content)
        # By the file itself, whatever it is said to be; and before anything is written: an error
        # page must not even begin to be a file.
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
        # The idle timeout alone never stops a drip: every stretch must bring its share of bytes.
        began_at, began_with = now(), file.size_bytes
        async for chunk in content.iter_any():
            # The announced length was checked, but there may be none, or it may be a lie.
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
