"""Tells a server's managers what stops the bot there: in their log channel, or directly to one."""

import hashlib
import logging
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import discord

from bot.domain.money.keys import ServerKey
from bot.domain.ports import Clock, Trouble
from bot.domain.servers import ServerSettings
from bot.features.servers.servers import Servers
from bot.languages.language import Language, Languages, marked
from bot.ui.plain_text import as_text
from bot.ui.writes import NONCE_MAX_CHARS, attempt

logger = logging.getLogger(__name__)

_NAME_MAX_CHARS: Final = 100
QUOTED_CHARS: Final = 60
SETTINGS_UNREAD: Final = marked(
    "⛔ I can't read these settings, so videos are paused in this server: {names}. They "
    "are damaged, or a newer version of me wrote them. If I'm being updated, just wait a "
    "little. Otherwise `/kling-admin resume` goes on without them, and you can choose "
    "them again."
)


SERVER_NAME_SHOWN_CHARS = 80


class DiscordManagers:
    """Reaches a server's managers."""

    def __init__(
        self, *, client: discord.Client, languages: Languages, servers: Servers, clock: Clock
    ) -> None:
        self._client = client
        self._languages = languages
        self._servers = servers
        self._clock = clock
        self._told_of_unread: set[int] = set()

    async def key_broke(self, key: ServerKey) -> None:
        """Tell the managers that their key is no longer accepted."""
        guild = self._client.get_guild(key.guild_id)
        language = self._languages.of(None if guild is None else guild.preferred_locale)
        text = broke_news(language, key, str(key.guild_id) if guild is None else guild.name)
        if not await self._told(key.guild_id, key.set_by, text, nonce=f"key{key.id}"):
            logger.warning("couldn't tell any manager of server %d about its key", key.guild_id)

    async def tell_of_unread(self, servers: Mapping[int, ServerSettings]) -> None:
        """Tell the managers, once per process, which settings cannot be read and what follows."""
        for guild_id, settings in servers.items():
            await self._tell_of_unread(guild_id, settings.unread)

    async def _tell_of_unread(self, guild_id: int, names: Collection[str]) -> None:
        guild = self._client.get_guild(guild_id)
        # Of several processes, only the one that serves this server tells them.
        if guild is None or guild_id in self._told_of_unread:
            return
        self._told_of_unread.add(guild_id)
        language = self._languages.of(guild.preferred_locale)
        text = f"**{as_text(guild.name, _NAME_MAX_CHARS)}**: {unread_line(language, names)}"
        if not await self._told(guild_id, guild.owner_id, text, nonce=f"unread{guild_id}"):
            logger.warning("couldn't tell any manager of server %d that it's paused", guild_id)

    async def _told(self, guild_id: int, otherwise: int | None, text: str, *, nonce: str) -> bool:
        """Whether the news is in their log channel, or else went to one of them directly."""
        channel_id = (await self._servers.current(guild_id)).log_channel_id
        if channel_id is not None and await self._sent(channel_id, text, nonce):
            return True
        if otherwise is None:
            return False
        person = discord.Object(otherwise)
        opened = await attempt(lambda: self._client.create_dm(person), clock=self._clock)
        return not isinstance(opened, Trouble) and await self._sent(opened.id, text, nonce)

    async def _sent(self, channel_id: int, text: str, nonce: str) -> bool:
        channel = self._client.get_partial_messageable(channel_id)
        nobody = discord.AllowedMentions.none()
        # A repeated send carries the nonce of the first, so that it shows once.
        named = hashlib.sha256(f"{nonce}-{channel_id}".encode()).hexdigest()[:NONCE_MAX_CHARS]
        sent = await attempt(
            lambda: channel.send(text, allowed_mentions=nobody, nonce=named), clock=self._clock
        )
        return not isinstance(sent, Trouble)


def broke_news(language: Language, key: ServerKey, server_name: str) -> str:
    """The message to the managers, sent once."""
    return language.say(
        "⚠️ RunComfy no longer accepts the key of {server} that ends in `…{tail}`. Videos are "
        "paused there, and nothing is charged. Give a new key with `/kling-admin key`.",
        server=f"**{as_text(server_name, SERVER_NAME_SHOWN_CHARS)}**",
        tail=key.tail,
    )


def unread_line(language: Language, names: Iterable[str]) -> str:
    """Which settings cannot be read, and what can be done about it."""
    return language.say(SETTINGS_UNREAD, names=setting_names(names))


def setting_names(names: Iterable[str]) -> str:
    """Settings by their stored names: a newer version may know more of them."""
    return ", ".join(as_text(name.replace("_", " "), QUOTED_CHARS) for name in sorted(names))
