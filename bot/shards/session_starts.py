"""Makes the last of a day's session starts last: a bot that dies over and over keeps its token.

Discord resets the token of whoever starts more sessions than `session_start_limit` allows.
https://discord.com/developers/docs/events/gateway#session-start-limit-object
"""

import logging
from datetime import timedelta
from typing import Final

import discord

from bot.domain.ports import Clock

logger = logging.getLogger(__name__)

SCARCE_SHARE: Final = 10
"""The last tenth of the day's starts is spread over the time until there are new ones."""
_SECOND: Final = timedelta(seconds=1)


async def wait_if_scarce(limits: discord.SessionStartLimits, *, clock: Clock) -> None:
    """Wait before a process connects, where others like it have used up nearly all starts."""
    left, renewed_after = limits.remaining, timedelta(milliseconds=limits.reset_after)
    if left > limits.total // SCARCE_SHARE:
        return
    pause = renewed_after / max(left, 1)
    logger.warning(
        "Discord lets this bot connect %d more times in the next %s, so it waits for %s: "
        "something has connected it again and again",
        left,
        timedelta(seconds=renewed_after // _SECOND),
        timedelta(seconds=pause // _SECOND),
    )
    await clock.sleep(pause.total_seconds())
