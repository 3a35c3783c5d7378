"""Who pays: the operator's RunComfy key, or one that a server's managers gave for their server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from pydantic import SecretStr

from bot.domain.denied import Denied
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
    """Which key pays where: `KeyRing`, and `OneKey` in tests."""

    async def paying_in(self, guild_id: int | None) -> PayingKey:
        """Who pays for a new video there, None being direct messages.

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
    """All that may be known of a server's key; its secret is kept encrypted, beside it."""

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
    """A key with its encrypted secret; None once that was erased."""

    key: ServerKey
    encrypted: str | None


# --- what managers may do ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """RunComfy takes the key; what is left on its account, if it said."""

    left_microusd: int | None


class KeyRefusal(StrEnum):
    """Why a key was not kept."""

    NOT_OFFERED = "not_offered"
    """The operator gave the bot no secret to encrypt keys with."""
    MALFORMED = "malformed"
    REFUSED = "refused"
    """RunComfy does not know it."""
    SILENT = "silent"
    """RunComfy gave no usable answer, so nothing is known about the key."""


KeyAnswer = KeyTaken | Denied[KeyRefusal]
CheckKey = Callable[[SecretStr], Awaitable[KeyAnswer]]
"""Asks the service about a key, for free."""
