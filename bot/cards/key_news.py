"""Tells a server's managers about their key: in the channel that they chose, or its giver."""

import logging

import discord

from bot.cards.language import Languages
from bot.cards.words_keys import broke_news
from bot.cards.writes import NONCE_MAX_CHARS, attempt
from bot.generation.keys import ServerKey
from bot.generation.ports import Clock, Trouble
from bot.generation.servers import Servers

logger = logging.getLogger(__name__)


class DiscordManagers:
    """Fulfils `Managers`."""

    def __init__(
        self, *, client: discord.Client, languages: Languages, servers: Servers, clock: Clock
    ) -> None:
        self._client = client
        self._languages = languages
        self._servers = servers
        self._clock = clock

    async def key_broke(self, key: ServerKey) -> None:
        """Tell them that their key is no longer accepted."""
        guild = self._client.get_guild(key.guild_id)
        language = self._languages.of(None if guild is None else guild.preferred_locale)
        text = broke_news(language, key, str(key.guild_id) if guild is None else guild.name)
        channel_id = (await self._servers.current(key.guild_id)).log_channel_id
        if channel_id is not None and await self._sent(channel_id, key, text):
            return
        giver = discord.Object(key.set_by)
        opened = await attempt(lambda: self._client.create_dm(giver), clock=self._clock)
        if isinstance(opened, Trouble) or not await self._sent(opened.id, key, text):
            logger.warning("nobody of server %d could be told about its key", key.guild_id)

    async def _sent(self, channel_id: int, key: ServerKey, text: str) -> bool:
        channel = self._client.get_partial_messageable(channel_id)
        nobody = discord.AllowedMentions.none()
        # A repeated send carries the nonce of the first, and nobody is told twice.
        nonce = f"key{key.id}-{channel_id}"[:NONCE_MAX_CHARS]
        sent = await attempt(
            lambda: channel.send(text, allowed_mentions=nobody, nonce=nonce), clock=self._clock
        )
        return not isinstance(sent, Trouble)
