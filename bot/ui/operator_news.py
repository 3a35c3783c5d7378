"""Sends an operator the news that they wait for, in direct messages."""

import logging
from typing import Final

import discord

from bot.domain.ports import Clock, Trouble
from bot.features.preferences import People
from bot.languages.language import Languages, marked
from bot.ui.writes import attempt

logger = logging.getLogger(__name__)

SAFE_TO_STOP: Final = marked(
    "Everything under way is finished. It's safe to stop the bot. What still waits goes "
    "on after the next start."
)


class OperatorNews:
    """Direct messages to operators, each in their own language."""

    def __init__(
        self, *, client: discord.Client, languages: Languages, people: People, clock: Clock
    ) -> None:
        self._client = client
        self._languages = languages
        self._people = people
        self._clock = clock

    async def safe_to_stop(self, user_id: int) -> None:
        """A drain has ended."""
        operator = discord.Object(user_id)
        text = self._languages.of(self._people.known(user_id).language).say(SAFE_TO_STOP)
        opened = await attempt(lambda: self._client.create_dm(operator), clock=self._clock)
        if isinstance(opened, Trouble):
            logger.warning("the end of the drain could not be told (%s)", opened.value)
            return
        # A repeated send carries the nonce of the first, so that it shows once.
        nonce = f"drained{self._clock.now():%Y%m%d%H%M%S}"
        sent = await attempt(lambda: opened.send(text, nonce=nonce), clock=self._clock)
        if isinstance(sent, Trouble):
            logger.warning("the end of the drain could not be told (%s)", sent.value)
