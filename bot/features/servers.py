"""The use cases around servers' decisions: in memory as last seen, read anew where they decide."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from bot.domain.ports import Clock, StoreUnavailable
from bot.domain.servers import (
    EVERYWHERE,
    NOTHING_DECIDED,
    AuditEntry,
    Changes,
    ServerSettings,
    ServerStore,
)
from bot.features.promptly import promptly

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Seen:
    settings: ServerSettings
    as_of: int
    """When they held: what was begun later is newer."""


class ServerDesk:
    """Fulfils `Servers`.

    Of two that overlap the newer one stays: what was read counts as of when the reading began,
    and what was changed as of when it was written.
    """

    def __init__(self, *, store: ServerStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[int, _Seen] = {}
        self._moments = count(1)
        self._changing = asyncio.Lock()
        self._readings: set[asyncio.Task[ServerSettings]] = set()

    async def load(self) -> None:
        """Read every server's decisions.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        as_of = next(self._moments)
        read = await self._store.everywhere()
        newer = {guild_id: seen for guild_id, seen in self._known.items() if seen.as_of > as_of}
        self._known = {guild_id: _Seen(one, as_of) for guild_id, one in read.items()} | newer

    def known(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions as last seen."""
        seen = None if guild_id is None else self._known.get(guild_id)
        return NOTHING_DECIDED if seen is None else seen.settings

    async def current(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions, read anew if the database answers soon, else as last seen."""
        if guild_id is None:
            return NOTHING_DECIDED
        as_of = next(self._moments)
        try:
            self._learn(guild_id, _Seen(await promptly(self._store.of(guild_id)), as_of))
        except StoreUnavailable:
            logger.warning("server %d's settings could not be read; taken as last seen", guild_id)
        return self.known(guild_id)

    def blocking(self, user_id: int) -> frozenset[int]:
        """The servers whose managers blocked this person, as last seen."""
        return frozenset(
            guild_id
            for guild_id, seen in self._known.items()
            if user_id in seen.settings.blocked_user_ids
        )

    async def change(
        self, guild_id: int, changes: Changes, *, by_user_id: int
    ) -> ServerSettings | None:
        """Change a server's decisions at once; None when they could not be written."""
        try:
            # One at a time, so that they are taken in as they were written.
            async with self._changing:
                changed = await self._store.change(
                    guild_id, changes, by_user_id=by_user_id, at=self._clock.now()
                )
                self._learn(guild_id, _Seen(changed, next(self._moments)))
        except StoreUnavailable:
            logger.exception("server %d's settings could not be written", guild_id)
            return None
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

    def unread(self) -> Mapping[int, ServerSettings]:
        """The servers that are paused because their decisions cannot be read, as last seen."""
        return {
            guild_id: seen.settings
            for guild_id, seen in self._known.items()
            if seen.settings.is_unread and guild_id != EVERYWHERE
        }

    def heard_of(self, guild_id: str) -> None:
        """Another process changed a server's decisions: read them before anybody asks."""
        reading = asyncio.create_task(self.current(int(guild_id)), name=f"news of {guild_id}")
        self._readings.add(reading)
        reading.add_done_callback(self._readings.discard)

    def _learn(self, guild_id: int, seen: _Seen) -> None:
        known = self._known.get(guild_id)
        if known is None or known.as_of < seen.as_of:
            self._known[guild_id] = seen
