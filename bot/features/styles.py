"""The styles that a server offers: its own and the built-in ones, read soon or changed for good."""

import logging
from collections.abc import Awaitable, Sequence

from bot.domain.ports import Clock, StoreUnavailable
from bot.domain.styles import ServerStyle, Style, StyleOutcome, StyleStore, with_own
from bot.features.promptly import promptly

logger = logging.getLogger(__name__)


class Styling:
    """Fulfils `bot.domain.styles.Styles`."""

    def __init__(self, *, store: StyleStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def offered(self, guild_id: int | None) -> list[Style]:
        """All styles of a place, its own first; without the database, the built-in ones."""
        own = await self.own(guild_id) if guild_id is not None else ()
        return with_own([one.style for one in own or ()])

    async def own(self, guild_id: int) -> Sequence[ServerStyle] | None:
        """A server's own styles; None when the database does not answer soon."""
        try:
            return await promptly(self._store.of_server(guild_id))
        except StoreUnavailable:
            logger.warning("a server's styles could not be read")
            return None

    async def add(self, guild_id: int, style: Style, *, by_user_id: int) -> StyleOutcome:
        """Add one to a server's own."""
        return await _told(
            self._store.add(guild_id, style, by_user_id=by_user_id, at=self._clock.now())
        )

    async def edit(
        self, guild_id: int, style: Style, *, version: int, by_user_id: int
    ) -> StyleOutcome:
        """Replace the texts of one, unless somebody did so since `version` was read."""
        at = self._clock.now()
        return await _told(
            self._store.edit(guild_id, style, version=version, by_user_id=by_user_id, at=at)
        )

    async def remove(self, guild_id: int, name: str, *, by_user_id: int) -> StyleOutcome:
        """Remove one by its name."""
        return await _told(
            self._store.remove(guild_id, name, by_user_id=by_user_id, at=self._clock.now())
        )


async def _told(change: Awaitable[StyleOutcome]) -> StyleOutcome:
    try:
        return await change
    except StoreUnavailable:
        logger.exception("a server's style could not be changed")
        return StyleOutcome.STORE_DOWN
