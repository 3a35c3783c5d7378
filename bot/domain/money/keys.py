"""Who pays: the operator's RunComfy key, or the key that a server's managers gave."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import SecretStr

from bot.domain.denied import Denied
from bot.domain.outcomes import FailureReason

TAIL_CHARS: Final = 4
"""How much of a key may be shown, so that its managers can tell it from others."""
KEY_MIN_CHARS: Final = 12
"""A shorter text is no key, and its tail would reveal too much of it."""
KEY_MAX_CHARS: Final = 200


# --- who pays where ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OperatorPays:
    """The server has no key of its own."""


@dataclass(frozen=True, slots=True)
class ServerPays:
    """The server's own key pays; the operator's caps do not count it."""

    key_id: int


@dataclass(frozen=True, slots=True)
class KeyBroken:
    """The server's own key is no longer accepted: nothing is bought until it is replaced."""


PayingKey = OperatorPays | ServerPays | KeyBroken


# --- whether a job may still be bought with its key ---------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyUsable:
    """It is the server's current key."""


@dataclass(frozen=True, slots=True)
class KeyReplaced:
    """The server has another key now: unsent jobs are sent with that one."""

    key_id: int


@dataclass(frozen=True, slots=True)
class KeyUnusable:
    """It buys nothing any more."""

    failure: FailureReason


KeyStanding = KeyUsable | KeyReplaced | KeyUnusable


# --- what is kept -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerKey:
    """What may be known of a server's key; its encrypted secret is stored separately."""

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
    """A key with its encrypted secret; None once the secret was erased."""

    key: ServerKey
    encrypted: str | None


# --- what managers may do ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """RunComfy accepts the key; with the account's balance, if RunComfy told it."""

    left_microusd: int | None


class KeyRefusal(StrEnum):
    """Why a key was not stored."""

    NOT_OFFERED = "not_offered"
    """The operator configured no secret for encrypting keys."""
    MALFORMED = "malformed"
    REFUSED = "refused"
    """RunComfy does not know the key."""
    SILENT = "silent"
    """RunComfy gave no usable answer, so the key could not be checked."""


KeyAnswer = KeyTaken | Denied[KeyRefusal]
CheckKey = Callable[[SecretStr], Awaitable[KeyAnswer]]
"""Checks a key with the service, free of charge."""
