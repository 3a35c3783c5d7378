"""The use cases around servers' own keys: checked for free, kept sealed, removable."""

import logging

from pydantic import SecretStr

from bot.domain.keys import (
    KEY_MAX_CHARS,
    KEY_MIN_CHARS,
    TAIL_CHARS,
    CheckKey,
    GiveOutcome,
    KeyGiven,
    KeyNotTaken,
    KeyStore,
    Sealing,
    ServerKey,
)
from bot.domain.ports import Clock, StoreUnavailable
from bot.features.key_ring import KeepSecret, KeyRing

logger = logging.getLogger(__name__)


class KeyDesk:
    """Fulfils `ServerKeys`."""

    def __init__(
        self,
        *,
        store: KeyStore,
        sealing: Sealing,
        check: CheckKey,
        keyring: KeyRing,
        keep_secret: KeepSecret,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sealing = sealing
        self._check = check
        self._keyring = keyring
        self._keep_secret = keep_secret
        self._clock = clock

    @property
    def are_offered(self) -> bool:
        """Whether servers may give keys at all."""
        return self._sealing.is_possible

    async def of_server(self, guild_id: int) -> ServerKey | None:
        """The key that a server has now.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        return await self._store.current(guild_id)

    async def give(self, guild_id: int, key: SecretStr, *, by_user_id: int) -> GiveOutcome:
        """Check a key without spending anything, and make it the server's."""
        if not self.are_offered:
            return KeyNotTaken.NOT_OFFERED
        plain = key.get_secret_value().strip()
        if not is_well_formed(plain):
            return KeyNotTaken.MALFORMED
        key = SecretStr(plain)
        # Before it goes anywhere that could go wrong.
        self._keep_secret(key)
        checked = await self._check(key)
        if isinstance(checked, KeyNotTaken):
            return checked
        try:
            former = await self._store.current(guild_id)
            given = await self._store.replace(
                guild_id,
                sealed=self._sealing.seal(key, guild_id=guild_id),
                tail=plain[-TAIL_CHARS:],
                by_user_id=by_user_id,
                at=self._clock.now(),
            )
        except StoreUnavailable:
            logger.exception("the key of server %d could not be written", guild_id)
            return KeyNotTaken.STORE_DOWN
        if former is not None:
            self._keyring.forget(former.id)
        return KeyGiven(given, checked.left_microusd)

    async def remove(self, guild_id: int, *, by_user_id: int) -> ServerKey | None:
        """Take the server's key from it; None when it has none.

        Raises:
            StoreUnavailable: nothing was changed.
        """
        removed = await self._store.remove(guild_id, by_user_id=by_user_id, at=self._clock.now())
        if removed is not None:
            self._keyring.forget(removed.id)
        return removed


def is_well_formed(key: str) -> bool:
    """Whether a header can carry it, and nobody has pasted something else altogether."""
    return (
        KEY_MIN_CHARS <= len(key) <= KEY_MAX_CHARS
        and key.isascii()
        and key.isprintable()
        and " " not in key
    )
