"""One HTTP call, sent at most once; its outcomes differ by what may have been sent.

aiohttp (as of 3.14) repeats an idempotent request once, unasked, when its connection dies, even on
a fresh connection; it never repeats a POST. This module does not rely on either: a middleware turns
the errors that aiohttp would act on into one that it does not know. Each POST also gets its own
connection, because a kept one may be dead unnoticed, and then the outcome of a purchase would be
unknown for no good reason.
"""

import logging
import re
import string
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    ServerDisconnectedError,
)
from multidict import CIMultiDictProxy
from pydantic import SecretStr
from yarl import URL

BODY_MAX_BYTES: Final = 1024 * 1024
"""An answer has a kilobyte or two: a larger one is not real, unless it quotes what was sent."""
RETRY_AFTER_MAX_S: Final = 3_600.0
"""A service that asks for a longer wait is asked again after an hour."""
_AT_A_TIME_BYTES: Final = 64 * 1024
_BASE64: Final = f"{string.ascii_letters}{string.digits}+/=".encode()

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """The service answered. `body` is None if it was cut off or over the size limit."""

    status: int
    body: bytes | None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class NoConnection:
    """No connection could be made: certainly nothing was sent."""

    what_happened: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A connection existed, but no answer came: the request may have been received."""

    what_happened: str


Reply = Answer | NoConnection | NoAnswer


class _ConnectionLostError(ClientError):
    """The connection died during a request. aiohttp does not repeat a request for this error."""


async def _send_once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    try:
        return await handler(request)
    except ClientConnectorError:
        raise
    except (ClientOSError, ServerDisconnectedError) as error:
        raise _ConnectionLostError from error


class ApiTransport:
    """Sends calls with the key: GETs by the session `reading` and POSTs by `writing`."""

    def __init__(
        self,
        *,
        base_url: URL,
        api_key: SecretStr,
        connect_timeout_s: float,
        reading: ClientSession,
        writing: ClientSession,
    ) -> None:
        self._base_url = str(base_url).rstrip("/")
        self._api_key = api_key
        self._connect_timeout_s = connect_timeout_s
        self._reading = reading
        self._writing = writing

    async def request(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *,
        answer_timeout_s: float,
        body: Sequence[bytes] = (),
    ) -> Reply:
        """Make one call. `path` begins with a slash and is already percent-encoded.

        `body` is JSON in pieces; without any nothing is sent.
        """
        timeout = ClientTimeout(
            # Longer than the connect timeout, so that this timeout never means "not sent".
            total=self._connect_timeout_s + answer_timeout_s,
            connect=self._connect_timeout_s,
            sock_read=answer_timeout_s,
        )
        try:
            reply = await self._send(method, path, timeout=timeout, body=body)
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            reply = NoConnection(f"no connection ({type(error).__name__})")
        # The connector's own timeout is caught above: from here on something may have been sent.
        except TimeoutError:
            reply = NoAnswer("no answer in time")
        except _ConnectionLostError:
            reply = NoAnswer("connection lost")
        except ClientError as error:
            reply = NoAnswer(f"no valid answer ({type(error).__name__})")
        _log.debug("%s %s: %s", method, path, _summary(reply))
        return reply

    async def _send(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *,
        timeout: ClientTimeout,  # noqa: ASYNC109 - aiohttp's own, not a number to wait by
        body: Sequence[bytes],
    ) -> Answer:
        session = self._writing if method == "POST" else self._reading
        # Set per call, not per session, so that the key is not stored anywhere in between.
        headers = {"Authorization": f"Bearer {self._api_key.get_secret_value()}"}
        body_bytes = sum(map(len, body))
        if body:
            # With its length: what comes in pieces would be sent in chunks, which not all servers
            # accept.
            headers |= {"Content-Type": "application/json", "Content-Length": str(body_bytes)}
        async with session.request(
            method,
            # Already encoded: encoding it again would address another request's id.
            URL(self._base_url + path, encoded=True),
            data=_some_at_a_time(body) if body else None,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            middlewares=(_send_once,),
        ) as response:
            return Answer(
                status=response.status,
                # A 422 quotes the input that it refuses. Cut off, it would leave a purchase with a
                # picture unknown, though it was refused.
                body=await _read_bounded(response, BODY_MAX_BYTES + body_bytes),
                retry_after_s=retry_after_s(response.headers),
            )


async def _some_at_a_time(body: Sequence[bytes]) -> AsyncGenerator[bytes]:
    # A megabyte is written and encrypted at once, which holds up the event loop.
    for piece in body:
        for begin in range(0, len(piece), _AT_A_TIME_BYTES):
            yield piece[begin : begin + _AT_A_TIME_BYTES]


async def _read_bounded(response: ClientResponse, max_bytes: int) -> bytes | None:
    # The status has arrived: a broken body must not hide it from the caller.
    body, block, received_bytes = bytearray(), bytearray(), 0
    try:
        async for chunk in response.content.iter_any():
            received_bytes += len(chunk)
            if received_bytes > max_bytes:
                response.close()
                return None
            block += chunk
            if len(block) >= _AT_A_TIME_BYTES:
                # The middle of a picture that is quoted is left out: to read megabytes of JSON
                # would hold up the event loop.
                if block.translate(None, _BASE64):
                    body += block
                block.clear()
    except (ClientError, TimeoutError):
        return None
    return bytes(body + block)


def retry_after_s(headers: CIMultiDictProxy[str]) -> float | None:
    """How long the service asks to wait, from seconds or from an HTTP date.

    A date is compared with the answer's own `Date`, so that this machine's clock does not matter.
    """
    said = headers.get("Retry-After", "").strip()
    # Digits only: `float` would accept "nan" and "inf", and a wait must end.
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", said):
        return min(float(said), RETRY_AFTER_MAX_S)
    until, now = _http_date(said), _http_date(headers.get("Date", ""))
    if until is None or now is None:
        return None
    return min(max((until - now).total_seconds(), 0.0), RETRY_AFTER_MAX_S)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    # A date without a zone cannot be compared with one that has a zone.
    return moment if moment.tzinfo is not None else None


def _summary(reply: Reply) -> str:
    return f"HTTP {reply.status}" if isinstance(reply, Answer) else reply.what_happened
