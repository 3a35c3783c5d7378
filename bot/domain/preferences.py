"""What a person chose for themselves, and wishes that wait for their word about the price."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Protocol

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.request import DURATION_MAX_S, DURATION_MIN_S, Aspect, GenerationRequest

QUESTION_LIFE: Final = timedelta(minutes=15)
"""How long a question about the price may be answered: as long as Discord lets us take it away."""
ASK_ABOVE_CHOICES_MICROUSD: Final = (0, 500_000, 1_000_000, 1_500_000, 2_000_000)
"""The sums above which people can be asked first; the dearest video costs $2.52."""


class Notify(StrEnum):
    """How somebody is told that their video is ready."""

    MENTION = "mention"
    DIRECT = "direct"
    NONE = "none"


class Preferences(BaseModel):
    """One person's choices; None leaves it to Discord or to the model, as everybody begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notify: Notify | None = None
    """How they hear of results; None leaves it to the server in which they asked."""
    language: Annotated[str | None, Field(max_length=16)] = None
    aspect: Aspect | None = None
    duration_s: Annotated[int | None, Field(ge=DURATION_MIN_S, le=DURATION_MAX_S)] = None
    sound: bool | None = None
    ask_above_microusd: Annotated[int | None, Field(ge=0)] = None
    """The sum above which they are asked before anything is bought; None asks never."""

    @property
    def defaults(self) -> dict[str, object]:
        """What stands in for options that were left out, by the fields of GenerationRequest."""
        chosen = {"aspect": self.aspect, "duration_s": self.duration_s, "sound": self.sound}
        return {option: value for option, value in chosen.items() if value is not None}

    def wants_to_be_asked(self, estimate_microusd: int) -> bool:
        """Whether so large a sum is asked about first."""
        return self.ask_above_microusd is not None and estimate_microusd > self.ask_above_microusd


class PendingWish(BaseModel):
    """A checked request whose price waits for a yes: nothing is reserved, posted or bought."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    interaction_id: int
    """The command's own id: the job that comes of it carries it, so it can be bought once only."""
    requester_id: int
    request: GenerationRequest
    private: bool
    spoiler: bool = False
    asked_at: datetime

    @property
    def expires_at(self) -> datetime:
        """From then on it cannot be confirmed any more."""
        return self.asked_at + QUESTION_LIFE


class PreferenceStore(Protocol):
    """What people chose, kept.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def of(self, user_id: int) -> Preferences:
        """One person's choices."""
        ...

    async def everybody(self) -> Mapping[int, Preferences]:
        """The choices of all who ever made any, by their ids."""
        ...

    async def change(self, user_id: int, changes: Mapping[str, object]) -> Preferences:
        """Write only the choices that `changes` names; all of them, as they stand then."""
        ...


class PendingStore(Protocol):
    """Wishes that wait for a word, kept over restarts.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def hold(self, pending: PendingWish) -> None:
        """Keep one in place of its former self."""
        ...

    async def held(self, interaction_id: int) -> PendingWish | None:
        """One that waits, expired or not."""
        ...

    async def take(self, pending: PendingWish, *, now: datetime) -> bool:
        """Take one away for good; False when another press was first, or its time is over."""
        ...


class NotifyChoices(Protocol):
    """How people want to be told, for whoever tells them."""

    async def notify_of(self, user_id: int, guild_id: int | None) -> Notify:
        """How somebody is to hear of their video there; at most two reads, never an error."""
        ...


class People(Protocol):
    """What commands and cards may ask about people and let them change."""

    def known(self, user_id: int) -> Preferences:
        """Somebody's choices as they were last read or written here; waits for nothing."""
        ...

    async def current(self, user_id: int) -> Preferences:
        """Somebody's choices, read anew if the database answers soon, else as known."""
        ...

    async def change(self, user_id: int, changes: Mapping[str, object]) -> Preferences | None:
        """Change somebody's choices; None when they could not be written.

        Raises:
            pydantic.ValidationError: there is no such choice.
        """
        ...

    async def hold(self, pending: PendingWish) -> bool:
        """Keep a wish until its price is confirmed; False when it could not be written."""
        ...

    async def held(self, interaction_id: int, by_user_id: int) -> PendingWish | None:
        """A wish of theirs that can still be confirmed.

        Raises:
            StoreUnavailable: the database cannot be reached now.
        """
        ...

    async def take(self, pending: PendingWish) -> bool:
        """Take a wish for confirming or forgetting it: of all presses, one is told True.

        Raises:
            StoreUnavailable: the database cannot be written now.
        """
        ...
