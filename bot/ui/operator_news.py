"""Sends an operator the news that they wait for, in direct messages."""

import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Final

import discord
from discord import ui

from bot.domain.owner_trouble import OwnerMessage
from bot.domain.ports import Clock, Trouble
from bot.features.preferences import People
from bot.languages.language import Language, Languages, marked
from bot.ui.writes import attempt

logger = logging.getLogger(__name__)

SAFE_TO_STOP: Final = marked(
    "Everything under way is finished. It's safe to stop the bot. What still waits goes "
    "on after the next start."
)


DrawNews = Callable[[OwnerMessage, Language], ui.LayoutView]
"""Draws a message to the owner."""


_Send = Callable[[discord.DMChannel, Language], Awaitable[discord.Message]]


class OperatorNews:
    """Direct messages to operators, each in their own language."""

    def __init__(
        self, *, client: discord.Client, languages: Languages, people: People, clock: Clock
    ) -> None:
        self._client = client
        self._languages = languages
        self._people = people
        self._clock = clock
        self._arrived: set[tuple[str, int]] = set()
        self._unreachable: set[int] = set()

    async def safe_to_stop(self, user_id: int) -> None:
        """A drain has ended."""
        nonce = f"drained{self._clock.now():%Y%m%d%H%M%S}"
        sent = await self._sent(
            user_id, lambda to, language: to.send(language.say(SAFE_TO_STOP), nonce=nonce)
        )
        if sent is not None:
            logger.warning("couldn't tell the operator that the drain is over (%s)", sent.value)

    async def tell(self, message: OwnerMessage, *, owners: Collection[int], draw: DrawNews) -> bool:
        """Tell every owner; False where that has to be tried again.

        Who takes no direct messages is not tried again; the log says so once.
        """
        is_done = bool(owners)
        for user_id in owners:
            if (message.name, user_id) in self._arrived:
                continue
            trouble = await self._sent(
                user_id,
                lambda to, language: to.send(view=draw(message, language), nonce=message.name),
            )
            if trouble is Trouble.PASSING:
                is_done = False
                continue
            self._arrived.add((message.name, user_id))
            if trouble is not None and user_id not in self._unreachable:
                self._unreachable.add(user_id)
                logger.warning(
                    "couldn't send %d a direct message (%s): only this log says what the owner "
                    "should know",
                    user_id,
                    trouble.value,
                )
        if is_done:
            self._arrived = {one for one in self._arrived if one[0] != message.name}
        return is_done

    async def _sent(self, user_id: int, send: _Send) -> Trouble | None:
        """Send it; None if Discord took it. A repeated send carries the nonce of the first."""
        operator = discord.Object(user_id)
        language = self._languages.of(self._people.known(user_id).language)
        opened = await attempt(lambda: self._client.create_dm(operator), clock=self._clock)
        if isinstance(opened, Trouble):
            return opened
        sent = await attempt(lambda: send(opened, language), clock=self._clock)
        return sent if isinstance(sent, Trouble) else None
