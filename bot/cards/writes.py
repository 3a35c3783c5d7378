"""One write to Discord: tried again while that may help, and what stood in its way named."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

from bot.generation.ports import Clock, Trouble

T = TypeVar("T")

Write = Callable[[], Awaitable[T]]
"""Makes the call anew at each attempt: views and files cannot be sent twice."""

RETRY_DELAYS_S = (1.0, 3.0)
"""discord.py retries 429, 500, 502 and 504 itself, but neither a 503 nor a broken connection."""

_TROUBLE_BY_CODE = {
    10003: Trouble.PLACE_CLOSED,  # unknown channel
    10004: Trouble.PLACE_CLOSED,  # unknown guild
    10008: Trouble.CARD_GONE,  # unknown message
    10015: Trouble.KEY_DEAD,  # unknown webhook
    40005: Trouble.TOO_LARGE,  # request entity too large
    50001: Trouble.PLACE_CLOSED,  # missing access
    50007: Trouble.PLACE_CLOSED,  # this person takes no direct messages
    50013: Trouble.PLACE_CLOSED,  # missing permissions
    50027: Trouble.KEY_DEAD,  # invalid webhook token
    50083: Trouble.PLACE_CLOSED,  # the thread is archived
    160005: Trouble.PLACE_CLOSED,  # the thread is locked
}
_TROUBLE_BY_STATUS = {
    401: Trouble.KEY_DEAD,
    403: Trouble.PLACE_CLOSED,
    404: Trouble.CARD_GONE,
    408: Trouble.PASSING,
    413: Trouble.TOO_LARGE,
    429: Trouble.PASSING,
}
_SERVER_ERROR = 500


def trouble_of(error: discord.HTTPException) -> Trouble:
    """What an error answer of Discord means for what to do next."""
    if error.status >= _SERVER_ERROR:
        return Trouble.PASSING
    by_status = _TROUBLE_BY_STATUS.get(error.status, Trouble.REFUSED)
    return _TROUBLE_BY_CODE.get(error.code, by_status)


async def attempt(write: Write[T], *, clock: Clock) -> T | Trouble:
    """Carry out `write`, again after passing troubles; only safe for writes that may repeat."""
    for delay_s in (*RETRY_DELAYS_S, None):
        try:
            return await write()
        except discord.HTTPException as error:
            trouble = trouble_of(error)
            if trouble is not Trouble.PASSING or delay_s is None:
                return trouble
        except (aiohttp.ClientError, OSError, TimeoutError):
            if delay_s is None:
                return Trouble.PASSING
        await clock.sleep(delay_s)
    return Trouble.PASSING
