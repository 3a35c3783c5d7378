"""The keys that pay: which one pays where, and the rendering service behind each."""

import logging
from collections.abc import Awaitable, Callable
from typing import ClassVar

from pydantic import SecretStr

from bot.domain.generation.request import GenerationRequest
from bot.domain.money.keys import (
    KeyBroken,
    KeyReplaced,
    KeyStanding,
    KeyUnusable,
    KeyUsable,
    OperatorPays,
    PayingKey,
    ServerKey,
    ServerPays,
)
from bot.domain.outages import unless_away
from bot.domain.outcomes import (
    CancelledThere,
    CancelOutcome,
    Failed,
    FailureReason,
    NotSent,
    Sighting,
    StillQueued,
    StillRendering,
    SubmitOutcome,
    SubmitRefused,
    Succeeded,
    Unanswered,
)
from bot.domain.ports import NO_FRAMES, Clock, Frames, Provider
from bot.features.servers.server_keys import KeepSecret, KeyEncryption, KeyRows

logger = logging.getLogger(__name__)

Connect = Callable[[SecretStr], Provider]
"""The service behind a key, over the existing connections."""
TellOfBrokenKey = Callable[[ServerKey], Awaitable[None]]
"""Tells a server's managers that their key is refused; never raises because of Discord."""


class _NoKey:
    """Buys nothing, and knows nothing about what was bought."""

    why: ClassVar[str]

    async def look(self, request_id: str) -> Sighting:
        """Say nothing about it."""
        del request_id
        return Unanswered(self.why, key_refused=True)

    async def cancel(self, request_id: str) -> CancelOutcome:
        """Say nothing about it."""
        del request_id
        return Unanswered(self.why, key_refused=True)


class Keyless(_NoKey):
    """Stands in for a key that is gone."""

    why = "its key is gone"

    async def submit(self, request: GenerationRequest, frames: Frames = NO_FRAMES) -> SubmitOutcome:
        """Refuse: no key would pay."""
        del request, frames
        return SubmitRefused(FailureReason.KEY_REFUSED)


class KeyUnread(_NoKey):
    """Stands in for a key while the database does not answer: everything may be retried."""

    why = "its key can't be read now"

    async def submit(self, request: GenerationRequest, frames: Frames = NO_FRAMES) -> SubmitOutcome:
        """Say that nothing left this machine."""
        del request, frames
        return NotSent()


class WatchedKey:
    """The service with one server's key; notices when the key is refused.

    A paid request may outlive the key that bought it: if that key is refused, the server's current
    key is asked, which may belong to the same account. Only a definite answer of it counts.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        refused: Callable[[], Awaitable[None]],
        successor: Callable[[], Awaitable[Provider | None]],
    ) -> None:
        self._provider = provider
        self._refused = refused
        self._successor = successor

    async def submit(self, request: GenerationRequest, frames: Frames = NO_FRAMES) -> SubmitOutcome:
        """Buy one generation; the caller records the outcome before anything else."""
        return await self._provider.submit(request, frames)

    async def look(self, request_id: str) -> Sighting:
        """Poll the request's state."""
        sighting = await self._provider.look(request_id)
        if not (isinstance(sighting, Unanswered) and sighting.key_refused):
            return sighting
        await self._refused()
        successor = await self._successor()
        if successor is None:
            return sighting
        match found := await successor.look(request_id):
            case StillQueued() | StillRendering() | Succeeded() | Failed() | CancelledThere():
                return found
            case _:
                # A key of another account does not know the request, which is not lost by that.
                return sighting

    async def cancel(self, request_id: str) -> CancelOutcome:
        """Ask the service to cancel."""
        return await self._provider.cancel(request_id)


