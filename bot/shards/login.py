"""Logs in to Discord, however long it takes: a machine may boot without network, or in an outage.

Only a token that Discord refuses ends the attempts.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import aiohttp
import discord
from discord.ext import commands
from pydantic import SecretStr

from bot.domain.ports import Clock
from bot.runcomfy.proxy import connector_by

logger = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
UNAUTHORIZED: Final = 401

Answer = TypeVar("Answer")


async def log_in(
    bot: commands.Bot, token: str, *, clock: Clock, proxy_url: SecretStr | None = None
) -> None:
    """Log in, and retry for as long as Discord cannot be reached or does not work.

    Through the proxy, if there is one, goes all that the client does from then on.

    Raises:
        discord.LoginFailure: Discord refuses the token.
    """

    async def attempt() -> None:
        if proxy_url is not None:
            # Here and not by the client's own options, which leave out downloads. As many at once
            # as the library's own connector has.
            bot.http.connector = connector_by(proxy_url, limit=0)
        try:
            await bot.login(token)
        except Exception:
            # Each login opens a session; an unusable one is closed.
            await bot.http.close()
            bot.http.clear()
            bot.http.connector = discord.utils.MISSING
            raise

    await persistently(attempt, clock=clock)


async def gateway_of(bot: commands.Bot, *, clock: Clock) -> tuple[int, discord.SessionStartLimits]:
    """How many shards Discord recommends, and how often the bot may still connect.

    Raises:
        discord.LoginFailure: Discord refuses the token by now.
    """
    recommended, _, limits = await persistently(bot.http.get_bot_gateway, clock=clock)
    return recommended, discord.SessionStartLimits(**limits)


async def persistently(ask: Callable[[], Awaitable[Answer]], *, clock: Clock) -> Answer:
    """Ask Discord until it answers, with growing pauses.

    Raises:
        discord.LoginFailure: Discord refuses the token.
    """
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await ask()
        except (discord.HTTPException, discord.GatewayNotFound) as error:
            # The library hides a failed request for the gateway behind an error of its own.
            answer = error if isinstance(error, discord.HTTPException) else error.__cause__
            status = getattr(answer, "status", 0)
            if status == UNAUTHORIZED:
                raise discord.LoginFailure("the token is not taken") from error
            trouble = f"Discord answers HTTP {status}"
        except (aiohttp.ClientError, OSError) as error:
            trouble = f"Discord can't be reached ({type(error).__name__})"
        except (LookupError, TypeError) as error:
            # The page of a captive portal, or a 429 without a time.
            trouble = f"what answers isn't Discord, or Discord in trouble ({type(error).__name__})"
        logger.warning("%s; trying again in %.0f s", trouble, pause_s)
        await clock.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
