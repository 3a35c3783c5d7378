"""The keys that pay: which one where, and the rendering service behind each."""

from bot.generation.keys import OperatorPays, PayingKey
from bot.generation.outcomes import (
    CancelOutcome,
    FailureReason,
    Refused,
    Sighting,
    SubmitOutcome,
    Unanswered,
)
from bot.generation.ports import Provider
from bot.generation.request import GenerationRequest

_GONE = "its key is not there any more"


class Keyless:
    """Stands in for a key that is gone: buys nothing, and has no verdict about what it bought."""

    async def submit(self, request: GenerationRequest) -> SubmitOutcome:
        """Refuse: nobody would pay."""
        del request
        return Refused(FailureReason.KEY_REFUSED)

    async def look(self, request_id: str) -> Sighting:
        """Say nothing about it."""
        del request_id
        return Unanswered(_GONE)

    async def cancel(self, request_id: str) -> CancelOutcome:
        """Say nothing about it."""
        del request_id
        return Unanswered(_GONE)


class KeyRing:
    """Fulfils `Providers` and `PayingKeys`."""

    def __init__(self, *, operator: Provider) -> None:
        self._operator = operator

    async def of(self, key_id: int | None) -> Provider:
        """The service with that key."""
        return self._operator if key_id is None else Keyless()

    async def paying_in(self, guild_id: int | None) -> PayingKey:
        """Who pays for a new wish there."""
        del guild_id
        return OperatorPays()
