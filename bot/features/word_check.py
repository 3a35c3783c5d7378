"""Searches text for words off the event loop: a long text and a long list take a while."""

import asyncio
from weakref import WeakValueDictionary

from bot.domain.generation.request import GenerationRequest
from bot.domain.moderation.listed_words import Match
from bot.domain.moderation.word_rules import entries_of, matches
from bot.domain.servers import ServerSettings


class WordCheck:
    """Checks one request of a server at a time, so that no server occupies all threads."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[int | None, asyncio.Lock] = WeakValueDictionary()

    async def matches(
        self, request: GenerationRequest, server: ServerSettings, guild_id: int | None
    ) -> tuple[Match, ...]:
        """Which of the server's entries match, and the text that they match."""
        if not entries_of(server):
            return ()
        async with self._turns.setdefault(guild_id, asyncio.Lock()):
            return await asyncio.to_thread(matches, request, server)