class KeyRing:
    """Holds the keys in use."""

    def __init__(
        self,
        *,
        operator: Provider,
        keys: KeyRows,
        encryption: KeyEncryption,
        connect: Connect,
        keep_secret: KeepSecret,
        clock: Clock,
    ) -> None:
        self._operator = operator
        self._keys = keys
        self._encryption = encryption
        self._connect = connect
        self._keep_secret = keep_secret
        self._clock = clock
        self._tell: TellOfBrokenKey | None = None
        self._opened: dict[int, Provider] = {}
        self._found_invalid: set[int] = set()

    def report_to(self, tell: TellOfBrokenKey) -> None:
        """Call this when a key turns invalid; it needs Discord, which needs this ring."""
        self._tell = tell

    async def load(self) -> None:
        """Re-encrypt all keys with the current secret; log how many cannot be decrypted.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        kept = await self._keys.all_encrypted()
        unreadable = 0
        for one in kept:
            assert one.encrypted is not None  # noqa: S101 - all of these are
            if self._encryption.decrypt(one.encrypted, guild_id=one.key.guild_id) is None:
                unreadable += 1
            elif (after := self._encryption.renewed(one.encrypted)) is not None:
                await self._keys.re_encrypt(one.key.id, before=one.encrypted, after=after)
        if unreadable:
            logger.error(
                "can't decrypt %d of %d servers' keys: SECRET_KEY lacks the secret they were "
                "encrypted with. Put it back; until then the bot buys nothing in those servers",
                unreadable,
                len(kept),
            )

    async def of(self, key_id: int | None) -> Provider:
        """The service with that key."""
        if key_id is None:
            return self._operator
        said = f"couldn't read server key {key_id}"
        return await unless_away(self._provider_of(key_id), KeyUnread(), said)

    async def paying_in(self, guild_id: int | None) -> PayingKey:
        """The key that pays for a new video there.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        key = None if guild_id is None else await self._keys.current(guild_id)
        if key is None:
            return OperatorPays()
        if key.broken_at is not None or isinstance(await self._provider_of(key.id), Keyless):
            return KeyBroken()
        return ServerPays(key.id)

    async def with_keys(self) -> frozenset[int]:
        """The servers that have a key of their own, accepted or not.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        return await self._keys.servers_with_keys()

    async def standing(self, key_id: int) -> KeyStanding:
        """Whether a key can still buy anything.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        kept = await self._keys.get(key_id)
        if kept is None:
            return KeyUnusable(FailureReason.KEY_REMOVED)
        if kept.key.removed_at is None:
            broken = kept.key.broken_at is not None
            return KeyUnusable(FailureReason.KEY_REFUSED) if broken else KeyUsable()
        present = await self._keys.current(kept.key.guild_id)
        if present is None:
            return KeyUnusable(FailureReason.KEY_REMOVED)
        return KeyReplaced(present.id)

    async def turned_invalid(self, key_id: int) -> None:
        """Pause the server whose key the service refuses, and tell its managers, once."""
        if key_id in self._found_invalid or isinstance(self._opened.get(key_id), Keyless | None):
            # Known already; or the service never saw it, because it cannot be decrypted.
            return
        said = f"RunComfy refuses server key {key_id}; couldn't note that"
        key = await unless_away(self._broken(key_id), None, said, level=logging.ERROR)
        if key is None:
            return
        logger.warning("RunComfy refuses the key of server %d; pausing that server", key.guild_id)
        if self._tell is not None:
            await self._tell(key)

    async def _broken(self, key_id: int) -> ServerKey | None:
        """Write down that it is refused; None if that was done before."""
        at = self._clock.now()
        key = await self._keys.break_key(key_id, why=FailureReason.KEY_REFUSED, at=at)
        self._found_invalid.add(key_id)
        return key

    def forget(self, key_id: int) -> None:
        """Drop a replaced or removed key; what still needs it reads it again."""
        self._opened.pop(key_id, None)

    async def _provider_of(self, key_id: int) -> Provider:
        known = self._opened.get(key_id)
        if known is None:
            self._opened[key_id] = known = await self._open(key_id)
        return known

    async def _open(self, key_id: int) -> Provider:
        kept = await self._keys.get(key_id)
        if kept is None or kept.encrypted is None:
            return Keyless()
        secret = self._encryption.decrypt(kept.encrypted, guild_id=kept.key.guild_id)
        if secret is None:
            return Keyless()
        self._keep_secret(secret)
        return WatchedKey(
            self._connect(secret),
            refused=lambda: self.turned_invalid(key_id),
            successor=lambda: unless_away(
                self._successor(key_id, kept.key.guild_id),
                None,
                f"couldn't read the successor of server key {key_id}",
            ),
        )

    async def _successor(self, key_id: int, guild_id: int) -> Provider | None:
        present = await self._keys.current(guild_id)
        if present is None or present.id == key_id:
            return None
        return await self._provider_of(present.id)
