"""Who pays: the operator's RunComfy key, or one that a server's managers gave for their server."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from pydantic import SecretStr

from bot.domain.outcomes import FailureReason

TAIL_CHARS: Final = 4
"""How much of a key is ever shown again, so that its givers can tell it from others."""
KEY_MIN_CHARS: Final = 12
"""Shorter is no key, and its tail would give too much of it away."""
KEY_MAX_CHARS: Final = 200


# --- who pays where ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OperatorPays:
    """The server has no key of its own."""


@dataclass(frozen=True, slots=True)
class ServerPays:
    """The server's own key pays, and the operator's caps do not count it."""

    key_id: int


@dataclass(frozen=True, slots=True)
class KeyBroken:
    """The server's own key is no longer accepted: nothing is bought there until it is replaced."""


PayingKey = OperatorPays | ServerPays | KeyBroken


class PayingKeys(Protocol):
    """Which key pays where."""

    async def paying_in(self, guild_id: int | None) -> PayingKey:
        """Who pays for a new wish there, None being direct messages.

        Raises:
            StoreUnavailable: it cannot be known now, and so nobody pays.
        """
        ...

    async def with_keys(self) -> frozenset[int]:
        """The servers that have a key of their own, accepted or not.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        ...


# --- whether a job may still be bought with its key ---------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyUsable:
    """It is its server's present key."""


@dataclass(frozen=True, slots=True)
class KeyReplaced:
    """The server has another key by now: what was not sent yet is sent with that one."""

    key_id: int


@dataclass(frozen=True, slots=True)
class KeyUnusable:
    """Nothing is bought with it any more."""

    failure: FailureReason


KeyStanding = KeyUsable | KeyReplaced | KeyUnusable


# --- what is kept -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerKey:
    """All that may be known of a server's key; its secret is kept sealed, beside it."""

    id: int
    guild_id: int
    tail: str
    """Its last characters."""
    set_by: int
    set_at: datetime
    removed_at: datetime | None = None
    """When it was removed or replaced."""
    broken_at: datetime | None = None
    broken_why: FailureReason | None = None


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key with its sealed secret; None once that was erased."""

    key: ServerKey
    sealed: str | None


class Sealing(Protocol):
    """Encrypts keys, so that a copy of the database gives none of them away."""

    @property
    def is_possible(self) -> bool:
        """Whether there is a secret to encrypt with."""
        ...

    def seal(self, key: SecretStr, *, guild_id: int) -> str:
        """The key as it is kept; it opens for this server alone.

        Raises:
            ValueError: there is nothing to encrypt with.
        """
        ...

    def open(self, sealed: str, *, guild_id: int) -> SecretStr | None:
        """The key; None where no secret fits, or somebody has changed what was kept."""
        ...

    def renewed(self, sealed: str) -> str | None:
        """The same under the present secret; None where it is already, or cannot be opened."""
        ...


class KeyStore(Protocol):
    """Servers' keys, kept sealed. Every change is written with its trail in one transaction.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def current(self, guild_id: int) -> ServerKey | None:
        """The key that a server has now."""
        ...

    async def get(self, key_id: int) -> KeptKey | None:
        """A key, also one that was replaced or removed."""
        ...

    async def servers_with_keys(self) -> frozenset[int]:
        """The servers that have a key of their own now."""
        ...

    async def replace(
        self, guild_id: int, *, sealed: str, tail: str, by_user_id: int, at: datetime
    ) -> ServerKey:
        """Make this the server's key, in place of the one it may have."""
        ...

    async def remove(self, guild_id: int, *, by_user_id: int, at: datetime) -> ServerKey | None:
        """Take the server's key from it; None when it has none.

        Its secret is erased at once, or with the end of the last job that needs it.
        """
        ...

    async def break_key(self, key_id: int, *, why: FailureReason, at: datetime) -> ServerKey | None:
        """Write down that a server's present key is no longer accepted; None if it stands so."""
        ...

    async def all_sealed(self) -> Sequence[KeptKey]:
        """All keys whose secrets are there."""
        ...

    async def reseal(self, key_id: int, *, before: str, after: str) -> bool:
        """Replace a sealed secret, if it still is as it was read."""
        ...


# --- what managers may do ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """RunComfy takes the key; what is left on its account, if it said."""

    left_microusd: int | None


class KeyNotTaken(StrEnum):
    """Why a key was not kept."""

    NOT_OFFERED = "not_offered"
    """Whoever runs the bot gave it no secret to encrypt keys with."""
    MALFORMED = "malformed"
    REFUSED = "refused"
    """RunComfy does not know it."""
    SILENT = "silent"
    """RunComfy gave no usable answer, so nothing is known about the key."""
    STORE_DOWN = "store_down"


CheckKey = Callable[[SecretStr], Awaitable[KeyTaken | KeyNotTaken]]
"""Asks the service about a key, for free."""


@dataclass(frozen=True, slots=True)
class KeyGiven:
    """It is the server's key from here on."""

    key: ServerKey
    left_microusd: int | None


GiveOutcome = KeyGiven | KeyNotTaken


class ServerKeys(Protocol):
    """What commands may ask about a server's own key, and let its managers change."""

    @property
    def are_offered(self) -> bool:
        """Whether servers may give keys at all."""
        ...

    async def of_server(self, guild_id: int) -> ServerKey | None:
        """The key that a server has now.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        ...

    async def give(self, guild_id: int, key: SecretStr, *, by_user_id: int) -> GiveOutcome:
        """Check a key without spending anything, and make it the server's."""
        ...

    async def remove(self, guild_id: int, *, by_user_id: int) -> ServerKey | None:
        """Take the server's key from it; None when it has none.

        Raises:
            StoreUnavailable: nothing was changed.
        """
        ...


class Managers(Protocol):
    """Reaches those who manage a server."""

    async def key_broke(self, key: ServerKey) -> None:
        """Tell them that their key is no longer accepted; never raises for what Discord does."""
        ...
