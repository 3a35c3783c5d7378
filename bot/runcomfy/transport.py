"""One HTTP call, sent at most once; its outcomes differ by what may have been sent.

aiohttp (as of 3.14) repeats an idempotent request once, unasked, when its connection dies, even on
a fresh connection; it never repeats a POST. This module does not rely on either: a middleware turns
the errors that aiohttp would act on into one that it does not know. Each POST also gets its own
connection, because a kept one may be dead unnoticed, and then the outcome of a purchase would be
unknown for no good reason.
"""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
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
        body: bytes | None = None,
    ) -> Reply:
        """Make one call. `path` begins with a slash and is already percent-encoded."""
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
        body: bytes | None,
    ) -> Answer:
        session = self._writing if method == "POST" else self._reading
        # Set per call, not per session, so that the key is not stored anywhere in between.
        headers = {"Authorization": f"Bearer {self._api_key.get_secret_value()}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        async with session.request(
            method,
            # Already encoded: encoding it again would address another request's id.
            URL(self._base_url + path, encoded=True),
            # A megabyte of bytes is written at once, and holds up the event loop; this is not.
            data=None if body is None else BytesIO(body),
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            middlewares=(_send_once,),
        ) as response:
            return Answer(
                status=response.status,
                body=await _read_bounded(response, _answer_max_bytes(body)),
                retry_after_s=retry_after_s(response.headers),
            )


def _answer_max_bytes(sent: bytes | None) -> int:
    # A 422 quotes the input that it refuses. Cut off, it would leave a purchase with a picture
    # unknown, though it was refused.
    return BODY_MAX_BYTES + len(sent or b"")


async def _read_bounded(response: ClientResponse, max_bytes: int) -> bytes | None:
    # The status has arrived: a broken body must not hide it from the caller.
    body = bytearray()
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > max_bytes:
                response.close()
                return None
    except (ClientError, TimeoutError):
        return None
    return bytes(body)


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
