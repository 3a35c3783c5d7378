"""The use cases around servers' decisions: in memory as last seen, read anew where they decide."""

import logging
from collections.abc import Sequence

from bot.generation.ports import Clock, StoreUnavailable
from bot.generation.servers import (
    NOTHING_DECIDED,
    AuditEntry,
    Changes,
    ServerSettings,
    ServerStore,
)
from bot.promptly import promptly

logger = logging.getLogger(__name__)


class ServerDesk:
    """Fulfils `Servers`."""

    def __init__(self, *, store: ServerStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[int, ServerSettings] = {}

    async def load(self) -> None:
        """Read every server's decisions.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        self._known = dict(await self._store.everywhere())

    def known(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions as last seen."""
        return NOTHING_DECIDED if guild_id is None else self._known.get(guild_id, NOTHING_DECIDED)

    async def current(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions, read anew if the database answers soon, else as last seen."""
        if guild_id is None:
            return NOTHING_DECIDED
        try:
            self._known[guild_id] = await promptly(self._store.of(guild_id))
        except StoreUnavailable:
            logger.warning("server %d's settings could not be read; taken as last seen", guild_id)
        return self.known(guild_id)

    async def change(
        self, guild_id: int, changes: Changes, *, by_user_id: int
    ) -> ServerSettings | None:
        """Change a server's decisions at once; None when they could not be written."""
        try:
            changed = await self._store.change(
                guild_id, changes, by_user_id=by_user_id, at=self._clock.now()
            )
        except StoreUnavailable:
            logger.exception("server %d's settings could not be written", guild_id)
            return None
        self._known[guild_id] = changed
        return changed

    async def audit(self, guild_id: int, *, limit: int = 20) -> Sequence[AuditEntry] | None:
        """The latest decisions, newest first."""
        try:
            return await self._store.audit(guild_id, limit=limit)
        except StoreUnavailable:
            logger.warning("server %d's trail could not be read", guild_id)
            return None

    async def note(
        self, guild_id: int, what: str, *, by_user_id: int, before: str = "", after: str = ""
    ) -> bool:
        """Write a decision that changed no setting to the trail."""
        entry = AuditEntry(
            guild_id=guild_id,
            at=self._clock.now(),
            by_user_id=by_user_id,
            what=what,
            before=before,
            after=after,
        )
        try:
            await self._store.note(entry)
        except StoreUnavailable:
            logger.exception("server %d's trail could not be written", guild_id)
            return False
        return True
