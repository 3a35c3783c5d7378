"""Who pays: the operator's RunComfy key, or one that a server's managers gave for their server."""

from dataclasses import dataclass
from typing import Protocol


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
