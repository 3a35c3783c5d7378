"""Says once, to whoever drains the bot, that all that was under way is finished."""

import logging
from collections.abc import Awaitable, Callable

from bot.domain.job import JobId
from bot.domain.observer import Observer
from bot.domain.ports import StoreUnavailable
from bot.domain.servers import BY_THE_BOT, EVERYWHERE
from bot.features.operations_ports import DrainSoFar
from bot.features.servers import Servers

logger = logging.getLogger(__name__)

TellOperator = Callable[[int], Awaitable[None]]
"""Tells somebody that it is safe to stop; never raises for what Discord does."""


class Farewell(Observer):
    """Looks, whenever a watch has ended, whether it was the last that a drain waited for."""

    def __init__(self, *, servers: Servers, so_far: DrainSoFar, tell: TellOperator) -> None:
        self._servers = servers
        self._so_far = so_far
        self._tell = tell
        self._told: int | None = None

    async def watch_finished(self, job_id: JobId) -> None:
        """Say that it is safe to stop, if it has just become so."""
        del job_id  # whichever it was, it may have been the last
        # Read anew: another process may have heard the command.
        by_user_id = (await self._servers.current(EVERYWHERE)).drained_by
        if by_user_id is None or by_user_id == self._told:
            self._told = by_user_id
            return
        try:
            is_safe = (await self._so_far()).is_safe_to_stop
        except StoreUnavailable:
            logger.warning("it could not be looked up whether it is safe to stop")
            return
        if is_safe:
            self._told = by_user_id
            logger.info("drained: everything that was under way is finished")
            await self._tell(by_user_id)


def mind_drain(servers: Servers) -> None:
    """Say in the log of a bot that starts that it was not stopped since it was drained."""
    if servers.known(EVERYWHERE).drained_by is not None:
        logger.warning(
            "the bot is being drained, and no start ends that: nothing new is taken until all "
            "processes were stopped, or somebody says /kling-operator resume"
        )


async def end_drain(servers: Servers) -> None:
    """The last process was stopped as it should be: what the drain was for is over."""
    if (await servers.current(EVERYWHERE)).drained_by is not None:
        try:
            await servers.change(EVERYWHERE, {"drained_by": None}, by_user_id=BY_THE_BOT)
        except StoreUnavailable:
            logger.exception("the end of the drain could not be written")
