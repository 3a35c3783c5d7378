"""One write to Discord: retried while that may help; a failure gets a named trouble."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

from bot.domain.ports import Clock, Trouble

logger = logging.getLogger(__name__)

T = TypeVar("T")

Write = Callable[[], Awaitable[T]]
"""Makes a new call at each attempt: views and files cannot be sent twice."""

RETRY_DELAYS_S = (1.0, 3.0)
"""discord.py retries 429, 500, 502 and 504 itself, but neither a 503 nor a broken connection."""

NONCE_MAX_CHARS = 25
"""Discord's limit on the nonce, which tells a repeated message from a new one."""

EXPECTED = (aiohttp.ClientError, discord.RateLimited, OSError, TimeoutError)
"""Broken connections, and a rate limit that is longer than the library waits."""

ARCHIVED = 50083
"""Discord's code for a thread that is archived, by time or by a person."""

_TROUBLE_BY_CODE = {
    10003: Trouble.PLACE_CLOSED,  # unknown channel
    10004: Trouble.PLACE_CLOSED,  # unknown guild
    10013: Trouble.PLACE_CLOSED,  # unknown user
    10008: Trouble.CARD_GONE,  # unknown message
    10015: Trouble.KEY_DEAD,  # unknown webhook
    40005: Trouble.TOO_LARGE,  # request entity too large
    50045: Trouble.TOO_LARGE,  # a file is over the limit of the place
    50001: Trouble.PLACE_CLOSED,  # missing access
    50007: Trouble.PLACE_CLOSED,  # this person takes no direct messages
    50013: Trouble.PLACE_CLOSED,  # missing permissions
    50027: Trouble.KEY_DEAD,  # invalid webhook token
    ARCHIVED: Trouble.PLACE_CLOSED,  # the thread is archived
    50278: Trouble.PLACE_CLOSED,  # no server in common with this person
    160005: Trouble.PLACE_CLOSED,  # the thread is locked
}
_TROUBLE_BY_STATUS = {
    401: Trouble.KEY_DEAD,
    408: Trouble.PASSING,
    413: Trouble.TOO_LARGE,
    429: Trouble.PASSING,
}
_NO_VERDICT = frozenset({403, 404})
"""Without a Discord code, these come from something in between, such as a firewall."""
_SERVER_ERROR = 500


def trouble_of(error: discord.HTTPException) -> Trouble:
    """What an error answer of Discord means for the caller."""
    if error.status >= _SERVER_ERROR or (error.code == 0 and error.status in _NO_VERDICT):
        return Trouble.PASSING
    by_status = _TROUBLE_BY_STATUS.get(error.status, Trouble.REFUSED)
    return _TROUBLE_BY_CODE.get(error.code, by_status)


async def attempt(write: Write[T], *, clock: Clock) -> T | Trouble:
    """Carry out `write`, and retry after passing troubles; only for writes that may repeat."""
    for delay_s in RETRY_DELAYS_S:
        outcome = await once(write, is_last=False)
        if outcome is not Trouble.PASSING:
            return outcome
        await clock.sleep(delay_s)
    return await once(write)


async def once(write: Write[T], *, is_last: bool = True) -> T | Trouble:
    """Carry out `write` once; any failure becomes a trouble.

    An error that the library did not foresee says nothing about the write, so it counts as a
    broken connection: discord.py raises KeyError on a 429 without `retry_after`, TypeError on a
    body that is none, RuntimeError when its own retries run out.
    """
    # This call draws and the await sends: an error in our drawing must not count as Discord's.
    writing = write()
    try:
        return await writing
    except discord.HTTPException as error:
        return trouble_of(error)
    except EXPECTED:
        return Trouble.PASSING
    except Exception as error:  # noqa: BLE001 - the seam: a library's slip must not end a watch
        if is_last:
            logger.warning("a write to Discord broke off: %s", type(error).__name__)
        return Trouble.PASSING
